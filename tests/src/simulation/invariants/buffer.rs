//! The held entries, and whether the buffer was full when it dropped one.

use std::collections::{BTreeMap, HashSet};

use logtide_core::{Overflow, PipelineOptions};

pub(crate) struct BufferBook {
    max_entries: usize,
    max_bytes: usize,
    overflow: Overflow,
    /// The bytes of each entry that is neither delivered nor lost.
    held: BTreeMap<u64, usize>,
    held_bytes: usize,
    flying: HashSet<u64>,
    flying_bytes: usize,
}

impl BufferBook {
    pub(super) fn new(options: &PipelineOptions) -> Self {
        Self {
            max_entries: options.max_entries,
            max_bytes: options.max_bytes,
            overflow: options.overflow,
            held: BTreeMap::new(),
            held_bytes: 0,
            flying: HashSet::new(),
            flying_bytes: 0,
        }
    }

    pub(super) fn add(&mut self, id: u64, bytes: usize) {
        self.held.insert(id, bytes);
        self.held_bytes += bytes;
    }

    /// Records that this many old entries were dropped for one of this size.
    pub(super) fn evict(&mut self, entries: usize, bytes: usize) {
        assert_eq!(self.overflow, Overflow::Oldest);
        for _ in 0..entries {
            let has_room = self.has_room_beside(self.held.len(), self.held_bytes, bytes);
            assert!(!has_room, "an entry was evicted although there was room");
            let oldest = self.held.keys().copied().find(|id| !self.flying.contains(id));
            self.settle(&[oldest.expect("an entry under way was evicted")]);
        }
    }

    /// Asserts that an entry of this size did not fit, however many old ones could be dropped.
    pub(super) fn assert_full(&self, bytes: usize) {
        let (entries, held) = match self.overflow {
            Overflow::Newest => (self.held.len(), self.held_bytes),
            Overflow::Oldest => (self.flying.len(), self.flying_bytes),
        };
        assert!(!self.has_room_beside(entries, held, bytes), "an entry was lost to a buffer with room");
    }

    pub(super) fn fly(&mut self, id: u64) {
        self.flying_bytes += self.held.get(&id).expect("an entry is sent that is not held");
        assert!(self.flying.insert(id), "an entry is on its way twice");
    }

    pub(super) fn land(&mut self, id: u64) {
        if self.flying.remove(&id) {
            self.flying_bytes -= self.held[&id];
        }
    }

    pub(super) fn settle(&mut self, ids: &[u64]) {
        for id in ids {
            self.held_bytes -= self.held.remove(id).unwrap_or_default();
        }
    }

    pub(super) fn clear(&mut self) {
        self.held.clear();
        self.flying.clear();
        (self.held_bytes, self.flying_bytes) = (0, 0);
    }

    pub(super) fn check(&self, pending: u64, bytes: usize) {
        assert_eq!((pending, bytes), (self.held.len() as u64, self.held_bytes));
        assert!(self.held.len() <= self.max_entries && bytes <= self.max_bytes);
    }

    /// The entries that are neither delivered nor lost.
    pub(super) fn held(&self) -> impl Iterator<Item = u64> {
        self.held.keys().copied()
    }

    const fn has_room_beside(&self, entries: usize, held: usize, bytes: usize) -> bool {
        entries < self.max_entries && held + bytes <= self.max_bytes
    }
}
