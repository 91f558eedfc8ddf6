//! Entries on their way in.

use super::{Overflow, Pipeline};
use crate::{
    DropReason, Event, Tick,
    batch::{Batch, Size},
    limits::MAX_BODY_BYTES,
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
    pub fn push(&mut self, entry: &[u8], since: Tick) -> Admit {
        self.counters.logged += 1;
        if self.closed {
            return self.refuse(DropReason::Closed);
        }
        if Batch::request_len_of(entry.len()) > MAX_BODY_BYTES {
            return self.refuse(DropReason::TooLarge);
        }
        let mut evicted = 0;
        while !self.has_room_for(entry.len()) {
            if self.options.overflow == Overflow::Newest || !self.evict() {
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

    /// An entry larger than the whole buffer fits when nothing else is there.
    fn has_room_for(&self, bytes: usize) -> bool {
        let held = self.waiting.entries + self.flying.entries;
        held < self.options.max_entries
            && (held == 0 || self.pending_bytes() + bytes <= self.options.max_bytes)
    }

    fn append(&mut self, entry: &[u8], since: Tick) {
        let last = match self.queue.back_mut() {
            Some(last) if last.fits(entry.len(), self.batch_bytes) => last,
            last => {
                if let Some(full) = last {
                    full.sealed = true;
                }
                let batch = Batch::new(self.spares.take(), self.next_entry, since);
                self.queue.push_back(batch);
                self.queue.back_mut().expect("a batch was just put there")
            }
        };
        last.append(entry);
        self.next_entry += 1;
        self.waiting.add(Size { entries: 1, bytes: entry.len() });
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
        let Some(oldest) = self.queue.front_mut() else {
            return false;
        };
        let number = oldest.first;
        let bytes = oldest.skip();
        if oldest.len() == 0 {
            self.queue.pop_front();
        }
        self.waiting.subtract(Size { entries: 1, bytes });
        self.counters.dropped.add(DropReason::BufferFull, 1);
        self.flushes.resolve(number, 0, 1);
        self.tell_evicted();
        true
    }
}
