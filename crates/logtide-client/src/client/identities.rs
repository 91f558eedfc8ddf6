//! What tells entries from each other.

use std::sync::atomic::{AtomicU64, Ordering};

use logtide_core::{EventId, Identity};

use crate::{ClientOptions, random};

/// Gives each entry the id and the number that the options ask for.
#[derive(Debug)]
pub(super) struct Identities {
    has_ids: bool,
    has_numbers: bool,
    counted: Counted,
}

/// How many entries have a number. In memory of its own: all threads write it.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Counted(AtomicU64);

impl Identities {
    pub(super) fn new(options: &ClientOptions) -> Self {
        let (has_ids, has_numbers) = (options.event_ids, options.sequence_numbers);
        Self { has_ids, has_numbers, counted: Counted::default() }
    }

    /// That of the next entry, which is logged at a time in nanoseconds since 1970. None where the options ask for none.
    #[inline(never)]
    pub(super) fn next(&self, nanos: u64) -> Option<Identity> {
        if !self.has_ids && !self.has_numbers {
            return None;
        }
        let mut identity = Identity::default();
        identity.event_id = self.has_ids.then(|| EventId::new(nanos / 1_000_000, random::u128()));
        // All that take a number take it from one place, so a call that begins when another returned takes a later one.
        identity.sequence = self.has_numbers.then(|| self.counted.0.fetch_add(1, Ordering::Relaxed) + 1);
        Some(identity)
    }
}

#[cfg(test)]
mod tests;
