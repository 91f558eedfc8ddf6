//! Calls of the application's `before_send` and `before_breadcrumb`.

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    thread::LocalKey,
};

use logtide_core::LogEntry;

use crate::{
    client::is_logging_panic,
    options::{BeforeSend, BreadcrumbHook},
};

/// What the hook made of an entry.
#[derive(Debug)]
pub(crate) enum Verdict {
    Send(LogEntry),
    Drop,
    Panicked,
}

thread_local! {
    static RUNNING: Cell<bool> = const { Cell::new(false) };
    static BREADCRUMB_RUNNING: Cell<bool> = const { Cell::new(false) };
}

/// Whether a hook runs on this thread: what it logs does not pass through it, for that would never end.
pub(crate) fn is_running() -> bool {
    RUNNING.try_with(Cell::get).unwrap_or(false)
}

pub(crate) fn call(hook: &BeforeSend, entry: LogEntry) -> Verdict {
    let _running = Running::start(&RUNNING);
    match catch_unwind(AssertUnwindSafe(|| hook(entry))) {
        Ok(Some(entry)) => Verdict::Send(entry),
        Ok(None) => Verdict::Drop,
        Err(_) => Verdict::Panicked,
    }
}

/// A `before_breadcrumb` that drops what it adds itself, for that would never end, and what comes while a panic is logged: a panic of it
/// would end the process.
pub(crate) fn guard_breadcrumbs(hook: BreadcrumbHook) -> BreadcrumbHook {
    Arc::new(move |breadcrumb| {
        if BREADCRUMB_RUNNING.try_with(Cell::get).unwrap_or(false) || is_logging_panic() {
            return None;
        }
        let _running = Running::start(&BREADCRUMB_RUNNING);
        hook(breadcrumb)
    })
}

/// A mark of the calling thread, which is taken back when this is dropped.
struct Running(&'static LocalKey<Cell<bool>>);

impl Running {
    fn start(mark: &'static LocalKey<Cell<bool>>) -> Self {
        let _ = mark.try_with(|running| running.set(true));
        Self(mark)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.try_with(|running| running.set(false));
    }
}
