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

/// The hooks that run on a thread, by their addresses: as many as hooks of other clients may log inside of each other.
type Marks = Cell<[usize; 3]>;

thread_local! {
    static RUNNING: Marks = const { Cell::new([0; 3]) };
    static BREADCRUMB_RUNNING: Marks = const { Cell::new([0; 3]) };
}

/// Whether this hook runs on this thread. Entries that the hook logs do not pass through it, to avoid endless recursion.
pub(crate) fn is_running(hook: &BeforeSend) -> bool {
    has_mark(&RUNNING, address(hook))
}

pub(crate) fn call(hook: &BeforeSend, entry: LogEntry) -> HookResult {
    let _running = Running::start(&RUNNING, address(hook));
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
        let own = address(&hook.call);
        if has_mark(&BREADCRUMB_RUNNING, own) || is_logging_panic() {
            return None;
        }
        let _running = Running::start(&BREADCRUMB_RUNNING, own);
        catch(|| (hook.call)(breadcrumb)).unwrap_or_else(|panic| {
            hook.panic.note();
            panic.resume()
        })
    })
}

/// Where a hook lies, which no other does.
fn address<T: ?Sized>(hook: &Arc<T>) -> usize {
    Arc::as_ptr(hook).cast::<()>().addr()
}

/// Whether a hook runs, or so many others that none may.
fn has_mark(marks: &'static LocalKey<Marks>, hook: usize) -> bool {
    let marks = marks.try_with(Cell::get).unwrap_or_default();
    marks.contains(&hook) || !marks.contains(&0)
}

/// A mark of the calling thread, removed when this is dropped.
struct Running {
    marks: &'static LocalKey<Marks>,
    before: [usize; 3],
}

impl Running {
    fn start(marks: &'static LocalKey<Marks>, hook: usize) -> Self {
        let before = marks.try_with(Cell::get).unwrap_or_default();
        let mut with = before;
        if let Some(free) = with.iter_mut().find(|mark| **mark == 0) {
            *free = hook;
        }
        let _ = marks.try_with(|marks| marks.set(with));
        Self { marks, before }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.marks.try_with(|marks| marks.set(self.before));
    }
}
