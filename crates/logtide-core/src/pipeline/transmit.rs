//! Batches on their way out.

use bytes::Bytes;

use super::Pipeline;
use crate::{Tick, batch::Batch, breaker::Admission};

/// Names a batch that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BatchId(u64);

/// A request that the driver shall send now.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[must_use]
pub struct Transmit {
    /// The name under which the outcome is handed in.
    pub id: BatchId,
    /// The body of `POST /api/v1/ingest`, `application/json`.
    pub body: Bytes,
    /// How many entries are in it.
    pub entries: usize,
    /// Failed attempts before this one.
    pub attempt: u32,
}

#[derive(Debug)]
pub(super) struct InFlight {
    pub(super) id: BatchId,
    pub(super) batch: Batch,
    pub(super) sent: Tick,
    pub(super) probe: bool,
}

impl Pipeline {
    /// The next request to send, if one is due. Called until it gives `None`.
    pub fn poll_transmit(&mut self, now: Tick) -> Option<Transmit> {
        if self.in_flight.len() >= self.options.max_in_flight || now < self.paused_until {
            return None;
        }
        let index = self.candidates().position(|batch| self.ready_at(batch) <= now)?;
        let probe = match self.breaker.admit(now) {
            Admission::Admitted => false,
            Admission::Probe => true,
            Admission::Refused => return None,
        };
        let batch = self.queue.remove(index)?;
        let mut batch = self.cut_to_limit(batch, index);
        let size = batch.size();
        self.waiting.subtract(size);
        self.flying.add(size);
        self.counters.requests += 1;
        let id = BatchId(self.next_batch);
        self.next_batch += 1;
        let transmit = Transmit { id, body: batch.request(), entries: size.entries, attempt: batch.attempts };
        self.in_flight.push(InFlight { id, batch, sent: now, probe });
        Some(transmit)
    }

    /// The batches that may go next: with one request at a time only the oldest, so that the order is kept.
    pub(super) fn candidates(&self) -> impl Iterator<Item = &Batch> {
        self.queue.iter().take(if self.options.max_in_flight == 1 { 1 } else { usize::MAX })
    }

    /// When a batch may go out, as far as the batch itself is concerned.
    pub(super) fn ready_at(&self, batch: &Batch) -> Tick {
        let waits = !batch.sealed
            && batch.first >= self.due_before
            && self.waiting.entries < self.options.batch_size
            && self.waiting.bytes < self.batch_bytes;
        if waits { batch.since.after(self.options.flush_interval) } else { batch.not_before }
    }

    /// Keeps as much of a batch as a server takes that has refused larger bodies; the rest goes back to its place.
    fn cut_to_limit(&mut self, mut batch: Batch, index: usize) -> Batch {
        while batch.len() > 1 && batch.request_len() > self.batch_bytes {
            let (middle, budget) = (batch.middle_by_bytes(), batch.budget.clone());
            let [first, second] = batch.split(middle, budget);
            self.queue.insert(index, second);
            batch = first;
        }
        batch
    }
}
