//! Closing a pipeline.

use std::time::Duration;

use crate::Tick;

/// The times of the attempts while a pipeline closes.
///
/// The first attempt is made at once, further ones after each failure with growing delays, and the last one just
/// before the deadline. An attempt that would be after the deadline becomes the last one. The circuit breaker and
/// pauses beyond the deadline are ignored.
#[derive(Clone, Copy, Debug)]
pub(super) struct Closing {
    pub(super) deadline: Tick,
    /// When the rest is written to the spool.
    #[cfg(feature = "spool")]
    write_at: Tick,
    /// When the last attempt is made.
    last_attempt: Tick,
    /// Nothing is sent before this time.
    not_before: Tick,
    /// The number of consecutive failures.
    pub(super) failures: u32,
}

/// How long before the deadline the last attempt is made. For a short close, an eighth of its duration.
const LAST_ATTEMPT: Duration = Duration::from_millis(500);

impl Closing {
    /// Starts to close. `paused_until` is the end of a pause that the server asked for.
    pub(super) fn new(deadline: Tick, paused_until: Tick, now: Tick) -> Self {
        let last_attempt = deadline.before(LAST_ATTEMPT.min(deadline.since(now) / 8));
        let not_before = if paused_until <= last_attempt { paused_until.max(now) } else { now };
        Self {
            #[cfg(feature = "spool")]
            write_at: deadline.before(deadline.since(now) / 2),
            deadline,
            last_attempt,
            not_before,
            failures: 0,
        }
    }

    /// When the next attempt may be made.
    pub(super) const fn ready_at(&self) -> Tick {
        self.not_before
    }

    /// When the rest is written to the spool.
    #[cfg(feature = "spool")]
    pub(super) const fn write_at(&self) -> Tick {
        self.write_at
    }

    /// When the last attempt is made, even next to a request that hangs.
    pub(super) const fn last_attempt(&self) -> Tick {
        self.last_attempt
    }

    /// Records a failed attempt and the delay that it asks for.
    pub(super) fn failed(&mut self, delay: Duration, now: Tick) {
        self.failures = self.failures.saturating_add(1);
        let next = now.after(delay);
        self.not_before = if next <= self.last_attempt {
            next
        } else if now < self.last_attempt {
            self.last_attempt
        } else {
            self.deadline
        };
    }

    /// Records that the server works.
    pub(super) const fn succeeded(&mut self, now: Tick) {
        self.failures = 0;
        self.not_before = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_pause_within_the_deadline_is_obeyed_and_a_longer_one_is_not() {
        let deadline = Tick::ZERO.after(5 * SECOND);
        let paused_until = Tick::ZERO.after(2 * SECOND);
        assert_eq!(Closing::new(deadline, paused_until, Tick::ZERO).ready_at(), paused_until);
        assert_eq!(Closing::new(deadline, deadline, Tick::ZERO).ready_at(), Tick::ZERO);
    }

    #[test]
    fn the_last_attempt_comes_just_before_the_deadline() {
        let deadline = Tick::ZERO.after(4 * SECOND);
        let mut closing = Closing::new(deadline, Tick::ZERO, Tick::ZERO);
        closing.failed(SECOND, Tick::ZERO);
        assert_eq!(closing.ready_at(), Tick::ZERO.after(SECOND));
        closing.failed(60 * SECOND, closing.ready_at());
        assert_eq!(closing.ready_at(), deadline.before(SECOND / 2));
        closing.failed(Duration::ZERO, closing.ready_at());
        assert_eq!(closing.ready_at(), deadline.before(SECOND / 2));
        closing.failed(SECOND, closing.ready_at());
        assert_eq!(closing.ready_at(), deadline);
        closing.succeeded(deadline.before(SECOND / 4));
        assert_eq!(closing.ready_at(), deadline.before(SECOND / 4));
    }
}
