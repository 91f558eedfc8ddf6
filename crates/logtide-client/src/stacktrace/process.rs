//! The shared state of all stacks of a process.

use std::{
    cell::Cell,
    sync::{
        LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use logtide_transport::PerProcess;

/// The number of stacks of this process, and the users of the standard library's lock.
#[derive(Debug, Default)]
pub(super) struct Process {
    /// The number of stacks.
    pub(super) held: AtomicUsize,
    /// The number of threads that hold the lock, or may.
    inside: AtomicUsize,
    /// A thread of the parent may have held the lock at the fork, so it may stay locked forever.
    is_locked: bool,
}

static PROCESS: LazyLock<PerProcess<Process>> =
    LazyLock::new(|| PerProcess::new(Process::default(), Process::of_child));

thread_local! {
    static IS_BUSY: Cell<bool> = const { Cell::new(false) };
}

impl Process {
    pub(super) fn current() -> &'static Self {
        PROCESS.get()
    }

    fn of_child(parents: &Self) -> Self {
        let is_locked = parents.is_locked || parents.inside.load(Ordering::SeqCst) > 0;
        Self { is_locked, ..Self::default() }
    }

    /// Runs code that takes the lock, unless that would block forever.
    fn lock<R>(&self, work: impl FnOnce() -> R) -> Option<R> {
        if self.is_locked {
            return None;
        }
        self.inside.fetch_add(1, Ordering::SeqCst);
        let _inside = Inside(self);
        Some(work())
    }
}

/// A thread that may hold the lock.
struct Inside<'a>(&'a Process);

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        self.0.inside.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Runs code that a thread must not nest. The standard library allocates under a lock of the process, and an allocator
/// that logs an error would wait for its own thread.
pub(super) fn alone<R>(work: impl FnOnce() -> R) -> Option<R> {
    if IS_BUSY.replace(true) {
        return None;
    }
    let result = Process::current().lock(work);
    IS_BUSY.set(false);
    result
}

/// Calls a panic hook other than the SDK's. The standard library's hook takes the lock. If that would block forever,
/// no hook is called.
pub(crate) fn call_hook(hook: impl FnOnce()) {
    Process::current().lock(hook);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_uses_no_lock_that_its_parent_may_have_held() {
        let parent = Process::default();
        assert_eq!(Process::of_child(&parent).lock(|| 7), Some(7));
        let child = parent.lock(|| Process::of_child(&parent)).expect("nobody holds it");
        assert_eq!(child.lock(|| 7), None);
        assert_eq!(Process::of_child(&child).lock(|| 7), None, "nor does its own child");
        assert_eq!(Process::of_child(&parent).lock(|| 7), Some(7));
    }
}
