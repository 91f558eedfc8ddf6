//! How long to wait before the connection is made anew.

use std::time::Duration;

use logtide_core::Backoff;
use tokio::time::Instant;

use crate::seed::seed;

/// A connection that lasted so long was a good one.
const GOOD_WHILE: Duration = Duration::from_secs(60);

/// However short a delay is asked for: the thread has other work too.
const MIN_DELAY: Duration = Duration::from_millis(10);

/// Delays that grow from attempt to attempt, until a connection lasts.
#[derive(Debug)]
pub(super) struct Patience {
    backoff: Backoff,
    max: Duration,
    attempt: u32,
    connected_at: Option<Instant>,
}

impl Patience {
    pub(super) fn new(base: Duration, max: Duration) -> Self {
        Self { backoff: Backoff::new(base, seed()), max, attempt: 0, connected_at: None }
    }

    /// The connection stands.
    pub(super) fn succeeded(&mut self) {
        self.connected_at = Some(Instant::now());
    }

    /// There is no connection, or no longer one: says how long to wait.
    pub(super) fn delay(&mut self) -> Duration {
        if self.connected_at.take().is_some_and(|since| since.elapsed() >= GOOD_WHILE) {
            self.attempt = 0;
        }
        let delay = self.backoff.delay(self.attempt).min(self.max).max(MIN_DELAY);
        self.attempt = self.attempt.saturating_add(1);
        delay
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: Duration = Duration::from_millis(500);
    const MAX: Duration = Duration::from_secs(30);

    #[test]
    fn no_delay_is_zero() {
        assert_eq!(Patience::new(Duration::ZERO, Duration::ZERO).delay(), MIN_DELAY);
    }

    #[tokio::test(start_paused = true)]
    async fn delays_grow_to_the_maximum_and_begin_again_only_after_a_good_while() {
        let mut patience = Patience::new(BASE, MAX);
        let mut last = Duration::ZERO;
        for _ in 0..8 {
            let delay = patience.delay();
            assert!(delay > last || delay == MAX, "{delay:?} after {last:?}");
            last = delay;
        }
        assert_eq!(last, MAX);

        patience.succeeded();
        tokio::time::advance(GOOD_WHILE - Duration::from_millis(1)).await;
        assert_eq!(patience.delay(), MAX);

        patience.succeeded();
        tokio::time::advance(GOOD_WHILE).await;
        let delay = patience.delay();
        assert!((BASE..=BASE.mul_f64(1.25)).contains(&delay), "{delay:?}");
    }
}
