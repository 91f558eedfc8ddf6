//! Handling the outcome of a batch.

use super::{BatchId, GiveUp, Pipeline, most_batch_bytes, retry::Cause, transmit::InFlight};
use crate::{DropReason, Event, Outcome, Tick, batch::Batch};

/// The lower bound for the body size of a server that rejects large bodies.
const MIN_BATCH_BYTES: usize = 1_024;

impl Pipeline {
    /// Reports the outcome of a [`Transmit`](super::Transmit). An outcome after the end of a close has no effect.
    pub fn handle_outcome(&mut self, id: BatchId, outcome: Outcome, now: Tick) {
        let Some(index) = self.in_flight.iter().position(|flight| flight.id == id) else {
            return;
        };
        let mut flight = self.in_flight.remove(index);
        let body = std::mem::take(&mut flight.body);
        let body_bytes = flight.body_bytes;
        self.bodies.give_back(body);
        self.flying.subtract(flight.batch.size());
        self.counters.errors += u64::from(!matches!(outcome, Outcome::Stored { .. }));
        match outcome {
            Outcome::Stored { received, rejected } => self.stored(flight, received, rejected, now),
            Outcome::Refused { detail } => {
                self.answered();
                self.isolate(flight.batch, DropReason::Rejected, detail, now);
            }
            Outcome::TooLarge { detail } => {
                self.answered();
                self.learn_limit(&flight.batch, body_bytes);
                self.isolate(flight.batch, DropReason::TooLarge, detail, now);
            }
            Outcome::Denied { detail, .. } if self.options.give_up == GiveUp::AfterRetries => {
                self.answered();
                self.lose(flight.batch, DropReason::Denied, detail);
            }
            Outcome::Denied { key_rejected, detail } => {
                self.retry(flight, Cause::Denied { key_rejected }, None, detail, now);
            }
            Outcome::Limited { retry_after, detail } => {
                self.answered();
                self.retry(flight, Cause::Limited, retry_after, detail, now);
            }
            Outcome::Failed { retry_after, detail } => {
                if let Some(flight) = self.suspect(flight, retry_after, &detail, now) {
                    self.retry(flight, Cause::Failed, retry_after, detail, now);
                }
            }
            Outcome::Unavailable { retry_after, detail } => {
                self.retry(flight, Cause::Unavailable, retry_after, detail, now);
            }
        }
        self.finish_flushes(now);
    }

    fn stored(&mut self, flight: InFlight, received: Option<usize>, rejected: usize, now: Tick) {
        let (first, entries) = (flight.batch.first, flight.batch.len());
        let rejected = rejected.min(entries);
        let delivered = received.unwrap_or(entries).min(entries - rejected);
        let unconfirmed = entries - rejected - delivered;
        let latency = now.since(flight.sent);
        self.answered();
        self.deliveries += 1;
        self.detour = 0;
        if let Some(closing) = &mut self.closing {
            closing.succeeded(now);
            // One more failure tells the batches that the server fails on from an outage.
            for suspect in &mut self.suspects {
                suspect.not_before = now;
            }
        }
        self.unlearn_limit();
        if first < Self::FIRST_ENTRY {
            self.counters.recovered.delivered += delivered as u64;
        } else {
            self.counters.delivered += delivered as u64;
        }
        self.counters.latency.0 += latency;
        self.counters.latency.1 += 1;
        self.events.push_back(Event::Delivered { entries: delivered, latency });
        self.count_lost(first, rejected, DropReason::Rejected, "the server listed them as rejected");
        self.count_lost(
            first,
            unconfirmed,
            DropReason::Unconfirmed,
            "the server received fewer entries than were sent",
        );
        self.resolve(first, entries as u64);
        self.rows.give(flight.batch);
    }

    /// Records that a body of this size is too large. A little more than half of it allows both halves of the batch.
    fn learn_limit(&mut self, batch: &Batch, refused: usize) {
        if batch.len() > 1 {
            self.batch_bytes = self.batch_bytes.min((refused / 2 + refused / 16).max(MIN_BATCH_BYTES));
        }
    }

    /// Raises the limit gradually: it may have been that of a proxy that is gone, or a temporary condition.
    fn unlearn_limit(&mut self) {
        let most = most_batch_bytes(&self.options, &*self.wire);
        self.batch_bytes = (self.batch_bytes + self.batch_bytes / 64).min(most);
    }

    /// Records that the server works.
    fn answered(&mut self) {
        self.away = 0;
        self.away_until = Tick::ZERO;
        if self.breaker.on_success() {
            // A probe in flight decides nothing any more, because another response came first.
            for flight in &mut self.in_flight {
                flight.probe = false;
            }
            self.events.push_back(Event::CircuitClosed);
        }
    }

    /// Puts a batch back into the queue at its place.
    pub(super) fn put_back(&mut self, batch: Batch) {
        self.waiting.add(batch.size());
        let queue = if batch.suspect { &mut self.suspects } else { &mut self.queue };
        let place = queue.partition_point(|other| other.first < batch.first);
        queue.insert(place, batch);
    }

    /// Drops a batch that is neither in the queue nor in flight.
    pub(super) fn lose(&mut self, batch: Batch, reason: DropReason, detail: String) {
        self.count_lost(batch.first, batch.len(), reason, &detail);
        self.resolve(batch.first, batch.len() as u64);
        self.rows.give(batch);
    }

    /// Records that entries from this number on are settled.
    pub(super) fn resolve(&mut self, first: u64, entries: u64) {
        self.settle_stored(&(first..first + entries));
        self.resolve_flushes(first, entries);
    }

    /// Notifies the flushes. Those of this process do not wait for entries of others.
    pub(super) fn resolve_flushes(&mut self, first: u64, entries: u64) {
        if first >= Self::FIRST_ENTRY {
            self.flushes.resolve(first, entries);
        }
    }

    /// Counts entries as lost and emits an event. `first` is the number of the first entry, or close to it.
    pub(super) fn count_lost(&mut self, first: u64, entries: usize, reason: DropReason, detail: &str) {
        if entries > 0 {
            self.book_lost(first, entries, reason);
            self.events.push_back(Event::Dropped { entries, reason, detail: detail.to_owned() });
        }
    }

    pub(super) fn book_lost(&mut self, first: u64, entries: usize, reason: DropReason) {
        if first < Self::FIRST_ENTRY {
            self.counters.recovered.dropped += entries as u64;
        } else {
            self.counters.dropped.add(reason, entries as u64);
        }
    }
}
