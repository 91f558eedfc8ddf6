//! Pauses after failures.

use std::time::Duration;

use crate::Tick;

/// A pause after each consecutive failure. It starts at one second and doubles.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pause {
    /// The number of consecutive failures.
    failures: u32,
    until: Tick,
}

impl Pause {
    const LONGEST: Duration = Duration::from_secs(60);

    /// Starts a pause. Returns whether this is the first failure.
    pub(crate) fn failed(&mut self, now: Tick) -> bool {
        let pause = Duration::from_secs(1 << self.failures.min(6)).min(Self::LONGEST);
        self.until = now.after(pause);
        self.failures = self.failures.saturating_add(1);
        self.failures == 1
    }

    /// Ends the pause. Returns whether there was a failure before.
    pub(crate) fn succeeded(&mut self) -> bool {
        std::mem::take(self).is_failing()
    }

    /// Whether the last attempt failed.
    pub(crate) const fn is_failing(&self) -> bool {
        self.failures > 0
    }

    /// When the next attempt may be made.
    pub(crate) const fn ready_at(&self) -> Tick {
        self.until
    }

    /// Allows an attempt at once.
    pub(crate) fn end_at(&mut self, now: Tick) {
        self.until = self.until.min(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_minute_and_start_anew() {
        let (mut pause, now) = (Pause::default(), Tick::ZERO);
        let lengths = [(); 8].map(|()| (pause.failed(now), pause.ready_at().since(now).as_secs()));
        assert_eq!(lengths.map(|(_, length)| length), [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(
            lengths.map(|(is_first, _)| is_first),
            [true, false, false, false, false, false, false, false]
        );
        assert!(pause.succeeded() && !pause.succeeded() && !pause.is_failing());
        assert_eq!((pause.failed(now), pause.ready_at().since(now).as_secs()), (true, 1));
    }
}
