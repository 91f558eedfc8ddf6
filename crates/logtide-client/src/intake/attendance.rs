//! Whether somebody collects what is left.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// Says whether there is a worker, so that a log call that finds none starts one. Asking costs one load, of a cache line that
/// changes only when workers come and go.
#[derive(Debug)]
#[repr(align(128))]
pub(crate) struct Attendance(AtomicU64);

const THERE: u64 = u64::MAX;
const MISSING: u64 = u64::MAX - 1;

/// How long the system is left alone after it had no thread for a worker, in nanoseconds.
const RETRY: u64 = Duration::from_millis(250).as_nanos() as u64;

impl Attendance {
    /// Whether a caller at that time, in nanoseconds since 1970, should look after the worker.
    #[inline]
    pub(crate) fn is_needed(&self, time: u64) -> bool {
        match self.0.load(Ordering::SeqCst) {
            THERE => false,
            MISSING => true,
            // Either way: the clock may have been set back.
            failed => failed.abs_diff(time) >= RETRY,
        }
    }

    pub(crate) fn is_missing(&self) -> bool {
        self.0.load(Ordering::SeqCst) == MISSING
    }

    /// A worker is about to be there, or none is needed.
    pub(crate) fn arrive(&self) -> Arrival<'_> {
        self.0.store(THERE, Ordering::SeqCst);
        Arrival(Some(self))
    }

    /// The worker is gone.
    pub(crate) fn left(&self) {
        self.0.store(MISSING, Ordering::SeqCst);
    }

    /// None could be started at that time.
    pub(crate) fn failed(&self, time: u64) {
        self.0.store(time.min(MISSING - 1), Ordering::SeqCst);
    }
}

/// A worker that is being started. Where that panics there is none.
#[must_use]
pub(crate) struct Arrival<'a>(Option<&'a Attendance>);

impl Arrival<'_> {
    pub(crate) fn stays(mut self) {
        self.0 = None;
    }
}

impl Drop for Arrival<'_> {
    fn drop(&mut self) {
        if let Some(attendance) = self.0 {
            attendance.left();
        }
    }
}

impl Default for Attendance {
    fn default() -> Self {
        Self(AtomicU64::new(MISSING))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_that_cannot_start_is_asked_for_again_after_a_while() {
        let attendance = Attendance::default();
        assert!(attendance.is_needed(0) && attendance.is_missing());
        attendance.failed(10 * RETRY);
        let needed =
            [10 * RETRY, 11 * RETRY - 1, 11 * RETRY, 5 * RETRY].map(|time| attendance.is_needed(time));
        assert_eq!(needed, [false, false, true, true]);
        drop(attendance.arrive());
        assert!(attendance.is_missing(), "the start panicked");
        attendance.arrive().stays();
        assert!(!attendance.is_needed(u64::MAX) && !attendance.is_missing());
        attendance.left();
        assert!(attendance.is_needed(10 * RETRY));
    }
}
