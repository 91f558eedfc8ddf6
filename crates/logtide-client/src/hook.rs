//! Calls of the application's `before_send` and `before_breadcrumb`.

use std::{
    cell::Cell,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::LocalKey,
};

use logtide_core::{LogEntry, bridge::catch};

use crate::{
    client::is_logging_panic,
    options::{BeforeSend, BreadcrumbFn, BreadcrumbHook},
    unwind,
};

/// The result of the hook.
#[derive(Debug)]
pub(crate) enum HookResult {
    Send(LogEntry),
    Drop,
    Panicked,
}

thread_local! {
    static RUNNING: Cell<bool> = const { Cell::new(false) };
    static BREADCRUMB_RUNNING: Cell<bool> = const { Cell::new(false) };
}

/// Whether a hook runs on this thread. Entries that the hook logs do not pass through it, to avoid endless recursion.
pub(crate) fn is_running() -> bool {
    RUNNING.try_with(Cell::get).unwrap_or(false)
}

pub(crate) fn call(hook: &BeforeSend, entry: LogEntry) -> HookResult {
    let _running = Running::start(&RUNNING);
    match unwind::catch(|| hook(entry)) {
        Some(Some(entry)) => HookResult::Send(entry),
        Some(None) => HookResult::Drop,
        None => HookResult::Panicked,
    }
}

/// Whether a hook panicked, which is reported once.
#[derive(Debug, Default)]
pub(crate) struct HookPanic {
    happened: AtomicBool,
    reported: AtomicBool,
}

impl HookPanic {
    fn note(&self) {
        self.happened.store(true, Ordering::Relaxed);
    }

    /// Returns whether to report it at this time.
    pub(crate) fn take(&self) -> bool {
        self.happened.load(Ordering::Relaxed) && !self.reported.swap(true, Ordering::Relaxed)
    }
}

/// Guards a `before_breadcrumb` hook. It drops breadcrumbs that the hook adds itself, to avoid endless recursion. It
/// also drops those added while a panic is logged, since a panic of the hook would abort the process. Any other panic
/// is recorded and resumed.
pub(crate) fn guard_breadcrumbs(hook: BreadcrumbHook) -> BreadcrumbFn {
    Arc::new(move |breadcrumb| {
        if BREADCRUMB_RUNNING.try_with(Cell::get).unwrap_or(false) || is_logging_panic() {
            return None;
        }
        let _running = Running::start(&BREADCRUMB_RUNNING);
        catch(|| (hook.call)(breadcrumb)).unwrap_or_else(|panic| {
            hook.panic.note();
            panic.resume()
        })
    })
}

/// A mark of the calling thread, removed when this is dropped.
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
