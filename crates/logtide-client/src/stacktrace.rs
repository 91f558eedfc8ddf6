//! Stacks of log calls, which are captured by the call and resolved on a separate thread.

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

/// The maximum number of stacks in the process, a few kilobytes each. Further errors have only the location of their
/// log call.
const MAX_HELD: usize = 1_000;

/// The stack of a log call. It holds addresses until it is resolved. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Stack(Arc<Captured>);

#[derive(Debug)]
struct Captured {
    backtrace: Backtrace,
    /// The `Display` form of the backtrace. Empty if it was given up.
    text: OnceLock<String>,
    /// The process state that counts this stack.
    process: &'static Process,
}

impl Stack {
    /// Captures the stack of the calling thread, for an error. `None` if there are too many, and in a child that was
    /// forked while a thread of its parent used the standard library's lock.
    #[cold]
    pub(crate) fn of_error() -> Option<Self> {
        let held = Process::current().held.load(Ordering::Relaxed);
        if held < MAX_HELD { Self::capture() } else { None }
    }

    /// Captures the stack of the calling thread, which panics. `None` in a child that was forked while a thread of its
    /// parent used the standard library's lock.
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

    /// Resolves the symbols, which takes a hundred times as long as capturing the stack, and reads files.
    pub(crate) fn resolve(&self) {
        self.0.resolve();
    }

    /// Whether [`Stack::attach`] has what it needs.
    pub(crate) fn is_resolved(&self) -> bool {
        self.0.text.get().is_some()
    }

    /// Returns the record with the frames of this stack, or `None` if there are none. An unresolved stack has none.
    #[cold]
    pub(crate) fn attach(&self, record: Record<'_>) -> Option<Vec<u8>> {
        Stacktrace::parse(self.0.text.get()?).attach(record)
    }
}

impl Captured {
    fn resolve(&self) {
        self.text.get_or_init(|| {
            let mut text = String::new();
            // If `Display` fails, the text up to that point is kept.
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
