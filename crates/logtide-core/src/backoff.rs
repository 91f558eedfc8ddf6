//! Delays between attempts.

use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    time::Duration,
};

use crate::limits::MAX_DELAY;

/// Exponential backoff with jitter: `base`·2ⁿ plus 0 to 25 %, at most [`MAX_DELAY`]. The jitter keeps clients from
/// retrying in step.
#[derive(Clone, Debug)]
pub struct Backoff {
    base: Duration,
    seed: u64,
    /// The number of delays so far.
    drawn: u64,
}

impl Backoff {
    /// Creates a backoff that starts at `base`. The seed determines the jitter.
    #[must_use]
    pub fn new(base: Duration, seed: u64) -> Self {
        Self { base, seed, drawn: 0 }
    }

    /// Returns the delay after an attempt. Attempts are counted from 0.
    pub fn delay(&mut self, attempt: u32) -> Duration {
        let doubled = self.base.saturating_mul(2u32.saturating_pow(attempt.min(31)));
        let jitter = doubled.min(MAX_DELAY).mul_f64(self.draw() / 4.0);
        doubled.saturating_add(jitter).min(MAX_DELAY)
    }

    /// A number from 0 to 1, determined by the seed and the count.
    fn draw(&mut self) -> f64 {
        let mut hasher = DefaultHasher::new();
        (self.seed, self.drawn).hash(&mut hasher);
        self.drawn += 1;
        hasher.finish() as f64 / u64::MAX as f64
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn delays_double_within_their_jitter_and_end_at_the_cap(base in 0u64..100_000, attempt in 0u32..80, seed: u64) {
            let base = Duration::from_millis(base);
            let exact = base.checked_mul(2u32.saturating_pow(attempt)).unwrap_or(Duration::MAX);
            let delay = Backoff::new(base, seed).delay(attempt);
            prop_assert!(delay >= exact.min(MAX_DELAY));
            prop_assert!(delay <= exact.min(MAX_DELAY).mul_f64(1.25).min(MAX_DELAY));
        }
    }

    #[test]
    fn jitter_differs_and_repeats_with_the_seed() {
        let draw = |seed| {
            let mut backoff = Backoff::new(Duration::from_secs(1), seed);
            [0; 8].map(|attempt| backoff.delay(attempt))
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }
}
