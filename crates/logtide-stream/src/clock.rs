//! The server's clock.

use std::time::{Duration, SystemTime};

use logtide_core::Timestamp;
use tokio::time::Instant;

/// What the server's clock says, in milliseconds since 1970, reckoned from a moment at which it was told.
///
/// It is behind by the time that the telling took, which is the safe side: what is read from a time on is read from a
/// little earlier.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ServerClock {
    told_at: Instant,
    millis: i64,
    /// How far behind it may be, in milliseconds.
    behind: i64,
}

impl ServerClock {
    /// The server's clock has just been told, and that took no longer than this.
    pub(crate) fn told(millis: i64, within: Duration) -> Self {
        Self { told_at: Instant::now(), millis, behind: whole_millis(within) }
    }

    /// This machine's clock, as long as the server has not told its own.
    pub(crate) fn local() -> Self {
        Self::told(Timestamp::from(SystemTime::now()).as_micros().div_euclid(1_000), Duration::ZERO)
    }

    pub(crate) fn at(&self, instant: Instant) -> i64 {
        match instant.checked_duration_since(self.told_at) {
            Some(after) => self.millis.saturating_add(whole_millis(after)),
            None => {
                // Rounded up: a start that is late by a part of a millisecond makes what was logged in that part old.
                let before =
                    self.told_at.duration_since(instant).saturating_add(Duration::from_nanos(999_999));
                self.millis.saturating_sub(whole_millis(before))
            }
        }
    }

    pub(crate) fn now(&self) -> i64 {
        self.at(Instant::now())
    }

    /// The latest that the server's clock may show now.
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
        fn it_is_never_ahead_of_the_server_by_any_part_of_a_millisecond(
            told in 10_000_000_000u64..10_010_000_000,
            after in -5_000_000i64..5_000_000,
        ) {
            let (told_at, epoch) = (Instant::now(), Duration::from_nanos(told));
            let told = ServerClock { told_at, millis: i64::try_from(epoch.as_millis()).unwrap(), behind: 0 };
            let distance = Duration::from_nanos(after.unsigned_abs());
            let (instant, server) = match after < 0 {
                true => (told_at - distance, epoch - distance),
                false => (told_at + distance, epoch + distance),
            };
            // An entry of this moment carries its time cut to a millisecond.
            let entry = i64::try_from(server.as_millis()).unwrap();
            prop_assert!((entry - 2..=entry).contains(&told.at(instant)), "{} for {entry}", told.at(instant));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn it_goes_on_from_what_was_told_and_reaches_back() {
        let before = Instant::now();
        tokio::time::advance(Duration::from_millis(250)).await;
        let clock = ServerClock::told(10_000, Duration::from_millis(40));
        tokio::time::advance(Duration::from_millis(1_500)).await;
        assert_eq!((clock.now(), clock.at(before), clock.now_at_most()), (11_500, 9_750, 11_540));
    }
}
