//! The thread that resolves symbols.

use std::{
    cell::Cell,
    collections::VecDeque,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    thread,
};

use tokio::sync::Notify;

use super::{Captured, Stack};

/// Resolves stacks one after the other, on a thread that lives while there are any. Stacks that were dropped are
/// skipped.
#[derive(Debug, Default)]
pub(crate) struct Resolver(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    queue: Mutex<Queue>,
    resolved: Notify,
}

#[derive(Debug, Default)]
struct Queue {
    stacks: VecDeque<Weak<Captured>>,
    has_thread: bool,
}

thread_local! {
    static IS_RESOLVER: Cell<bool> = const { Cell::new(false) };
}

/// Whether the calling thread is a resolver. Its log calls have no frames.
pub(crate) fn is_resolver_thread() -> bool {
    IS_RESOLVER.get()
}

impl Resolver {
    /// Queues a stack. If no thread can be started, it and all queued stacks stay unresolved.
    pub(crate) fn resolve(&self, stack: &Stack) {
        if stack.is_resolved() {
            return;
        }
        let mut queue = self.0.lock();
        queue.stacks.push_back(Arc::downgrade(&stack.0));
        if queue.has_thread {
            return;
        }
        queue.has_thread = start(self.0.clone()).is_ok();
        if !queue.has_thread {
            queue.stacks.drain(..).filter_map(|stack| stack.upgrade()).for_each(|stack| stack.give_up());
        }
    }

    /// A resolver that never resolves anything.
    #[cfg(test)]
    pub(crate) fn paused() -> Self {
        let resolver = Self::default();
        resolver.0.lock().has_thread = true;
        resolver
    }

    /// Waits until a stack was resolved since the last call.
    pub(crate) async fn resolved(&self) {
        self.0.resolved.notified().await;
    }
}

impl Shared {
    fn run(&self) {
        IS_RESOLVER.set(true);
        while let Some(stack) = self.next() {
            if let Some(stack) = stack.upgrade() {
                stack.resolve();
                self.resolved.notify_one();
            }
        }
    }

    fn next(&self) -> Option<Weak<Captured>> {
        let mut queue = self.lock();
        let next = queue.stacks.pop_front();
        // Under the lock, so that a later stack starts a thread.
        queue.has_thread = next.is_some();
        next
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn start(shared: Arc<Shared>) -> io::Result<()> {
    thread::Builder::new().name("logtide-frames".to_owned()).spawn(move || shared.run()).map(drop)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use logtide_transport::Driver;
    use tokio::time::timeout;

    use super::*;

    const TIMEOUT: Duration = Duration::from_secs(30);

    #[test]
    fn stacks_are_resolved_on_a_thread_that_ends_when_there_are_none() {
        let resolver = Arc::new(Resolver::default());
        for _ in 0..3 {
            let stacks: Vec<_> = std::iter::repeat_with(Stack::of_panic).take(5).flatten().collect();
            stacks.iter().for_each(|stack| resolver.resolve(stack));
            let (waiting, last) = (resolver.clone(), stacks[4].clone());
            let wait = async move {
                while !last.is_resolved() {
                    waiting.resolved().await;
                }
            };
            let driver = Driver::new();
            driver.run_blocking(TIMEOUT, wait).expect("it is resolved in time");
            assert!(stacks.iter().all(Stack::is_resolved), "one after the other");
            while resolver.0.lock().has_thread {
                thread::yield_now();
            }
        }
    }

    #[test]
    fn a_dropped_stack_is_skipped() {
        let resolver = Resolver::paused();
        resolver.resolve(&Stack::of_panic().expect("a stack"));
        resolver.0.run();
        let driver = Driver::new();
        let is_resolved = async move { timeout(Duration::ZERO, resolver.resolved()).await.is_ok() };
        assert!(!driver.run_blocking(TIMEOUT, is_resolved).expect("it ends"), "nothing was resolved");
    }
}
