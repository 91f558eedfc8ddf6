//! Finding bad entries.

use super::{Pipeline, transmit::InFlight};
use crate::{DropReason, Event, Tick, batch::Batch};

/// How often the server must fail on one entry, while it takes others, until the entry counts as refused.
const MAX_DOUBTS: u32 = 3;

impl Pipeline {
    /// Divides a batch that the server refused, or drops the entry that it refused alone.
    ///
    /// Both parts keep their place while the budget lasts. Beyond it they are sent beside the other batches.
    pub(super) fn isolate(&mut self, batch: Batch, reason: DropReason, detail: String, now: Tick) {
        if batch.len() == 1 {
            return self.lose(batch, reason, detail);
        }
        let middle = if reason == DropReason::TooLarge { batch.middle_by_bytes() } else { batch.len() / 2 };
        let unpaid = batch.suspect || self.closing.is_some() || !self.budget.spend(2, now);
        self.divide(batch, middle, unpaid, detail);
    }

    /// Handles the failure of a server that is known to work for others: an entry of this batch may be the cause.
    ///
    /// Gives the batch back when nothing speaks against it.
    pub(super) fn suspect(&mut self, flight: InFlight, detail: &str, now: Tick) -> Option<InFlight> {
        let took_others = flight.batch.failed_after.is_some_and(|deliveries| deliveries < self.deliveries);
        let was_parked = flight.batch.attempts >= self.options.max_retries;
        if !flight.batch.suspect && !(took_others && was_parked) {
            return Some(flight);
        }
        let InFlight { mut batch, probe, .. } = flight;
        if probe {
            self.failed(detail.to_owned(), now);
        }
        batch.failed_after = Some(self.deliveries);
        if took_others && batch.len() > 1 {
            let middle = batch.len() / 2;
            self.divide(batch, middle, true, detail.to_owned());
            return None;
        }
        batch.doubts += u32::from(took_others);
        if batch.doubts >= MAX_DOUBTS {
            self.lose(batch, DropReason::Rejected, detail.to_owned());
            return None;
        }
        self.schedule(&mut batch, None, detail.to_owned(), now);
        batch.suspect = true;
        self.put_back(batch);
        None
    }

    /// Puts a parked batch back that the server failed on while it took no other.
    ///
    /// When it happens again, the next attempt goes to another batch, or to one half of this one: its success would tell that the
    /// server works and that an entry is the cause.
    pub(super) fn give_way(&mut self, mut batch: Batch) {
        let again = batch.failed_after.replace(self.deliveries).is_some();
        if again && self.queue.is_empty() && batch.len() > 1 {
            let middle = batch.len() / 2;
            for mut part in batch.split(middle) {
                part.attempts = self.options.max_retries;
                self.put_back(part);
            }
            return;
        }
        self.put_back(batch);
        self.detour = again && !self.detour && self.queue.len() > 1;
        if self.detour {
            self.queue[1].due = true;
        }
    }

    fn divide(&mut self, batch: Batch, middle: usize, aside: bool, detail: String) {
        self.events.push_back(Event::Split { entries: batch.len(), detail });
        for mut part in batch.split(middle) {
            part.suspect |= aside;
            self.put_back(part);
        }
    }
}
