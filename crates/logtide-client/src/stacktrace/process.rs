//! What all stacks of a process have in common.

use std::{
    cell::Cell,
    sync::{
        LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use logtide_transport::PerProcess;

/// The stacks of this process, and who uses the standard library's lock on stacks.
#[derive(Debug, Default)]
pub(super) struct Process {
    /// Stacks that are held.
    pub(super) held: AtomicUsize,
    /// Threads that hold the lock, or may.
    inside: AtomicUsize,
    /// A thread of the parent was inside at the fork, so the lock may stay locked for ever.
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

    /// Does some work that takes the lock, unless that would wait for ever.
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

/// Does some work of which a thread does one at a time: the standard library allocates meanwhile under a lock of the process, and an
/// allocator that logs an error would wait for its own thread.
pub(super) fn alone<R>(work: impl FnOnce() -> R) -> Option<R> {
    if IS_BUSY.replace(true) {
        return None;
    }
    let result = Process::current().lock(work);
    IS_BUSY.set(false);
    result
}

/// Calls a panic hook that is not the SDK's. That of the standard library takes the lock; where that would wait for ever, none is called.
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
