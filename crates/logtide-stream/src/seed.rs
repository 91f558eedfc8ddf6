//! What decides the jitter of delays.

/// A random number, so that clients do not come back in step.
#[cfg(not(test))]
pub(crate) fn seed() -> u64 {
    use std::hash::{BuildHasher as _, RandomState};

    RandomState::new().hash_one(0_u8)
}

/// What the simulation says, so that its runs can be repeated.
#[cfg(test)]
pub(crate) fn seed() -> u64 {
    fastrand::u64(..)
}
