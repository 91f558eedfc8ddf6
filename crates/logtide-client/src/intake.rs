//! The buffer between log calls and the worker.

mod capacity;
mod chunk;
mod inbox;
mod shard;
mod signal;
mod supply;
mod worker_state;

use std::{cell::Cell, time::Instant};

use logtide_core::{DropReason, Drops, Record, limits::MAX_BODY_BYTES};

use self::{
    capacity::Capacity,
    shard::{Offer, Shard},
};
pub(crate) use self::{inbox::Inbox, signal::Signal, worker_state::WorkerState};
use crate::{
    ClientOptions, DropPolicy,
    stacktrace::Stack,
    sync::{
        atomic::{AtomicUsize, Ordering},
        thread_local,
    },
};

/// Several buffers, each with its own lock and chosen by thread, so that threads rarely contend.
#[derive(Debug)]
pub(crate) struct Intake {
    shards: [Shard; Self::SHARDS],
    capacity: Capacity,
    signal: Signal,
    worker_state: WorkerState,
    policy: DropPolicy,
    /// How many further turns of the worker panic.
    #[cfg(test)]
    pub(crate) trips: AtomicUsize,
}

/// The counts of entries before they reach the worker.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Entries that were offered.
    pub(crate) logged: u64,
    /// How many of them never reached a buffer.
    pub(crate) dropped: Drops,
}

impl Intake {
    /// More than the number of threads that log at the same time in most programs. A power of two.
    const SHARDS: usize = 8;

    pub(crate) fn new(options: &ClientOptions) -> Self {
        Self {
            shards: Default::default(),
            capacity: Capacity::new(options.max_entries(), options.max_buffer_bytes),
            signal: Signal::new(options.max_batch_bytes / options.batch_size),
            worker_state: WorkerState::default(),
            policy: options.drop_policy,
            #[cfg(test)]
            trips: AtomicUsize::new(0),
        }
    }

    /// Accepts the record of an entry, or counts why not. Returns whether it was accepted.
    #[inline]
    pub(crate) fn offer(&self, record: Record<'_>, mut stack: Option<Stack>) -> bool {
        if record.len() > MAX_BODY_BYTES || !self.capacity.can_hold(record.len()) {
            self.refuse(DropReason::TooLarge);
            return false;
        }
        match self.own_shard().offer(record, &mut stack, &self.capacity) {
            Offer::Taken => self.signal.added(record.len()),
            Offer::Full => return self.overflow(record, stack),
            Offer::Closed => return false,
        }
        true
    }

    /// Whether the buffer is full, so that the entry need not be written. Counts it in that case.
    #[inline]
    pub(crate) fn refuses(&self) -> bool {
        let shard = self.own_shard();
        let refuses = self.policy == DropPolicy::Newest && shard.is_full(&self.capacity);
        if refuses {
            shard.refuse_full();
        }
        refuses
    }

    /// Counts an entry that is dropped before it is in a buffer.
    #[cold]
    pub(crate) fn refuse(&self, reason: DropReason) {
        self.own_shard().refuse(reason);
    }

    #[inline]
    fn own_shard(&self) -> &Shard {
        &self.shards[slot() % Self::SHARDS]
    }

    /// Applies the drop policy to an entry for which the buffer is full. Returns whether it was accepted.
    #[cold]
    fn overflow(&self, record: Record<'_>, stack: Option<Stack>) -> bool {
        let own = slot() % Self::SHARDS;
        match self.policy {
            DropPolicy::Newest => {
                self.shards[own].refuse(DropReason::BufferFull);
                false
            }
            DropPolicy::Oldest => self.evict_and_offer(own, record, stack),
            DropPolicy::Block(timeout) => self.wait_and_offer(own, record, stack, Instant::now() + timeout),
        }
    }

