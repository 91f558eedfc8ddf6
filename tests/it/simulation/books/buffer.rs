//! What is held, and whether it was full when an entry was lost to it.

use std::collections::{BTreeMap, HashSet};

use logtide_core::{Overflow, PipelineOptions};

pub(crate) struct BufferBook {
    max_entries: usize,
    max_bytes: usize,
    overflow: Overflow,
    /// Bytes of each entry that is neither delivered nor lost.
    held: BTreeMap<u64, usize>,
    flying: HashSet<u64>,
}

impl BufferBook {
    pub(super) fn new(options: &PipelineOptions) -> Self {
        Self {
            max_entries: options.max_entries,
            max_bytes: options.max_bytes,
            overflow: options.overflow,
            held: BTreeMap::new(),
            flying: HashSet::new(),
        }
    }

    pub(super) fn add(&mut self, id: u64, bytes: usize) {
        self.held.insert(id, bytes);
    }

    /// So many old entries made room for one of that many bytes.
    pub(super) fn evict(&mut self, entries: usize, bytes: usize) {
        assert_eq!(self.overflow, Overflow::Oldest);
        for _ in 0..entries {
            assert!(!self.has_room_for(bytes), "an entry was evicted although there was room");
            let oldest = self.held.keys().copied().find(|id| !self.flying.contains(id));
            self.held.remove(&oldest.expect("an entry under way was evicted"));
        }
    }

    /// An entry of that many bytes found no room, however many old ones may go.
    pub(super) fn assert_full(&self, bytes: usize) {
        let stays = |id: &u64| self.overflow == Overflow::Newest || self.flying.contains(id);
        let stay = self.held.iter().filter(|(id, _)| stays(id));
        let (entries, held) = stay.fold((0, 0), |(entries, sum), (_, bytes)| (entries + 1, sum + bytes));
        let is_full = entries >= self.max_entries || held + bytes > self.max_bytes;
        assert!(is_full, "an entry was lost to a buffer with room");
    }

    pub(super) fn fly(&mut self, id: u64) {
        assert!(self.held.contains_key(&id), "an entry is sent that is not held");
        assert!(self.flying.insert(id), "an entry is on its way twice");
    }

    pub(super) fn land(&mut self, id: u64) {
        self.flying.remove(&id);
    }

    pub(super) fn settle(&mut self, ids: &[u64]) {
        for id in ids {
            self.held.remove(id);
        }
    }

    pub(super) fn clear(&mut self) {
        self.held.clear();
        self.flying.clear();
    }

    pub(super) fn check(&self, pending: u64, bytes: usize) {
        assert_eq!(pending, self.held.len() as u64);
        assert_eq!(bytes, self.held.values().sum::<usize>());
        assert!(self.held.len() <= self.max_entries && bytes <= self.max_bytes);
    }

    fn has_room_for(&self, bytes: usize) -> bool {
        let held: usize = self.held.values().sum();
        self.held.len() < self.max_entries && held + bytes <= self.max_bytes
    }
}
