//! One buffer behind one lock.

use std::{
    backtrace::Backtrace,
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use logtide_core::{DropReason, Drops};

use super::{
    Attention, Entry, Tally,
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
    /// Of the entries whose length carries the mark [`HAS_BACKTRACE`], in their order.
    backtraces: Vec<Backtrace>,
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

/// Marks the length of an entry that has a backtrace. The intake refuses entries of more than 50 MiB, so lengths leave it free.
const HAS_BACKTRACE: u32 = 1 << 31;

/// An entry as it stands in a chunk.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record<'a> {
    pub(super) time: u64,
    pub(super) bytes: &'a [u8],
    pub(super) has_backtrace: bool,
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

    /// Exchanges the filled chunks for empty ones, and gives the backtraces of their entries.
    pub(super) fn collect(
        &self,
        filled: &mut Vec<Chunk>,
        backtraces: &mut VecDeque<Backtrace>,
        empty: &mut Vec<Chunk>,
    ) {
        let mut state = self.lock();
        backtraces.extend(state.backtraces.drain(..));
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
            held.fold((0, 0), |(entries, bytes), record| (entries + 1, bytes + record.bytes.len()));
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
        let needed = RECORD_HEAD + entry.bytes.len();
        let mut length = entry.bytes.len() as u32;
        if let Some(backtrace) = entry.backtrace.take() {
            length |= HAS_BACKTRACE;
            self.backtraces.push(backtrace);
        }
        let has_room = self.chunks.last().is_some_and(|chunk| chunk.0.len() + needed <= chunk.0.capacity());
        if !has_room {
            let mut chunk = self.spares.pop().unwrap_or_default();
            let size = if self.chunks.is_empty() { CHUNK_BYTES } else { BACKLOG_CHUNK_BYTES };
            chunk.0.reserve(needed.max(size));
            self.chunks.push(chunk);
        }
        if let Some(Chunk(bytes)) = self.chunks.last_mut() {
            bytes.extend_from_slice(&entry.time.to_le_bytes());
            bytes.extend_from_slice(&length.to_le_bytes());
            bytes.extend_from_slice(entry.bytes);
        }
    }
}

impl Chunk {
    /// The entry that starts there.
    pub(super) fn record(&self, offset: usize) -> Option<Record<'_>> {
        let (time, rest) = self.0.get(offset..)?.split_first_chunk::<8>()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let length = u32::from_le_bytes(*length);
        Some(Record {
            time: u64::from_le_bytes(*time),
            bytes: rest.get(..(length & !HAS_BACKTRACE) as usize)?,
            has_backtrace: length & HAS_BACKTRACE != 0,
        })
    }

    fn records(&self) -> impl Iterator<Item = Record<'_>> {
        let mut offset = 0;
        std::iter::from_fn(move || {
            let record = self.record(offset)?;
            offset += RECORD_HEAD + record.bytes.len();
            Some(record)
        })
    }

    /// Empties the chunk for reuse; one that grew for a large entry is not kept.
    pub(super) fn recycle(mut self) -> Option<Self> {
        self.0.clear();
        (self.0.capacity() <= BACKLOG_CHUNK_BYTES).then_some(self)
    }
}
