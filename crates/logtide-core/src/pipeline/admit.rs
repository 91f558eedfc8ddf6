//! Accepting entries.

use std::collections::VecDeque;

use super::{Overflow, Pipeline};
use crate::{
    DropReason, Event, Record, Tick,
    batch::{Batch, Size},
};

/// What happened to an entry that was pushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Admit {
    /// It was accepted.
    Accepted,
    /// It was accepted, and this many older entries were dropped for it.
    Evicted(usize),
    /// It was dropped.
    Dropped(DropReason),
}

impl Pipeline {
    /// Accepts an entry that a [`RecordWriter`](crate::RecordWriter) wrote.
    ///
    /// `since` is when it was logged: its flush interval starts then. It may be earlier than the times of other
    /// calls.
    ///
    /// A record that is larger than `max_bytes`, or than the wire allows a body to be, is dropped as
    /// [`TooLarge`](DropReason::TooLarge).
    pub fn push(&mut self, record: Record<'_>, since: Tick) -> Admit {
        self.counters.logged += 1;
        if self.closing.is_some() {
            return self.refuse(DropReason::Closed);
        }
        let bytes = record.len();
        if bytes > self.options.max_bytes || bytes > self.wire.max_body_bytes() {
            return self.refuse(DropReason::TooLarge);
        }
        let mut evicted = 0;
        if !self.has_room_beside(self.held(), bytes) {
            self.shed();
        }
        while !self.has_room_beside(self.held(), bytes) {
            // Entries in flight cannot be evicted. If they alone fill the buffer, evicting others would not help.
            let in_vain = !self.has_room_beside(self.flying, bytes);
            if self.options.overflow == Overflow::Newest || in_vain || !self.evict() {
                return self.refuse(DropReason::BufferFull);
            }
            evicted += 1;
        }
        self.append(record, since);
        if evicted == 0 { Admit::Accepted } else { Admit::Evicted(evicted) }
    }

    fn refuse(&mut self, reason: DropReason) -> Admit {
        self.counters.dropped.add(reason, 1);
        Admit::Dropped(reason)
    }

    pub(super) const fn held(&self) -> Size {
        Size { entries: self.held_entries(), bytes: self.held_bytes() }
    }

    /// With a spool, the number of entries decides when they are written, and only their bytes are limited: the disk
    /// needs time for a burst.
    const fn has_room_beside(&self, held: Size, bytes: usize) -> bool {
        (self.has_spool() || held.entries < self.options.max_entries)
            && held.bytes + bytes <= self.options.max_bytes
    }

    fn append(&mut self, record: Record<'_>, since: Tick) {
        let limit = Size { entries: self.wire.max_entries().max(1), bytes: self.batch_bytes };
        let last = match self.queue.back_mut() {
            Some(last) if last.fits(record, limit) => last,
            last => {
                if let Some(full) = last.filter(|last| !last.sealed) {
                    self.rows.note(full.size());
                    full.seal();
                    full.due |= full.len() < limit.entries;
                }
                let batch = Batch::new(self.rows.take(), self.next_entry, since);
                self.queue.push_back(batch);
                self.queue.back_mut().expect("a batch was just put there")
            }
        };
        last.append(record);
        // The body is made when it is sent. Until then the size of the records is used.
        let is_full = last.size().bytes >= limit.bytes;
        self.next_entry += 1;
        self.waiting.add(Size { entries: 1, bytes: record.len() });
        if is_full || self.lingering() >= self.options.batch_size {
            self.due_before = self.next_entry;
        }
    }

    /// Entries that still wait for others to join them.
    pub(super) const fn lingering(&self) -> usize {
        // The buffer is bounded by a `usize`.
        (self.next_entry - self.due_before) as usize
    }

    /// The number of the oldest entry in the queue, or of the next when it is empty.
    pub(super) fn oldest_waiting(&self) -> u64 {
        self.queue.front().map_or(self.next_entry, |batch| batch.first)
    }

    /// Consecutive evictions are one event: under overload there is one for every entry.
    fn tell_evicted(&mut self) {
        match self.events.back_mut() {
            Some(Event::Dropped { entries, reason: DropReason::BufferFull, .. }) => *entries += 1,
            _ => self.events.push_back(Event::Dropped {
                entries: 1,
                reason: DropReason::BufferFull,
                detail: String::new(),
            }),
        }
    }

    /// Drops the oldest entry that is neither in flight nor in a file.
    fn evict(&mut self) -> bool {
        #[cfg(feature = "spool")]
        if let Some(files) = &self.spool {
            return self.evict_from(files.written_before);
        }
        let first = |queue: &VecDeque<Batch>| queue.front().map_or(u64::MAX, |batch| batch.first);
        let is_suspect = first(&self.suspects) < first(&self.queue);
        let queue = if is_suspect { &mut self.suspects } else { &mut self.queue };
        let Some(oldest) = queue.front_mut() else {
            return false;
        };
        let number = oldest.first;
        let bytes = oldest.skip();
        if oldest.len() == 0 {
            queue.pop_front();
        }
        self.evicted(number, bytes);
        true
    }

    fn evicted(&mut self, number: u64, bytes: usize) {
        self.waiting.subtract(Size { entries: 1, bytes });
        self.due_before = self.due_before.max(number + 1);
        self.counters.dropped.add(DropReason::BufferFull, 1);
        self.resolve(number, 1);
        self.tell_evicted();
    }

    /// Drops the oldest entry in the queue with this number or a higher one.
    #[cfg(feature = "spool")]
    fn evict_from(&mut self, number: u64) -> bool {
        self.divide_queue_at(number);
        let index = self.queue.partition_point(|batch| batch.first < number);
        let Some(oldest) = self.queue.get_mut(index) else { return false };
        let number = oldest.first;
        let bytes = oldest.skip();
        if oldest.len() == 0 {
            self.queue.remove(index);
        }
        self.evicted(number, bytes);
        true
    }
}
