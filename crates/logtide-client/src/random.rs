//! Random numbers for ids.

use std::{
    cell::Cell,
    hash::{BuildHasher as _, RandomState},
    process,
};

use logtide_transport::PerProcess;

thread_local! {
    static GENERATOR: PerProcess<Generator> = PerProcess::new(Generator::new(), |_| Generator::new());
}

/// Hashes a counter with random keys.
struct Generator {
    keys: RandomState,
    /// The process id. A forked child inherits the parent's keys, and must not create the same ids.
    process: u32,
    drawn: Cell<u64>,
}

impl Generator {
    fn new() -> Self {
        Self { keys: RandomState::new(), process: process::id(), drawn: Cell::new(0) }
    }

    fn draw(&self) -> u64 {
        let drawn = self.drawn.get();
        self.drawn.set(drawn.wrapping_add(1));
        self.keys.hash_one((self.process, drawn))
    }
}

pub(crate) fn u64() -> u64 {
    // The thread-local value is gone while the thread ends.
    GENERATOR.try_with(|generator| generator.get().draw()).unwrap_or_else(|_| Generator::new().draw())
}

pub(crate) fn u128() -> u128 {
    (u128::from(u64()) << 64) | u128::from(u64())
}

/// A number from 0 up to but not including 1.
pub(crate) fn f64() -> f64 {
    /// The number of bits that a float represents exactly.
    const BITS: u32 = f64::MANTISSA_DIGITS;
    (u64() >> (u64::BITS - BITS)) as f64 / (1_u64 << BITS) as f64
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn numbers_differ_also_between_threads() {
        let draw = || (0..1_000).map(|_| u64()).collect::<Vec<_>>();
        let other = std::thread::spawn(draw).join().unwrap();
        assert_eq!(draw().into_iter().chain(other).collect::<HashSet<_>>().len(), 2_000);
    }

    #[test]
    fn fractions_are_spread_over_their_range() {
        let drawn: Vec<f64> = (0..10_000).map(|_| f64()).collect();
        assert!(drawn.iter().all(|fraction| (0.0..1.0).contains(fraction)));
        let mean = drawn.iter().sum::<f64>() / drawn.len() as f64;
        assert!((0.45..0.55).contains(&mean), "{mean}");
    }
}
