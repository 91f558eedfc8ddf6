//! Entries on their way in.

use std::collections::VecDeque;

use super::{Overflow, Pipeline};
use crate::{
    DropReason, Event, Tick,
    batch::{Batch, Size},
    limits::{MAX_BATCH_ENTRIES, MAX_BODY_BYTES},
};

/// What became of an entry that was pushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Admit {
    /// It waits for delivery.
    Accepted,
    /// It waits for delivery, and so many older entries were dropped to make room.
    Evicted(usize),
    /// It was dropped.
    Dropped(DropReason),
}

impl Pipeline {
    /// Takes an encoded entry: one JSON object, as [`Encoder`](crate::Encoder) writes it.
    ///
    /// `since` is when it was logged: from then on it waits for company. It may lie before the time of other calls.
    pub fn push(&mut self, entry: crate::Record<'_>, since: Tick) -> Admit {
        let entry = entry.as_bytes();
        self.counters.logged += 1;
        if self.closing.is_some() {
            return self.refuse(DropReason::Closed);
        }
        if Batch::request_len_of(entry.len()) > MAX_BODY_BYTES || entry.len() > self.options.max_bytes {
            return self.refuse(DropReason::TooLarge);
        }
        let mut evicted = 0;
        while !self.has_room_beside(self.held(), entry.len()) {
            // What is under way stays: where that alone leaves no room, an eviction would be in vain.
            let in_vain = !self.has_room_beside(self.flying, entry.len());
            if self.options.overflow == Overflow::Newest || in_vain || !self.evict() {
                return self.refuse(DropReason::BufferFull);
            }
            evicted += 1;
        }
        self.append(entry, since);
        if evicted == 0 { Admit::Accepted } else { Admit::Evicted(evicted) }
    }

    fn refuse(&mut self, reason: DropReason) -> Admit {
        self.counters.dropped.add(reason, 1);
        Admit::Dropped(reason)
    }

    fn held(&self) -> Size {
        let mut held = self.waiting;
        held.add(self.flying);
        held
    }

    const fn has_room_beside(&self, held: Size, bytes: usize) -> bool {
        held.entries < self.options.max_entries && held.bytes + bytes <= self.options.max_bytes
    }

    fn append(&mut self, entry: &[u8], since: Tick) {
        let last = match self.queue.back_mut() {
            Some(last) if last.fits(entry.len(), self.batch_bytes) => last,
            last => {
                if let Some(full) = last {
                    full.sealed = true;
                    full.due |= full.len() < MAX_BATCH_ENTRIES;
                }
                let batch = Batch::new(self.spares.take(), self.next_entry, since);
                self.queue.push_back(batch);
                self.queue.back_mut().expect("a batch was just put there")
            }
        };
        last.append(entry);
        let is_full = last.request_len() >= self.batch_bytes;
        self.next_entry += 1;
        self.waiting.add(Size { entries: 1, bytes: entry.len() });
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

    /// Evictions in a row are one event: under overload there is one with every entry.
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

    /// Drops the oldest entry that is not under way.
    fn evict(&mut self) -> bool {
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
        self.waiting.subtract(Size { entries: 1, bytes });
        self.due_before = self.due_before.max(number + 1);
        self.counters.dropped.add(DropReason::BufferFull, 1);
        self.flushes.resolve(number, 1);
        self.tell_evicted();
        true
    }
}
