//! The delivery pipeline with a server and a disk that fail in every way, under virtual time.
//!
//! Each seed decides options, producers and faults. Fifteen of sixteen have a spool, which several processes use one after the
//! other.

mod campaign;
mod entry;
mod invariants;
mod plan;
mod server;
mod spooled;
mod wire;
mod world;

use std::collections::BTreeSet;

pub use self::campaign::{Campaign, main};

/// The events of one seed.
#[derive(Clone, Debug, Default)]
pub struct Happened {
    /// The kinds of events.
    pub seen: BTreeSet<&'static str>,
    /// How many entries were logged.
    pub logged: u64,
}

/// Runs one seed.
///
/// # Panics
///
/// If an entry is not accounted for, or another invariant is broken.
#[must_use]
pub fn run(seed: u64) -> Happened {
    if seed.is_multiple_of(16) { world::run(seed) } else { spooled::run(seed) }
}
