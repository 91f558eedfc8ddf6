//! The monotonic time of the driver.

use std::time::Duration;

/// A time of the driver's clock: microseconds since an origin that the driver chooses.
///
/// The pipeline never reads a clock: the driver passes the time. Tests and simulations start at [`Tick::ZERO`]. 64
/// bits of microseconds last for half a million years, so arithmetic saturates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tick(u64);

impl Tick {
    /// The driver's origin.
    pub const ZERO: Self = Self(0);

    /// The latest time.
    pub(crate) const MAX: Self = Self(u64::MAX);

    /// The time this many microseconds after the origin.
    #[must_use]
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// Microseconds since the origin.
    #[must_use]
    pub const fn as_micros(self) -> u64 {
        self.0
    }

    /// The time after a duration, at most the latest time.
    #[must_use]
    pub fn after(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(micros(duration)))
    }

    /// The time before a duration, at least the origin.
    #[must_use]
    pub fn before(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(micros(duration)))
    }

    /// The duration since an earlier time. Zero if it is not earlier.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(self.0.saturating_sub(earlier.0))
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_saturates() {
        assert_eq!(Tick::from_micros(5).after(Duration::MAX).as_micros(), u64::MAX);
        assert_eq!(Tick::from_micros(5).before(Duration::from_secs(1)), Tick::ZERO);
        assert_eq!(Tick::from_micros(5).since(Tick::from_micros(9)), Duration::ZERO);
        assert_eq!(Tick::from_micros(9).since(Tick::from_micros(5)), Duration::from_micros(4));
    }
}