    /// Drops old entries until the new one fits. Starts with the caller's own shard, which the worker had no time
    /// for.
    fn evict_and_offer(&self, own: usize, record: Record<'_>, mut stack: Option<Stack>) -> bool {
        loop {
            match self.offer_to(own, record, &mut stack) {
                Offer::Taken => return true,
                Offer::Closed => return false,
                Offer::Full => {}
            }
            let mut others = (own..own + Self::SHARDS).map(|index| &self.shards[index % Self::SHARDS]);
            // If there is nothing to drop, the worker has just collected everything and freed capacity.
            if !others.any(|shard| shard.evict(&self.capacity)) {
                let offer = self.offer_to(own, record, &mut stack);
                if offer == Offer::Full {
                    self.shards[own].refuse(DropReason::BufferFull);
                }
                return offer == Offer::Taken;
            }
        }
    }

    fn wait_and_offer(
        &self,
        own: usize,
        record: Record<'_>,
        mut stack: Option<Stack>,
        deadline: Instant,
    ) -> bool {
        let mut waiter = self.capacity.waiter();
        loop {
            match self.offer_to(own, record, &mut stack) {
                Offer::Taken => return true,
                Offer::Closed => return false,
                Offer::Full => {}
            }
            self.signal.wake_urgently();
            if !waiter.wait(deadline) {
                self.shards[own].refuse(DropReason::BufferFull);
                return false;
            }
        }
    }

    fn offer_to(&self, own: usize, record: Record<'_>, stack: &mut Option<Stack>) -> Offer {
        let offer = self.shards[own].offer(record, stack, &self.capacity);
        if offer == Offer::Taken {
            self.signal.added(record.len());
        }
        offer
    }

    /// Rejects all further entries. Buffered entries stay for the worker.
    pub(crate) fn close(&self) {
        for shard in &self.shards {
            shard.close();
        }
        self.capacity.wake_all();
    }

    /// Drops and counts the buffered entries that no worker will collect.
    pub(crate) fn abandon(&self) {
        for shard in &self.shards {
            shard.abandon(&self.capacity);
        }
    }

    /// Releases the capacity of entries that are settled.
    pub(crate) fn release(&self, entries: usize, bytes: usize) {
        if !self.bounds_buffers_alone() {
            self.signal.clear_urgent();
            self.capacity.release(entries, bytes);
        }
    }

    /// Corrects the bytes of an entry whose length has changed.
    pub(crate) fn resize(&self, from: usize, to: usize) {
        if self.bounds_buffers_alone() {
            return;
        }
        if to > from {
            self.capacity.reserve_held(0, to - from);
        } else {
            self.capacity.release(0, from - to);
        }
    }

    /// Whether capacity is released as soon as entries are collected. If the oldest are dropped, the pipeline has its
    /// own limit, and the buffers always accept the newest.
    fn bounds_buffers_alone(&self) -> bool {
        self.policy == DropPolicy::Oldest
    }

    /// Whether less than a quarter of the capacity is free, so that nothing should be delayed.
    pub(crate) fn is_scarce(&self) -> bool {
        self.capacity.until_scarce().is_none()
    }

    /// How many more entries fit until capacity is scarce, in the signal's unit. At least one.
    pub(crate) fn entries_until_scarce(&self) -> usize {
        let (entries, bytes) = self.capacity.until_scarce().unwrap_or_default();
        entries.min(self.signal.counts(bytes)).max(1)
    }

    /// Panics as often as the test requested.
    #[cfg(test)]
    pub(crate) fn trip(&self) {
        let left = self.trips.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if left.is_ok() {
            // Without the panic hook, which the checker would take for a failure.
            std::panic::resume_unwind(Box::new("expected in this test"));
        }
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

    /// The free entries and bytes, including those reserved by shards, and the total.
    #[cfg(shuttle)]
    pub(crate) fn free(&self) -> ((i64, i64), (i64, i64)) {
        let (mut free, total) = self.capacity.free();
        for shard in &self.shards {
            let (entries, bytes) = shard.unused();
            free = (free.0 + entries, free.1 + bytes);
        }
        (free, total)
    }

    /// The number of entries in all buffers at one time, and the limit.
    #[cfg(shuttle)]
    pub(crate) fn held(&self) -> (usize, usize) {
        let (_, (entries, _)) = self.capacity.free();
        (Shard::held_together(&self.shards), entries as usize)
    }

    pub(crate) fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for shard in &self.shards {
            shard.tally(&mut tally);
        }
        tally
    }
}

