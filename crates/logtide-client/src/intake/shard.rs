//! One buffer behind one lock.

use std::sync::{Mutex, MutexGuard, PoisonError};

use logtide_core::{DropReason, Drops};

use super::{
    Attention, Entry, Tally,
    capacity::{Capacity, Credit},
    chunk::{BACKLOG_CHUNK_BYTES, CHUNK_BYTES, Chunk},
};

/// Empty chunks that a shard keeps for its next entries.
const SPARES: usize = 2;

/// How many entries a shard takes between looks at whether the worker is there.
const ENTRIES_BETWEEN_CHECKS: u64 = 64;

/// Encoded entries of some threads, in order. A cache line of its own keeps shards from slowing each other down.
#[derive(Debug, Default)]
#[repr(align(128))]
pub(super) struct Shard(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Filled from front to back; only the last has room.
    chunks: Vec<Chunk>,
    spares: Vec<Chunk>,
    credit: Credit,
    /// Entries and bytes in the chunks.
    held: (usize, usize),
    logged: u64,
    dropped: Drops,
    closed: bool,
}

/// What became of an entry that was offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Offer {
    Taken,
    Full,
    Closed,
}

impl Shard {
    pub(super) fn offer(&self, entry: &mut Entry<'_>, capacity: &Capacity) -> (Offer, Attention) {
        let mut state = self.lock();
        let attention = if state.logged.is_multiple_of(ENTRIES_BETWEEN_CHECKS) {
            Attention::Check
        } else {
            Attention::None
        };
        state.logged += 1;
        (state.offer(entry, capacity), attention)
    }

    /// Offers an entry that was counted already.
    pub(super) fn offer_again(&self, entry: &mut Entry<'_>, capacity: &Capacity) -> Offer {
        self.lock().offer(entry, capacity)
    }

    pub(super) fn count_logged(&self) {
        self.lock().logged += 1;
    }

    pub(super) fn count(&self, reason: DropReason) {
        self.lock().dropped.add(reason, 1);
    }

    pub(super) fn close(&self) {
        self.lock().closed = true;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lock().chunks.is_empty()
    }

    pub(super) fn tally(&self, tally: &mut Tally) {
        let state = self.lock();
        tally.logged += state.logged;
        tally.dropped.add_all(&state.dropped);
    }

    /// Drops the oldest entry to make room for a newer one; false when there is none.
    pub(super) fn evict(&self, capacity: &Capacity) -> bool {
        let mut state = self.lock();
        let Some(oldest) = state.chunks.first_mut() else {
            return false;
        };
        let bytes = oldest.take().map_or(0, |entry| entry.bytes.len());
        if oldest.is_read() {
            state.chunks.remove(0);
        }
        state.held.0 -= 1;
        state.held.1 -= bytes;
        state.dropped.add(DropReason::BufferFull, 1);
        capacity.give(1, bytes);
        true
    }

    /// Exchanges the filled chunks for empty ones, and gives their room back to `room` if that is asked.
    pub(super) fn collect(&self, filled: &mut Vec<Chunk>, empty: &mut Vec<Chunk>, room: Option<&Capacity>) {
        let mut state = self.lock();
        let (entries, bytes) = std::mem::take(&mut state.held);
        if let Some(capacity) = room {
            capacity.give(entries, bytes);
        }
        filled.append(&mut state.chunks);
        while state.spares.len() < SPARES {
            let Some(chunk) = empty.pop() else { break };
            state.spares.push(chunk);
        }
    }

    /// Gives back unused room, and gives the entries and bytes that are here. The books start anew in a child that was `forked` off.
    pub(super) fn rebase(&self, forked: bool) -> (usize, usize) {
        let mut state = self.lock();
        let (entries, bytes) = state.held;
        state.credit = Credit::default();
        if forked {
            state.dropped = Drops::default();
            state.logged = entries as u64;
        }
        (entries, bytes)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn offer(&mut self, entry: &mut Entry<'_>, capacity: &Capacity) -> Offer {
        if self.closed {
            self.dropped.add(DropReason::Closed, 1);
            return Offer::Closed;
        }
        if !capacity.take(&mut self.credit, entry.bytes.len()) {
            return Offer::Full;
        }
        self.append(entry);
        Offer::Taken
    }

    fn append(&mut self, entry: &mut Entry<'_>) {
        let needed = entry.bytes.len();
        if !self.chunks.last().is_some_and(|chunk| chunk.fits(needed)) {
            let mut chunk = self.spares.pop().unwrap_or_default();
            let size = if self.chunks.is_empty() { CHUNK_BYTES } else { BACKLOG_CHUNK_BYTES };
            chunk.reserve(Chunk::record_len(needed).max(size));
            self.chunks.push(chunk);
        }
        self.held.0 += 1;
        self.held.1 += needed;
        if let Some(chunk) = self.chunks.last_mut() {
            chunk.append(entry);
        }
    }
}
