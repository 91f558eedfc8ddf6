//! Unique ids and sequence numbers of entries.

use std::sync::atomic::{AtomicU64, Ordering};

use logtide_core::{EventId, Identity};

use crate::{ClientOptions, random};

/// Assigns each entry the id and the number that the options require.
#[derive(Debug)]
pub(super) struct Identities {
    has_ids: bool,
    has_numbers: bool,
    counted: Counted,
}

/// The number of numbered entries. On its own cache line, since all threads write it.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Counted(AtomicU64);

impl Identities {
    pub(super) fn new(options: &ClientOptions) -> Self {
        let (has_ids, has_numbers) = (options.event_ids, options.sequence_numbers);
        Self { has_ids, has_numbers, counted: Counted::default() }
    }

    /// The identity of the next entry, logged at `nanos` since 1970. `None` if the options require none.
    #[inline(never)]
    pub(super) fn next(&self, nanos: u64) -> Option<Identity> {
        if !self.has_ids && !self.has_numbers {
            return None;
        }
        let mut identity = Identity::default();
        identity.event_id = self.has_ids.then(|| EventId::new(nanos / 1_000_000, random::u128()));
        // All threads share this counter, so a call that begins after another returned gets a larger number.
        identity.sequence = self.has_numbers.then(|| self.counted.0.fetch_add(1, Ordering::Relaxed) + 1);
        Some(identity)
    }
}

#[cfg(test)]
mod tests;
