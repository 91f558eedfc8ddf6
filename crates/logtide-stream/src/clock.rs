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
        let millis = |duration: Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        match instant.checked_duration_since(self.told_at) {
            Some(after) => self.millis.saturating_add(millis(after)),
            None => self.millis.saturating_sub(millis(self.told_at.duration_since(instant))),
        }
    }

    pub(crate) fn now(&self) -> i64 {
        self.at(Instant::now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_goes_on_from_what_was_told_and_reaches_back() {
        let before = Instant::now();
        tokio::time::advance(Duration::from_millis(250)).await;
        let clock = ServerClock::told(10_000);
        tokio::time::advance(Duration::from_millis(1_500)).await;
        assert_eq!((clock.now(), clock.at(before)), (11_500, 9_750));
    }
}
