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
pub(crate) enum Verdict {
    Send(LogEntry),
    Drop,
    Panicked,
}

thread_local! {
    static RUNNING: Cell<bool> = const { Cell::new(false) };
    static BREADCRUMB_RUNNING: Cell<bool> = const { Cell::new(false) };
}

/// Whether a hook runs on this thread. What the hook logs does not pass through it, to avoid an endless recursion.
pub(crate) fn is_running() -> bool {
    RUNNING.try_with(Cell::get).unwrap_or(false)
}

pub(crate) fn call(hook: &BeforeSend, entry: LogEntry) -> Verdict {
    let _running = Running::start(&RUNNING);
    match unwind::catch(|| hook(entry)) {
        Some(Some(entry)) => Verdict::Send(entry),
        Some(None) => Verdict::Drop,
        None => Verdict::Panicked,
    }
}

/// Whether a hook panicked, which is reported once.
#[derive(Debug, Default)]
pub(crate) struct HookPanic {
    happened: AtomicBool,
    told: AtomicBool,
}

impl HookPanic {
    fn note(&self) {
        self.happened.store(true, Ordering::Relaxed);
    }

    /// Whether to report it now.
    pub(crate) fn take(&self) -> bool {
        self.happened.load(Ordering::Relaxed) && !self.told.swap(true, Ordering::Relaxed)
    }
}

/// A `before_breadcrumb` that drops breadcrumbs that it adds itself, to avoid an endless recursion, and those that
/// come while a panic is logged, because its own panic would end the process. Any other panic is recorded and
/// resumed.
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
