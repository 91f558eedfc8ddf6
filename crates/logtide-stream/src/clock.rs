//! The server's clock.

use std::time::SystemTime;

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
}

impl ServerClock {
    /// The server's clock has just been told.
    pub(crate) fn told(millis: i64) -> Self {
        Self { told_at: Instant::now(), millis }
    }

    /// This machine's clock, as long as the server has not told its own.
    pub(crate) fn local() -> Self {
        Self::told(Timestamp::from(SystemTime::now()).as_micros().div_euclid(1_000))
    }

    /// The one of two that was told last.
    pub(crate) fn latest(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        one.into_iter().chain(other).max_by_key(|clock| clock.told_at)
    }

    pub(crate) fn at(&self, instant: Instant) -> i64 {
        let millis = |nanos: u128| i64::try_from(nanos / 1_000_000).unwrap_or(i64::MAX);
        match instant.checked_duration_since(self.told_at) {
            Some(after) => self.millis.saturating_add(millis(after.as_nanos())),
            None => {
                // Rounded up: a start that is late by a part of a millisecond makes what was logged in that part old.
                let before = self.told_at.duration_since(instant).as_nanos();
                self.millis.saturating_sub(millis(before.saturating_add(999_999)))
            }
        }
    }

    pub(crate) fn now(&self) -> i64 {
        self.at(Instant::now())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_never_ahead_of_the_server_by_any_part_of_a_millisecond(
            told in 10_000_000_000u64..10_010_000_000,
            after in -5_000_000i64..5_000_000,
        ) {
            let (told_at, epoch) = (Instant::now(), Duration::from_nanos(told));
            let told = ServerClock { told_at, millis: i64::try_from(epoch.as_millis()).unwrap() };
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
        let clock = ServerClock::told(10_000);
        tokio::time::advance(Duration::from_millis(1_500)).await;
        assert_eq!((clock.now(), clock.at(before)), (11_500, 9_750));
    }
}
