//! Delays between attempts.

use std::time::Duration;

use logtide_core::Backoff;
use tokio::time::Instant;

/// A connection that lasted this long resets the delay.
const STABLE_AFTER: Duration = Duration::from_secs(60);

/// The lower bound of every delay, whatever the options say: a zero delay would keep the SDK's thread busy.
const MIN_DELAY: Duration = Duration::from_millis(10);

/// Delays between connections. They grow with each attempt until a connection stays up for a minute.
#[derive(Debug)]
pub(crate) struct ReconnectBackoff {
    backoff: Backoff,
    max: Duration,
    attempt: u32,
    connected_at: Option<Instant>,
}

impl ReconnectBackoff {
    pub(crate) fn new(base: Duration, max: Duration) -> Self {
        Self { backoff: seeded(base), max, attempt: 0, connected_at: None }
    }

    /// Records that a connection was established.
    pub(crate) fn connected(&mut self) {
        self.connected_at = Some(Instant::now());
    }

    /// Returns how long to wait after a failed attempt or a lost connection.
    pub(crate) fn delay(&mut self) -> Duration {
        if self.connected_at.take().is_some_and(|since| since.elapsed() >= STABLE_AFTER) {
            self.attempt = 0;
        }
        let delay = self.backoff.delay(self.attempt).min(self.max).max(MIN_DELAY);
        self.attempt = self.attempt.saturating_add(1);
        delay
    }
}

/// Creates a backoff with a random seed, so that clients that lost the same server do not reconnect in step.
pub(crate) fn seeded(base: Duration) -> Backoff {
    Backoff::new(base, seed())
}

#[cfg(not(test))]
fn seed() -> u64 {
    use std::hash::{BuildHasher as _, RandomState};

    RandomState::new().hash_one(0_u8)
}

/// The simulation seeds this generator, so that its runs can be repeated.
#[cfg(test)]
fn seed() -> u64 {
    fastrand::u64(..)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: Duration = Duration::from_millis(500);
    const MAX: Duration = Duration::from_secs(30);

    #[test]
    fn no_delay_is_zero() {
        assert_eq!(ReconnectBackoff::new(Duration::ZERO, Duration::ZERO).delay(), MIN_DELAY);
    }

    #[tokio::test(start_paused = true)]
    async fn delays_grow_to_the_maximum_and_reset_only_after_a_stable_connection() {
        let mut backoff = ReconnectBackoff::new(BASE, MAX);
        let mut last = Duration::ZERO;
        for _ in 0..8 {
            let delay = backoff.delay();
            assert!(delay > last || delay == MAX, "{delay:?} after {last:?}");
            last = delay;
        }
        assert_eq!(last, MAX);

        backoff.connected();
        tokio::time::advance(STABLE_AFTER - Duration::from_millis(1)).await;
        assert_eq!(backoff.delay(), MAX);

        backoff.connected();
        tokio::time::advance(STABLE_AFTER).await;
        let delay = backoff.delay();
        assert!((BASE..=BASE.mul_f64(1.25)).contains(&delay), "{delay:?}");
    }
}
