//! Calls of the application's `before_send`.

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
};

use logtide_core::LogEntry;

use crate::options::BeforeSend;

/// What the hook made of an entry.
#[derive(Debug)]
pub(crate) enum Verdict {
    Send(LogEntry),
    Drop,
    Panicked,
}

thread_local! {
    static RUNNING: Cell<bool> = const { Cell::new(false) };
}

/// Whether a hook runs on this thread: what it logs does not pass through it, for that would never end.
pub(crate) fn is_running() -> bool {
    RUNNING.try_with(Cell::get).unwrap_or(false)
}

pub(crate) fn call(hook: &BeforeSend, entry: LogEntry) -> Verdict {
    let _running = Running::start();
    match catch_unwind(AssertUnwindSafe(|| hook(entry))) {
        Ok(Some(entry)) => Verdict::Send(entry),
        Ok(None) => Verdict::Drop,
        Err(_) => Verdict::Panicked,
    }
}

struct Running;

impl Running {
    fn start() -> Self {
        let _ = RUNNING.try_with(|running| running.set(true));
        Self
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = RUNNING.try_with(|running| running.set(false));
    }
}
