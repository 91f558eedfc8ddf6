//! Stacks of log calls: captured by the call, read as text by a thread of their own.

mod process;
mod resolver;

use std::{
    backtrace::{Backtrace, BacktraceStatus},
    fmt::Write as _,
    sync::{Arc, OnceLock, atomic::Ordering},
};

use logtide_core::{Record, Stacktrace};

use self::process::{Process, alone};
pub(crate) use self::{
    process::call_hook,
    resolver::{Resolver, is_resolver_thread},
};
use crate::unwind;

/// Stacks of errors that the process holds at most, a few kilobytes each. An error beyond that has the place of its log call alone.
const MAX_HELD: usize = 1_000;

/// The stack of a log call. It holds addresses until it is resolved. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Stack(Arc<Captured>);

#[derive(Debug)]
struct Captured {
    backtrace: Backtrace,
    /// What the backtrace displays as; empty where that was given up.
    text: OnceLock<String>,
    /// Which holds this.
    process: &'static Process,
}

impl Stack {
    /// The stack of the calling thread, for an error. None where too many are held, and in a child that was forked off while a thread
    /// of its parent used the standard library's lock.
    #[cold]
    pub(crate) fn of_error() -> Option<Self> {
        let held = Process::current().held.load(Ordering::Relaxed);
        if held < MAX_HELD { Self::capture() } else { None }
    }

    /// The stack of the calling thread, which panics. None in such a child.
    #[cold]
    pub(crate) fn of_panic() -> Option<Self> {
        Self::capture()
    }

    fn capture() -> Option<Self> {
        let backtrace = alone(Backtrace::force_capture)?;
        (backtrace.status() == BacktraceStatus::Captured).then(|| {
            let process = Process::current();
            process.held.fetch_add(1, Ordering::Relaxed);
            Self(Arc::new(Captured { backtrace, text: OnceLock::new(), process }))
        })
    }

    /// Looks the names up, which takes a hundred times as long as to capture the stack, and reads files.
    pub(crate) fn resolve(&self) {
        self.0.resolve();
    }

    /// Whether [`Stack::attach`] has what it needs.
    pub(crate) fn is_resolved(&self) -> bool {
        self.0.text.get().is_some()
    }

    /// The record with the frames of this stack, or `None` where there are none to attach. A stack that is not resolved has none.
    #[cold]
    pub(crate) fn attach(&self, record: Record<'_>) -> Option<Vec<u8>> {
        Stacktrace::parse(self.0.text.get()?).attach(record)
    }
}

impl Captured {
    fn resolve(&self) {
        self.text.get_or_init(|| {
            let mut text = String::new();
            // A Display that fails leaves what it wrote until then.
            let _ = alone(|| unwind::catch(|| write!(text, "{}", self.backtrace)));
            text
        });
    }

    fn give_up(&self) {
        let _ = self.text.set(String::new());
    }
}

impl Drop for Captured {
    fn drop(&mut self) {
        self.process.held.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_is_busy_with_a_stack_takes_no_other() {
        assert!(alone(Stack::of_panic).expect("it is not busy").is_none());
        assert!(Stack::of_error().is_some());
    }

    #[test]
    fn the_process_holds_a_thousand_stacks_of_errors_and_those_of_panics() {
        let held: Vec<_> = std::iter::from_fn(Stack::of_error).take(2 * MAX_HELD).collect();
        assert!((1..=MAX_HELD).contains(&held.len()), "{}", held.len());
        assert!(Stack::of_error().is_none());
        assert!(Stack::of_panic().is_some());
        drop(held);
        assert!(Stack::of_error().is_some());
    }
}
