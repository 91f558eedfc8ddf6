//! The producers' side: where log calls leave their entries, and the worker collects them.

mod capacity;
mod chunk;
mod entry;
mod inbox;
mod shard;
mod signal;
mod supply;
mod worker_state;

use std::{
    cell::Cell,
    sync::atomic::{AtomicUsize, Ordering},
    time::Instant,
};

use logtide_core::{DropReason, Drops, limits::MAX_BODY_BYTES};

use self::{
    capacity::Capacity,
    shard::{Offer, Shard},
};
pub(crate) use self::{entry::Entry, inbox::Inbox, signal::Signal, worker_state::WorkerState};
use crate::{ClientOptions, DropPolicy};

/// A few buffers, each behind a lock of its own and chosen by thread, so that threads rarely meet.
#[derive(Debug)]
pub(crate) struct Intake {
    shards: [Shard; Self::SHARDS],
    capacity: Capacity,
    signal: Signal,
    worker_state: WorkerState,
    policy: DropPolicy,
    /// How many turns of the worker are still to panic.
    #[cfg(test)]
    pub(crate) trips: AtomicUsize,
}

/// What the books say about entries before they reach the worker.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Entries that were handed over.
    pub(crate) logged: u64,
    /// Those of them that never reached a buffer.
    pub(crate) dropped: Drops,
}

impl Intake {
    /// More than the threads that log at one moment in most programs; a power of two.
    const SHARDS: usize = 8;

    pub(crate) fn new(options: &ClientOptions) -> Self {
        Self {
            shards: Default::default(),
            capacity: Capacity::new(options.max_buffer_size, options.max_buffer_bytes),
            signal: Signal::new(options.max_batch_bytes / options.batch_size),
            worker_state: WorkerState::default(),
            policy: options.drop_policy,
            #[cfg(test)]
            trips: AtomicUsize::new(0),
        }
    }

    /// Takes an encoded entry, or counts why not.
    pub(crate) fn offer(&self, mut entry: Entry<'_>) {
        if entry.bytes.len() > MAX_BODY_BYTES || !self.capacity.can_hold(entry.bytes.len()) {
            return self.refuse(DropReason::TooLarge);
        }
        let own = slot() % Self::SHARDS;
        let shard = &self.shards[own];
        match (shard.offer(&mut entry, &self.capacity), self.policy) {
            (Offer::Taken, _) => self.signal.added(entry.bytes.len()),
            (Offer::Full, DropPolicy::Newest) => shard.count(DropReason::BufferFull),
            (Offer::Full, DropPolicy::Oldest) => self.make_room(own, &mut entry),
            (Offer::Full, DropPolicy::Block(timeout)) => {
                self.wait_for_room(own, &mut entry, Instant::now() + timeout);
            }
            (Offer::Closed, _) => {}
        }
    }

    /// Counts an entry that is dropped before it is encoded.
    pub(crate) fn refuse(&self, reason: DropReason) {
        let shard = &self.shards[slot() % Self::SHARDS];
        shard.count_logged();
        shard.count(reason);
    }

    /// Drops old entries until the new one fits: those of the caller's own shard first, which the worker had no time for.
    fn make_room(&self, own: usize, entry: &mut Entry<'_>) {
        while self.offer_again(own, entry) == Offer::Full {
            let mut others = (own..own + Self::SHARDS).map(|index| &self.shards[index % Self::SHARDS]);
            // Nothing to drop means that the worker has just collected everything, and made room.
            if !others.any(|shard| shard.evict(&self.capacity)) {
                if self.offer_again(own, entry) == Offer::Full {
                    self.shards[own].count(DropReason::BufferFull);
                }
                return;
            }
        }
    }

    fn wait_for_room(&self, own: usize, entry: &mut Entry<'_>, deadline: Instant) {
        let mut waiter = self.capacity.waiter();
        while self.offer_again(own, entry) == Offer::Full {
            self.signal.hurry();
            if !waiter.wait(deadline) {
                return self.shards[own].count(DropReason::BufferFull);
            }
        }
    }

    fn offer_again(&self, own: usize, entry: &mut Entry<'_>) -> Offer {
        let offer = self.shards[own].offer_again(entry, &self.capacity);
        if offer == Offer::Taken {
            self.signal.added(entry.bytes.len());
        }
        offer
    }

    /// Refuses entries from now on. Those that are in the buffers stay there for the worker.
    pub(crate) fn close(&self) {
        for shard in &self.shards {
            shard.close();
        }
        self.capacity.wake_all();
    }

    /// Makes room that entries took which are settled now.
    pub(crate) fn release(&self, entries: usize, bytes: usize) {
        if !self.bounds_buffers_alone() {
            self.capacity.give(entries, bytes);
        }
    }

    /// Counts the bytes of an entry that was taken with another length.
    pub(crate) fn resize(&self, from: usize, to: usize) {
        if self.bounds_buffers_alone() {
            return;
        }
        if to > from {
            self.capacity.take_held(0, to - from);
        } else {
            self.capacity.give(0, from - to);
        }
    }

    /// Whether room is made as soon as entries are collected. Where the oldest are dropped the pipeline bounds what it holds by itself, and
    /// the buffers always have room for the newest.
    fn bounds_buffers_alone(&self) -> bool {
        self.policy == DropPolicy::Oldest
    }

    /// Whether less than a quarter of the room is left, so that nothing should be held up.
    pub(crate) fn is_scarce(&self) -> bool {
        self.capacity.until_scarce().is_none()
    }

    /// How many more entries may come until room is scarce, as the signal counts them; at least one.
    pub(crate) fn entries_until_scarce(&self) -> usize {
        let (entries, bytes) = self.capacity.until_scarce().unwrap_or_default();
        entries.min(self.signal.counts(bytes)).max(1)
    }

    /// Panics as often as the test asked for.
    #[cfg(test)]
    pub(crate) fn trip(&self) {
        let left = self.trips.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        assert!(left.is_err(), "expected in this test");
    }

    pub(crate) const fn worker_state(&self) -> &WorkerState {
        &self.worker_state
    }

    pub(crate) const fn signal(&self) -> &Signal {
        &self.signal
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.shards.iter().all(Shard::is_empty)
    }

    pub(crate) fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for shard in &self.shards {
            shard.tally(&mut tally);
        }
        tally
    }
}

/// The calling thread's number, given at its first entry.
fn slot() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static SLOT: Cell<usize> = const { Cell::new(usize::MAX) };
    }
    SLOT.try_with(|slot| {
        if slot.get() == usize::MAX {
            slot.set(NEXT.fetch_add(1, Ordering::Relaxed));
        }
        slot.get()
    })
    .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many entries of a byte find room.
    fn room(intake: &Intake) -> usize {
        let before = intake.tally().dropped.total();
        for _ in 0..2_000 {
            intake.offer(Entry { time: 0, bytes: b"x", backtrace: None });
        }
        2_000 - (intake.tally().dropped.total() - before) as usize
    }

    #[test]
    fn room_follows_entries_that_grow_and_shrink() {
        let intake = Intake::new(&ClientOptions::new("http://localhost", "k").max_buffer_bytes(1_024));
        intake.offer(Entry { time: 0, bytes: &[0; 24], backtrace: None });
        intake.resize(24, 1_024);
        assert_eq!(room(&intake), 0);
        intake.resize(1_024, 1_000);
        assert_eq!(room(&intake), 24);
        intake.release(25, 1_024);
        assert_eq!(room(&intake), 1_024);
    }
}