thread_local! {
    static SLOT: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// The number of the calling thread, assigned at its first entry.
fn slot() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    SLOT.try_with(|slot| {
        if slot.get() == usize::MAX {
            slot.set(NEXT.fetch_add(1, Ordering::Relaxed));
        }
        slot.get()
    })
    .unwrap_or(0)
}

/// Assigns a number to the calling thread.
#[cfg(shuttle)]
pub(crate) fn set_slot(number: usize) {
    SLOT.with(|slot| slot.set(number));
}

#[cfg(test)]
mod tests {
    use logtide_core::{Head, Level, RecordWriter};

    use super::*;

    /// Lends a record with that time and message.
    pub(super) fn record<R>(time: u64, message: &str, take: impl FnOnce(Record<'_>) -> R) -> R {
        let mut head = Head::new(Level::Info, "");
        head.nanos = time;
        let mut writer = RecordWriter::default();
        let mut fields = writer.begin(&head);
        fields.message(message);
        take(fields.finish())
    }

    /// A message that makes a record of this many bytes.
    fn record_of(bytes: usize) -> String {
        "x".repeat(bytes - record(0, "", |record| record.len()))
    }

    /// How many records of 100 bytes fit.
    fn free_records(intake: &Intake) -> usize {
        let before = intake.tally().dropped.total();
        for _ in 0..2_000 {
            record(0, &record_of(100), |record| intake.offer(record, None));
        }
        2_000 - (intake.tally().dropped.total() - before) as usize
    }

    #[test]
    fn capacity_follows_entries_that_grow_and_shrink() {
        let intake = Intake::new(&ClientOptions::new("http://localhost", "k").max_buffer_bytes(10_000));
        record(0, &record_of(100), |record| intake.offer(record, None));
        intake.resize(100, 10_000);
        assert_eq!(free_records(&intake), 0);
        intake.resize(10_000, 9_500);
        assert_eq!(free_records(&intake), 5);
        intake.release(6, 10_000);
        assert_eq!(free_records(&intake), 100);
    }

    #[test]
    fn an_entry_is_counted_together_with_its_outcome() {
        let intake = Intake::new(&ClientOptions::new("http://localhost", "k").max_buffer_size(1));
        let offer = || record(0, "m", |record| intake.offer_to(0, record, &mut None));
        assert_eq!((offer(), intake.tally().logged), (Offer::Taken, 1));
        assert_eq!((offer(), intake.tally().logged), (Offer::Full, 1), "its caller applies the drop policy");
        intake.close();
        assert_eq!((offer(), intake.tally().logged), (Offer::Closed, 2));
        assert_eq!(intake.tally().dropped.get(DropReason::Closed), 1);
    }

    #[test]
    fn an_entry_is_not_written_while_the_buffer_is_full() {
        let intake = Intake::new(&ClientOptions::new("http://localhost", "k").max_buffer_size(2));
        let offer = || record(0, "m", |record| intake.offer(record, None));
        assert!(!intake.refuses());
        for _ in 0..3 {
            offer();
        }
        assert!(intake.refuses() && intake.refuses());
        assert_eq!((intake.tally().logged, intake.tally().dropped.get(DropReason::BufferFull)), (5, 3));
        intake.release(1, 0);
        assert!(!intake.refuses());
        offer();
        assert!(!intake.refuses(), "no caller has found it full since");
        offer();
        assert!(intake.refuses());
        intake.close();
        assert!(intake.refuses());
        assert_eq!(intake.tally().dropped.get(DropReason::Closed), 1);
    }
}
