//! Whether there is a worker.

use std::time::Duration;

use crate::sync::atomic::{AtomicU64, Ordering};

/// Whether there is a worker. A log call that finds none starts one. The check costs one load of a cache line that
/// changes only when workers start and end.
#[derive(Debug)]
#[repr(align(128))]
pub(crate) struct WorkerState(AtomicU64);

const RUNNING: u64 = u64::MAX;
const MISSING: u64 = u64::MAX - 1;

/// How long to wait after the system could not create a thread for a worker, in nanoseconds.
const RETRY: u64 = Duration::from_millis(250).as_nanos() as u64;

impl WorkerState {
    /// Whether a caller should start a worker at this time, in nanoseconds since 1970.
    #[inline]
    pub(crate) fn is_needed(&self, time: u64) -> bool {
        match self.0.load(Ordering::SeqCst) {
            RUNNING => false,
            MISSING => true,
            // In both directions, because the clock may have been set back.
            failed => failed.abs_diff(time) >= RETRY,
        }
    }

    /// Whether there is a worker, or none is needed.
    pub(crate) fn is_running(&self) -> bool {
        self.0.load(Ordering::SeqCst) == RUNNING
    }

    pub(crate) fn is_missing(&self) -> bool {
        self.0.load(Ordering::SeqCst) == MISSING
    }

    /// Whether the last attempt to start a worker failed.
    pub(crate) fn has_failed(&self) -> bool {
        !matches!(self.0.load(Ordering::SeqCst), RUNNING | MISSING)
    }

    /// Records that a worker is about to start, or that none is needed.
    pub(crate) fn starting(&self) -> Starting<'_> {
        self.0.store(RUNNING, Ordering::SeqCst);
        Starting(Some(self))
    }

    /// Records that the worker has ended.
    pub(crate) fn ended(&self) {
        self.0.store(MISSING, Ordering::SeqCst);
    }

    /// Records that no worker could be started at this time.
    pub(crate) fn failed(&self, time: u64) {
        self.0.store(time.min(MISSING - 1), Ordering::SeqCst);
    }
}

/// A worker that is being started. If that panics, there is none.
#[must_use]
pub(crate) struct Starting<'a>(Option<&'a WorkerState>);

impl Starting<'_> {
    pub(crate) fn done(mut self) {
        self.0 = None;
    }
}

impl Drop for Starting<'_> {
    fn drop(&mut self) {
        if let Some(state) = self.0 {
            state.ended();
        }
    }
}

impl Default for WorkerState {
    fn default() -> Self {
        Self(AtomicU64::new(MISSING))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_that_cannot_start_is_asked_for_again_after_a_while() {
        let state = WorkerState::default();
        assert!(state.is_needed(0) && state.is_missing());
        state.failed(10 * RETRY);
        let needed = [10 * RETRY, 11 * RETRY - 1, 11 * RETRY, 5 * RETRY].map(|time| state.is_needed(time));
        assert_eq!(needed, [false, false, true, true]);
        drop(state.starting());
        assert!(state.is_missing(), "the start panicked");
        state.starting().done();
        assert!(!state.is_needed(u64::MAX) && !state.is_missing());
        state.ended();
        assert!(state.is_needed(10 * RETRY));
    }
}
