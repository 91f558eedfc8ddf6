//! The monotonic time of whoever drives the pipeline.

use std::time::Duration;

/// A moment on the driver's clock: microseconds since an origin of its own choosing.
///
/// The pipeline never reads a clock. A driver passes its time in, and tests and simulations start at [`Tick::ZERO`].
/// 64 bits of microseconds last for half a million years, so arithmetic saturates rather than fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tick(u64);

impl Tick {
    /// The driver's origin.
    pub const ZERO: Self = Self(0);

    /// The end of time.
    pub(crate) const MAX: Self = Self(u64::MAX);

    /// The moment so many microseconds after the origin.
    #[must_use]
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// Microseconds since the origin.
    #[must_use]
    pub const fn as_micros(self) -> u64 {
        self.0
    }

    /// The moment a duration later, at most the end of time.
    #[must_use]
    pub fn after(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(micros(duration)))
    }

    /// The moment a duration earlier, at least the origin.
    #[must_use]
    pub fn before(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(micros(duration)))
    }

    /// The time that passed since an earlier moment, zero when it is not earlier.
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
