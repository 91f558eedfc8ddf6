//! One buffer behind one lock.

use std::sync::{Mutex, MutexGuard, PoisonError};

use logtide_core::{DropReason, Drops};

use super::{
    Attention, Tally,
    capacity::{Capacity, Credit},
};

/// Bytes of the first chunk that is filled, unless a single entry is larger.
const CHUNK_BYTES: usize = 64 * 1024;

/// Bytes of those after it. Allocators give memory of this size back to the system when it is freed, so a backlog that moves on to the
/// worker is not held twice.
const BACKLOG_CHUNK_BYTES: usize = 256 * 1024;

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
    logged: u64,
    dropped: Drops,
    closed: bool,
}

/// Entries in a row, each behind its time and length.
#[derive(Debug, Default)]
pub(super) struct Chunk(pub(super) Vec<u8>);

/// Bytes of time and length in front of an entry.
pub(super) const RECORD_HEAD: usize = 12;

/// What became of an entry that was offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Offer {
    Taken,
    Full,
    Closed,
}

impl Shard {
    pub(super) fn offer(&self, entry: &[u8], time: u64, capacity: &Capacity) -> (Offer, Attention) {
        let mut state = self.lock();
        let attention = if state.logged.is_multiple_of(ENTRIES_BETWEEN_CHECKS) {
            Attention::Check
        } else {
            Attention::None
        };
        state.logged += 1;
        (state.offer(entry, time, capacity), attention)
    }

    /// Offers an entry that was counted already.
    pub(super) fn offer_again(&self, entry: &[u8], time: u64, capacity: &Capacity) -> Offer {
        self.lock().offer(entry, time, capacity)
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

    /// Exchanges the filled chunks for empty ones.
    pub(super) fn collect(&self, filled: &mut Vec<Chunk>, empty: &mut Vec<Chunk>) {
        let mut state = self.lock();
        filled.append(&mut state.chunks);
        while state.spares.len() < SPARES {
            let Some(chunk) = empty.pop() else { break };
            state.spares.push(chunk);
        }
    }

    /// Gives back unused room, and gives the entries and bytes that are here. The books start anew in a child that was `forked` off.
    pub(super) fn rebase(&self, forked: bool) -> (usize, usize) {
        let mut state = self.lock();
        let held = state.chunks.iter().flat_map(Chunk::records);
        let (entries, bytes) =
            held.fold((0, 0), |(entries, bytes), (_, entry)| (entries + 1, bytes + entry.len()));
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
    fn offer(&mut self, entry: &[u8], time: u64, capacity: &Capacity) -> Offer {
        if self.closed {
            self.dropped.add(DropReason::Closed, 1);
            return Offer::Closed;
        }
        if !capacity.take(&mut self.credit, entry.len()) {
            return Offer::Full;
        }
        self.append(entry, time);
        Offer::Taken
    }

    fn append(&mut self, entry: &[u8], time: u64) {
        let needed = RECORD_HEAD + entry.len();
        let has_room = self.chunks.last().is_some_and(|chunk| chunk.0.len() + needed <= chunk.0.capacity());
        if !has_room {
            let mut chunk = self.spares.pop().unwrap_or_default();
            let size = if self.chunks.is_empty() { CHUNK_BYTES } else { BACKLOG_CHUNK_BYTES };
            chunk.0.reserve(needed.max(size));
            self.chunks.push(chunk);
        }
        if let Some(Chunk(bytes)) = self.chunks.last_mut() {
            bytes.extend_from_slice(&time.to_le_bytes());
            // The intake refuses entries of more than 50 MiB.
            bytes.extend_from_slice(&(entry.len() as u32).to_le_bytes());
            bytes.extend_from_slice(entry);
        }
    }
}

impl Chunk {
    /// The entry that starts there, with its time.
    pub(super) fn record(&self, offset: usize) -> Option<(u64, &[u8])> {
        let (time, rest) = self.0.get(offset..)?.split_first_chunk::<8>()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        Some((u64::from_le_bytes(*time), rest.get(..u32::from_le_bytes(*length) as usize)?))
    }

    fn records(&self) -> impl Iterator<Item = (u64, &[u8])> {
        let mut offset = 0;
        std::iter::from_fn(move || {
            let record = self.record(offset)?;
            offset += RECORD_HEAD + record.1.len();
            Some(record)
        })
    }

    /// Empties the chunk for reuse; one that grew for a large entry is not kept.
    pub(super) fn recycle(mut self) -> Option<Self> {
        self.0.clear();
        (self.0.capacity() <= BACKLOG_CHUNK_BYTES).then_some(self)
    }
}
