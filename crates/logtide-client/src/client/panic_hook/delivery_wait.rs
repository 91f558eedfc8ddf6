//! How long panicking threads wait.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Limits how long panicking threads wait for a client to deliver.
///
/// Threads that wait at the same time share the deadline of the first. After a wait in which nothing was delivered, no
/// thread waits until something is delivered.
#[derive(Debug, Default)]
pub(super) struct DeliveryWait(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    waiting: usize,
    /// The deadline of the waiting threads.
    deadline: Option<Instant>,
    /// The number of delivered entries when the first of them started to wait.
    before: u64,
    /// The number of delivered entries at the end of a wait in which nothing was delivered.
    stalled_at: Option<u64>,
}

impl DeliveryWait {
    /// Begins a wait and returns its deadline, or `None` if waiting is pointless. Every wait must be
    /// [ended](Self::end).
    pub(super) fn begin(&self, now: Instant, timeout: Duration, delivered: u64) -> Option<Instant> {
        let mut state = self.lock();
        if state.stalled_at == Some(delivered) {
            return None;
        }
        if state.waiting == 0 {
            (state.deadline, state.before) = (Some(now + timeout), delivered);
        }
        state.waiting += 1;
        state.deadline
    }

    pub(super) fn end(&self, now: Instant, delivered: u64) {
        let mut state = self.lock();
        state.waiting -= 1;
        let is_over = state.deadline.is_some_and(|deadline| deadline <= now);
        state.stalled_at = (is_over && delivered == state.before).then_some(delivered);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMEOUT: Duration = Duration::from_secs(2);

    fn seconds(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    #[test]
    fn after_a_wait_without_delivery_no_thread_waits_until_something_is_delivered() {
        let (wait, start) = (DeliveryWait::default(), Instant::now());
        assert_eq!(wait.begin(start, TIMEOUT, 7), Some(seconds(start, 2)));
        wait.end(seconds(start, 2), 7);
        for later in [2, 60, 3_600] {
            assert_eq!(wait.begin(seconds(start, later), TIMEOUT, 7), None, "after {later} s");
        }
        let later = seconds(start, 3_601);
        assert_eq!(wait.begin(later, TIMEOUT, 8), Some(later + TIMEOUT));
        wait.end(later, 9);
        assert_eq!(wait.begin(later, TIMEOUT, 9), Some(later + TIMEOUT));
    }

    #[test]
    fn a_wait_that_delivers_something_or_ends_early_does_not_stop_later_waits() {
        let (wait, start) = (DeliveryWait::default(), Instant::now());
        assert!(wait.begin(start, TIMEOUT, 0).is_some());
        wait.end(seconds(start, 2), 1);
        assert!(wait.begin(seconds(start, 3), TIMEOUT, 1).is_some());
        wait.end(seconds(start, 3), 1);
        assert!(wait.begin(seconds(start, 4), TIMEOUT, 1).is_some());
    }

    #[test]
    fn threads_that_wait_at_once_have_one_deadline() {
        let (wait, start) = (DeliveryWait::default(), Instant::now());
        let deadline = wait.begin(start, TIMEOUT, 0);
        assert_eq!(wait.begin(seconds(start, 1), TIMEOUT, 0), deadline);
        assert_eq!(wait.begin(seconds(start, 2), TIMEOUT, 0), deadline);
        for _ in 0..3 {
            wait.end(seconds(start, 2), 0);
        }
        assert_eq!(wait.begin(seconds(start, 2), TIMEOUT, 0), None);
    }
}
