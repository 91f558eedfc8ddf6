//! One buffer behind one lock.
//!
//! No memory is allocated or freed while the lock is held: an allocator may log, and would wait for its own thread's
//! lock.

use std::sync::PoisonError;

use logtide_core::{DropReason, Drops, Record};

use super::{
    Tally,
    capacity::{Capacity, Credit},
    chunk::{BACKLOG_CHUNK_BYTES, CHUNK_BYTES, Chunk},
    supply::{Lack, Supply},
};
use crate::{
    stacktrace::Stack,
    sync::{
        Driver, Mutex, MutexGuard,
        atomic::{AtomicU64, Ordering},
    },
};

/// Empty chunks that a shard keeps for its next entries.
const SPARES: usize = 2;

/// The size of a small record in bytes. If there is no capacity for one, the next entry is not written.
const SMALL: usize = 256;

/// Records of some threads, in order. A separate cache line avoids false sharing between shards.
#[derive(Debug)]
#[repr(align(128))]
pub(super) struct Shard {
    state: Mutex<State>,
    /// How often capacity had been released when there was none for a small record. None once more is released.
    full_since: AtomicU64,
}

#[derive(Debug, Default)]
struct State {
    /// Filled from front to back. Only the last one has free space.
    chunks: Vec<Chunk>,
    spares: [Option<Chunk>; SPARES],
    credit: Credit,
    /// The entries and bytes in the chunks.
    held: (usize, usize),
    logged: u64,
    dropped: Drops,
    closed: bool,
}

/// The result of offering a record. The entry is counted unless the buffer was full, because it may be offered again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Offer {
    Taken,
    Full,
    Closed,
}

impl Shard {
    /// Accepts the record of an entry if there is capacity. Counts the entry, together with what happens to it, so
    /// that after a close no reader of the counts finds it pending. Does not count it if the buffer is full.
    ///
    /// For nearly all entries, the memory is allocated already.
    #[inline(always)]
    pub(super) fn offer(&self, record: Record<'_>, stack: &mut Option<Stack>, capacity: &Capacity) -> Offer {
        let mut state = self.lock();
        if stack.is_none() && state.append_to_last(record, capacity) {
            return Offer::Taken;
        }
        drop(state);
        self.offer_with_supply(record, stack, capacity)
    }

    /// Whether there was no capacity for the last record, and none was released since.
    #[inline]
    pub(super) fn is_full(&self, capacity: &Capacity) -> bool {
        self.full_since.load(Ordering::Relaxed) == capacity.releases()
    }

    /// Counts an entry that is dropped.
    pub(super) fn refuse(&self, reason: DropReason) {
        let mut state = self.lock();
        state.logged += 1;
        state.dropped.add(reason, 1);
    }

    /// Counts an entry that is dropped because the buffer is full, or for good.
    pub(super) fn refuse_full(&self) {
        let mut state = self.lock();
        state.logged += 1;
        let reason = if state.closed { DropReason::Closed } else { DropReason::BufferFull };
        state.dropped.add(reason, 1);
    }

