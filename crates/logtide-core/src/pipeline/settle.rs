//! What came of a batch.

use std::time::Duration;

use bytes::BytesMut;

use super::{BatchId, Pipeline, transmit::InFlight};
use crate::{
    CircuitState, DropReason, Event, Outcome, Tick,
    batch::Batch,
    budget::{Budget, SPLIT_REQUESTS},
    limits::MAX_BODY_BYTES,
    retry_after::MAX_RETRY_AFTER,
};

/// The least that a server which refuses large bodies is believed to take.
const MIN_BATCH_BYTES: usize = 1_024;

impl Pipeline {
    /// Hands in what came of a [`Transmit`](super::Transmit). An outcome that comes after the pipeline was closed changes nothing.
    pub fn handle_outcome(&mut self, id: BatchId, outcome: Outcome, now: Tick) {
        let Some(index) = self.in_flight.iter().position(|flight| flight.id == id) else {
            return;
        };
        let flight = self.in_flight.remove(index);
        self.flying.subtract(flight.batch.size());
        self.counters.errors += u64::from(!matches!(outcome, Outcome::Stored { .. }));
        match outcome {
            Outcome::Stored { received, rejected } => self.stored(flight, received, rejected, now),
            Outcome::Refused { detail } => {
                self.answered();
                self.halve(flight.batch, DropReason::Rejected, detail);
            }
            Outcome::TooLarge { detail } => {
                self.answered();
                self.learn_limit(&flight.batch);
                self.halve(flight.batch, DropReason::TooLarge, detail);
            }
            Outcome::Denied { detail } => {
                self.answered();
                self.lose(flight.batch, DropReason::Denied, detail);
            }
            Outcome::Limited { retry_after, detail } => {
                self.answered();
                self.retry(flight.batch, retry_after, detail, now);
            }
            Outcome::Unavailable { retry_after, detail } if flight.probe => {
                self.pause(retry_after, now);
                self.failed(detail, now);
                self.put_back(flight.batch);
            }
            Outcome::Unavailable { retry_after, detail } => {
                let given_up = !self.retry(flight.batch, retry_after, detail.clone(), now);
                // While a probe is out, it alone decides: a late failure would let a second one through.
                if given_up && self.breaker.state() != CircuitState::HalfOpen {
                    self.failed(detail, now);
                }
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
        self.unlearn_limit();
        self.counters.delivered += delivered as u64;
        self.counters.latency.0 += latency;
        self.counters.latency.1 += 1;
        self.events.push_back(Event::Delivered { entries: delivered, latency });
        self.count_lost(rejected, DropReason::Rejected, "the server listed them as rejected");
        self.count_lost(
            unconfirmed,
            DropReason::Unconfirmed,
            "the server says it received fewer than it was sent",
        );
        self.flushes.resolve(first, delivered as u64, (rejected + unconfirmed) as u64);
        self.spares.give(flight.batch);
    }

    /// Remembers that a body of this size is too large. A little more than half of it lets both halves of the batch through.
    fn learn_limit(&mut self, batch: &Batch) {
        if batch.len() > 1 {
            let refused = batch.request_len();
            self.batch_bytes = self.batch_bytes.min((refused / 2 + refused / 16).max(MIN_BATCH_BYTES));
        }
    }

    /// Forgets a limit little by little: it may have been a proxy's that is gone, or of one bad moment.
    fn unlearn_limit(&mut self) {
        let most = self.options.max_batch_bytes.min(MAX_BODY_BYTES);
        self.batch_bytes = (self.batch_bytes + self.batch_bytes / 64).min(most);
    }

    /// The server works, whatever it says.
    fn answered(&mut self) {
        if self.breaker.on_success() {
            self.events.push_back(Event::CircuitClosed);
        }
    }

    fn failed(&mut self, detail: String, now: Tick) {
        if self.breaker.on_failure(now) {
            self.counters.circuit_breaker_trips += 1;
            self.events.push_back(Event::CircuitOpened { reset: self.options.circuit_breaker_reset, detail });
        }
    }

    /// Divides a batch with bad entries, or drops it when there is nothing to divide or its budget is used up.
    fn halve(&mut self, batch: Batch, reason: DropReason, detail: String) {
        let budget = batch.budget.clone().unwrap_or_else(|| Budget::new(SPLIT_REQUESTS));
        if batch.len() == 1 || !budget.spend(2) {
            return self.lose(batch, reason, detail);
        }
        self.events.push_back(Event::Split { entries: batch.len(), detail });
        let middle = if reason == DropReason::TooLarge { batch.middle_by_bytes() } else { batch.len() / 2 };
        let [first, second] = batch.split(middle, Some(budget));
        self.put_back(second);
        self.put_back(first);
    }

    /// Schedules another attempt, or drops the batch when all are used up and says `false`.
    fn retry(&mut self, mut batch: Batch, retry_after: Option<Duration>, detail: String, now: Tick) -> bool {
        self.pause(retry_after, now);
        if batch.attempts >= self.options.max_retries {
            self.lose(batch, DropReason::RetriesExhausted, detail);
            return false;
        }
        let delay =
            retry_after.map_or_else(|| self.backoff.delay(batch.attempts), |wait| wait.min(MAX_RETRY_AFTER));
        batch.attempts += 1;
        batch.not_before = now.after(delay);
        self.counters.retries += 1;
        self.events.push_back(Event::Retrying {
            entries: batch.len(),
            attempt: batch.attempts,
            delay,
            detail,
        });
        self.put_back(batch);
        true
    }

    /// Sends nothing for as long as the server asks.
    fn pause(&mut self, retry_after: Option<Duration>, now: Tick) {
        if let Some(wait) = retry_after {
            self.paused_until = self.paused_until.max(now.after(wait.min(MAX_RETRY_AFTER)));
        }
    }

    fn put_back(&mut self, batch: Batch) {
        self.waiting.add(batch.size());
        self.queue.push_front(batch);
    }

    /// Drops a whole batch that is neither in the queue nor under way any more.
    pub(super) fn lose(&mut self, batch: Batch, reason: DropReason, detail: String) {
        self.count_lost(batch.len(), reason, &detail);
        self.flushes.resolve(batch.first, 0, batch.len() as u64);
        self.spares.give(batch);
    }

    fn count_lost(&mut self, entries: usize, reason: DropReason, detail: &str) {
        if entries > 0 {
            self.counters.dropped.add(reason, entries as u64);
            self.events.push_back(Event::Dropped { entries, reason, detail: detail.to_owned() });
        }
    }
}

/// Buffers of batches that are done, for those to come.
#[derive(Debug, Default)]
pub(super) struct Spares(Vec<BytesMut>);

impl Spares {
    /// Enough for the one that is filled and the one that is under way.
    const KEPT: usize = 2;

    pub(super) fn take(&mut self) -> BytesMut {
        self.0.pop().unwrap_or_default()
    }

    fn give(&mut self, batch: Batch) {
        if self.0.len() < Self::KEPT {
            self.0.extend(batch.into_spare());
        }
    }
}
