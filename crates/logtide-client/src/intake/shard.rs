//! One buffer behind one lock.
//!
//! No memory is allocated or freed while the lock is held: an allocator may log, and would wait for the lock of its own thread.

use std::sync::{Mutex, MutexGuard, PoisonError};

use logtide_core::{DropReason, Drops};

use super::{
    Entry, Tally,
    capacity::{Capacity, Credit},
    chunk::{BACKLOG_CHUNK_BYTES, CHUNK_BYTES, Chunk},
    supply::{Lack, Supply},
};

/// Empty chunks that a shard keeps for its next entries.
const SPARES: usize = 2;

/// Encoded entries of some threads, in order. A cache line of its own keeps shards from slowing each other down.
#[derive(Debug, Default)]
#[repr(align(128))]
pub(super) struct Shard(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Filled from front to back; only the last has room.
    chunks: Vec<Chunk>,
    spares: [Option<Chunk>; SPARES],
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
    /// Counts an entry, and takes it if there is room.
    pub(super) fn offer(&self, entry: &mut Entry<'_>, capacity: &Capacity) -> Offer {
        self.place(1, entry, capacity)
    }

    /// Offers an entry that was counted already.
    pub(super) fn offer_again(&self, entry: &mut Entry<'_>, capacity: &Capacity) -> Offer {
        self.place(0, entry, capacity)
    }

    fn place(&self, mut new: u64, entry: &mut Entry<'_>, capacity: &Capacity) -> Offer {
        let mut supply = Supply::default();
        loop {
            let mut state = self.lock();
            state.logged += std::mem::take(&mut new);
            let offer = state.offer(entry, capacity, &mut supply);
            drop(state);
            match offer {
                Ok(offer) => return offer,
                Err(lack) => supply.fetch(lack),
            }
        }
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
        let (mut backtrace, mut read) = (None, None);
        let mut state = self.lock();
        let Some(oldest) = state.chunks.first_mut() else {
            return false;
        };
        let entry = oldest.take();
        let entries = usize::from(entry.is_some());
        let bytes = entry.map_or(0, |entry| {
            backtrace = entry.backtrace;
            entry.bytes.len()
        });
        if oldest.is_read() {
            read = Some(state.chunks.remove(0));
        }
        state.held.0 -= entries;
        state.held.1 -= bytes;
        state.dropped.add(DropReason::BufferFull, entries as u64);
        drop(state);
        capacity.give(entries, bytes);
        drop((backtrace, read));
        true
    }

    /// Exchanges the filled chunks for empty ones, gives their room back to `room` if that is asked, and says how many entries and
    /// bytes are in them. `filled` is empty.
    pub(super) fn collect(
        &self,
        filled: &mut Vec<Chunk>,
        empty: &mut Vec<Chunk>,
        room: Option<&Capacity>,
    ) -> (usize, usize) {
        let mut state = self.lock();
        let held = std::mem::take(&mut state.held);
        std::mem::swap(filled, &mut state.chunks);
        for spare in state.spares.iter_mut().filter(|spare| spare.is_none()) {
            *spare = empty.pop();
        }
        drop(state);
        if let Some(capacity) = room {
            capacity.give(held.0, held.1);
        }
        held
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Takes an entry if there is room, or says which memory it lacks for that.
    fn offer(
        &mut self,
        entry: &mut Entry<'_>,
        capacity: &Capacity,
        supply: &mut Supply,
    ) -> Result<Offer, Lack> {
        if self.closed {
            self.dropped.add(DropReason::Closed, 1);
            return Ok(Offer::Closed);
        }
        let needed = entry.bytes.len();
        if !capacity.take(&mut self.credit, needed) {
            return Ok(Offer::Full);
        }
        if let Err(lack) = self.append(entry, supply) {
            self.credit.put_back(needed);
            return Err(lack);
        }
        self.held.0 += 1;
        self.held.1 += needed;
        Ok(Offer::Taken)
    }

    fn append(&mut self, entry: &mut Entry<'_>, supply: &mut Supply) -> Result<(), Lack> {
        let needed = entry.bytes.len();
        if let Some(last) = self.chunks.last_mut().filter(|chunk| chunk.fits(needed)) {
            last.make_room(entry, supply)?;
            last.append(entry);
            return Ok(());
        }
        self.make_room_for_a_chunk(supply)?;
        let spare = self.spares.iter_mut().find_map(|spare| spare.take_if(|chunk| chunk.fits(needed)));
        let supplied = || supply.chunk.take_if(|chunk| chunk.fits(needed));
        let Some(mut chunk) = spare.or_else(supplied) else {
            let size = if self.chunks.is_empty() { CHUNK_BYTES } else { BACKLOG_CHUNK_BYTES };
            return Err(Lack::Chunk(Chunk::record_len(needed).max(size)));
        };
        if let Err(lack) = chunk.make_room(entry, supply) {
            supply.chunk = Some(chunk);
            return Err(lack);
        }
        chunk.append(entry);
        self.chunks.push(chunk);
        Ok(())
    }

    fn make_room_for_a_chunk(&mut self, supply: &mut Supply) -> Result<(), Lack> {
        let held = self.chunks.len();
        if held == self.chunks.capacity() {
            if supply.chunks.capacity() <= held {
                return Err(Lack::Chunks(held));
            }
            std::mem::swap(&mut self.chunks, &mut supply.chunks);
            self.chunks.append(&mut supply.chunks);
        }
        Ok(())
    }
}
