//! The server's clock.

use std::time::{Duration, SystemTime};

use logtide_core::Timestamp;
use tokio::time::Instant;

/// An estimate of the server's clock, in milliseconds since 1970, extrapolated from one observation.
///
/// The estimate is behind the server's clock by the latency of the observation, and never ahead. That is the safe side:
/// what is read from a time on is read from a little earlier.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ServerClock {
    observed_at: Instant,
    millis: i64,
    /// How far the estimate may be behind, in milliseconds.
    behind: i64,
}

impl ServerClock {
    /// The server sent its time, which has just arrived after at most `within`.
    pub(crate) fn observed(millis: i64, within: Duration) -> Self {
        Self { observed_at: Instant::now(), millis, behind: whole_millis(within) }
    }

    /// This machine's clock, for as long as the server's is not known.
    pub(crate) fn local() -> Self {
        Self::observed(Timestamp::from(SystemTime::now()).as_micros().div_euclid(1_000), Duration::ZERO)
    }

    /// What the server's clock shows at an instant.
    pub(crate) fn at(&self, instant: Instant) -> i64 {
        match instant.checked_duration_since(self.observed_at) {
            Some(after) => self.millis.saturating_add(whole_millis(after)),
            None => {
                // Rounded up: a start that is late by a fraction of a millisecond would exclude what was logged in that fraction.
                let before =
                    self.observed_at.duration_since(instant).saturating_add(Duration::from_nanos(999_999));
                self.millis.saturating_sub(whole_millis(before))
            }
        }
    }

    /// What the server's clock shows at present.
    pub(crate) fn now(&self) -> i64 {
        self.at(Instant::now())
    }

    /// The latest time that the server's clock may show at present.
    pub(crate) fn now_at_most(&self) -> i64 {
        self.now().saturating_add(self.behind)
    }
}

fn whole_millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_never_ahead_of_the_server_by_a_fraction_of_a_millisecond(
            observed in 10_000_000_000u64..10_010_000_000,
            after in -5_000_000i64..5_000_000,
        ) {
            let (observed_at, epoch) = (Instant::now(), Duration::from_nanos(observed));
            let clock = ServerClock { observed_at, millis: i64::try_from(epoch.as_millis()).unwrap(), behind: 0 };
            let distance = Duration::from_nanos(after.unsigned_abs());
            let (instant, server) = match after < 0 {
                true => (observed_at - distance, epoch - distance),
                false => (observed_at + distance, epoch + distance),
            };
            // An entry's time is truncated to a millisecond.
            let entry = i64::try_from(server.as_millis()).unwrap();
            prop_assert!((entry - 2..=entry).contains(&clock.at(instant)), "{} for {entry}", clock.at(instant));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn it_extrapolates_forwards_and_backwards() {
        let before = Instant::now();
        tokio::time::advance(Duration::from_millis(250)).await;
        let clock = ServerClock::observed(10_000, Duration::from_millis(40));
        tokio::time::advance(Duration::from_millis(1_500)).await;
        assert_eq!((clock.now(), clock.at(before), clock.now_at_most()), (11_500, 9_750, 11_540));
    }
}