    #[cold]
    fn offer_with_supply(&self, record: Record<'_>, stack: &mut Option<Stack>, capacity: &Capacity) -> Offer {
        let mut supply = Supply::default();
        loop {
            // Before the check, so that capacity released after it counts.
            let releases = capacity.releases();
            let offer = self.lock().offer(record, stack, capacity, &mut supply);
            match offer {
                Ok(offer) => {
                    if offer == Offer::Full && record.len() <= SMALL {
                        self.full_since.store(releases, Ordering::Relaxed);
                    }
                    return offer;
                }
                Err(lack) => supply.fetch(lack),
            }
        }
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

    /// Drops the oldest entry for a newer one. Returns false if there is none.
    pub(super) fn evict(&self, capacity: &Capacity) -> bool {
        let (mut stack, mut read) = (None, None);
        let mut state = self.lock();
        let Some(oldest) = state.chunks.first_mut() else {
            return false;
        };
        let taken = oldest.take();
        let entries = usize::from(taken.is_some());
        let bytes = taken.map_or(0, |(record, of_record)| {
            stack = of_record;
            record.len()
        });
        if oldest.is_read() {
            read = Some(state.chunks.remove(0));
        }
        state.held.0 -= entries;
        state.held.1 -= bytes;
        state.dropped.add(DropReason::BufferFull, entries as u64);
        // A caller that finds the shard empty also finds its capacity, and need not drop a newer entry.
        capacity.release(entries, bytes);
        drop(state);
        drop((stack, read));
        true
    }

    /// Swaps the filled chunks for empty ones, and releases their capacity to `capacity` if that is given. Returns how
    /// many entries and bytes they have. `filled` must be empty.
    ///
    /// A worker whose driver was stopped gets nothing, because it would lose what was logged after the stop. Any such
    /// log call has held the lock after the stop too, so the check under the lock is exact.
    pub(super) fn collect(
        &self,
        filled: &mut Vec<Chunk>,
        empty: &mut Vec<Chunk>,
        capacity: Option<&Capacity>,
    ) -> (usize, usize) {
        let mut state = self.lock();
        if Driver::is_stopping() {
            return (0, 0);
        }
        let held = std::mem::take(&mut state.held);
        std::mem::swap(filled, &mut state.chunks);
        for spare in state.spares.iter_mut().filter(|spare| spare.is_none()) {
            *spare = empty.pop();
        }
        // As in `evict`.
        if let Some(capacity) = capacity {
            capacity.release(held.0, held.1);
        }
        drop(state);
        held
    }

    /// Drops and counts the entries, if no worker will collect them.
    pub(super) fn abandon(&self, capacity: &Capacity) {
        let mut state = self.lock();
        let chunks = std::mem::take(&mut state.chunks);
        let (entries, bytes) = std::mem::take(&mut state.held);
        state.dropped.add(DropReason::Shutdown, entries as u64);
        drop(state);
        capacity.release(entries, bytes);
        drop(chunks);
    }

    /// The entries and bytes that it has reserved.
    #[cfg(shuttle)]
    pub(super) fn unused(&self) -> (i64, i64) {
        self.lock().credit.free()
    }

    /// The entries in all shards while all are locked.
    #[cfg(shuttle)]
    pub(super) fn held_together(shards: &[Self]) -> usize {
        let states: Vec<_> = shards.iter().map(Self::lock).collect();
        states.iter().map(|state| state.held.0).sum()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Shard {
    fn default() -> Self {
        Self { state: Mutex::default(), full_since: AtomicU64::new(u64::MAX) }
    }
}

impl State {
    /// Accepts a record if the shard has capacity and memory for it.
    #[inline]
    fn append_to_last(&mut self, record: Record<'_>, capacity: &Capacity) -> bool {
        if self.closed {
            return false;
        }
        let Some(chunk) = self.chunks.last_mut().filter(|chunk| chunk.fits(record.len())) else {
            return false;
        };
        if !capacity.reserve(&mut self.credit, record.len()) {
            return false;
        }
        chunk.append(record);
        self.logged += 1;
        self.held.0 += 1;
        self.held.1 += record.len();
        true
    }

    /// Accepts a record if there is capacity, or returns which memory it lacks.
    fn offer(
        &mut self,
        record: Record<'_>,
        stack: &mut Option<Stack>,
        capacity: &Capacity,
        supply: &mut Supply,
    ) -> Result<Offer, Lack> {
        if self.closed {
            self.logged += 1;
            self.dropped.add(DropReason::Closed, 1);
            return Ok(Offer::Closed);
        }
        let needed = record.len();
        if !capacity.reserve(&mut self.credit, needed) {
            return Ok(Offer::Full);
        }
        if let Err(lack) = self.append(record, stack, supply) {
            self.credit.refund(needed);
            return Err(lack);
        }
        self.logged += 1;
        self.held.0 += 1;
        self.held.1 += needed;
        Ok(Offer::Taken)
    }

    fn append(
        &mut self,
        record: Record<'_>,
        stack: &mut Option<Stack>,
        supply: &mut Supply,
    ) -> Result<(), Lack> {
        let needed = record.len();
        if let Some(last) = self.chunks.last_mut().filter(|chunk| chunk.fits(needed)) {
            last.reserve_stack(stack.as_ref(), supply)?;
            last.append_with(record, stack);
            return Ok(());
        }
        self.reserve_chunk(supply)?;
        let spare = self.spares.iter_mut().find_map(|spare| spare.take_if(|chunk| chunk.fits(needed)));
        let supplied = || supply.chunk.take_if(|chunk| chunk.fits(needed));
        let Some(mut chunk) = spare.or_else(supplied) else {
            let size = if self.chunks.is_empty() { CHUNK_BYTES } else { BACKLOG_CHUNK_BYTES };
            return Err(Lack::Chunk(needed.max(size)));
        };
        if let Err(lack) = chunk.reserve_stack(stack.as_ref(), supply) {
            supply.chunk = Some(chunk);
            return Err(lack);
        }
        chunk.append_with(record, stack);
        self.chunks.push(chunk);
        Ok(())
    }

    fn reserve_chunk(&mut self, supply: &mut Supply) -> Result<(), Lack> {
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
