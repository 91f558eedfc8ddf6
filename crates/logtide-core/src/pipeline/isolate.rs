//! Finding bad entries.

use std::time::Duration;

use super::{GiveUp, Pipeline, transmit::InFlight};
use crate::{DropReason, Event, Tick, batch::Batch};

/// How often the server must fail on one entry, while it accepts others, until the entry counts as rejected. A server
/// that fails on every second request for a while must not cost a good entry.
const MAX_SOLE_FAILURES: u32 = 10;

impl Pipeline {
    /// Splits a batch that the server rejected, or drops the entry that it rejected alone.
    ///
    /// Both parts keep their place while there is budget. Without it they are sent in addition to the other batches.
    pub(super) fn isolate(&mut self, batch: Batch, reason: DropReason, detail: String, now: Tick) {
        if batch.len() == 1 {
            return self.lose(batch, reason, detail);
        }
        let middle = if reason == DropReason::TooLarge { batch.middle_by_bytes() } else { batch.len() / 2 };
        let unpaid = batch.suspect || self.closing.is_some() || !self.budget.spend(2, now);
        self.divide(batch, middle, unpaid, detail);
    }

    /// Handles a failure of a server that works for others: an entry of this batch may be the cause.
    ///
    /// Returns the batch if there is no sign of that.
    pub(super) fn suspect(
        &mut self,
        flight: InFlight,
        retry_after: Option<Duration>,
        detail: &str,
        now: Tick,
    ) -> Option<InFlight> {
        let batch = &flight.batch;
        let took_others = batch.failed_after.is_some_and(|deliveries| deliveries < self.deliveries);
        let was_parked = batch.attempts >= self.options.max_retries || self.closing.is_some();
        let is_known = if batch.suspect { batch.failed_after.is_some() } else { took_others && was_parked };
        if !is_known || self.options.give_up == GiveUp::AfterRetries {
            return Some(flight);
        }
        let InFlight { mut batch, probe, .. } = flight;
        self.pause(&batch, retry_after, now);
        if probe {
            self.failed(detail.to_owned(), now);
        }
        batch.failed_after = Some(self.deliveries);
        if took_others && batch.len() > 1 {
            let middle = batch.len() / 2;
            self.divide(batch, middle, true, detail.to_owned());
            return None;
        }
        batch.sole_failures += u32::from(took_others);
        if batch.sole_failures >= MAX_SOLE_FAILURES {
            self.lose(batch, DropReason::Rejected, detail.to_owned());
            return None;
        }
        self.schedule(&mut batch, None, detail.to_owned(), now);
        batch.suspect = true;
        self.put_back(batch);
        None
    }

    /// Puts back a parked batch that the server failed on while it accepted no other.
    ///
    /// If it happens again, or there is little time because the pipeline closes, the next attempt goes to the next
    /// batch. Its success shows that the server works and that an entry of this batch is the cause. Once all batches
    /// have failed, the oldest is split, because one of its halves may succeed.
    pub(super) fn give_way(&mut self, mut batch: Batch) {
        let (next, is_suspect) = (batch.first + batch.len() as u64, batch.suspect);
        let is_oldest = batch.first <= self.oldest_waiting();
        let again = batch.failed_after.replace(self.deliveries).is_some() || self.closing.is_some();
        self.put_back(batch);
        if is_suspect {
            return;
        }
        self.detour = if again || !is_oldest { next } else { 0 };
        if self.queue.back().is_some_and(|last| last.first < self.detour) {
            self.detour = 0;
            self.divide_oldest();
        }
        let start = self.detour_start();
        if let Some(batch) = self.queue.get_mut(start) {
            batch.due = true;
        }
    }

    /// The position in the queue from which batches are tried.
    pub(super) fn detour_start(&self) -> usize {
        let start = self.queue.partition_point(|batch| batch.first < self.detour);
        if start < self.queue.len() { start } else { 0 }
    }

    fn divide_oldest(&mut self) {
        if self.queue.front().is_none_or(|batch| batch.len() == 1) {
            return;
        }
        let Some(oldest) = self.queue.pop_front() else { return };
        self.waiting.subtract(oldest.size());
        let middle = oldest.len() / 2;
        for mut part in oldest.split(middle) {
            part.attempts = self.options.max_retries;
            self.put_back(part);
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
