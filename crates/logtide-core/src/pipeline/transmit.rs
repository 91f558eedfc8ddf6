//! Batches on their way out.

use bytes::Bytes;

use super::{Pipeline, Wake};
use crate::{CircuitState, Tick, batch::Batch, breaker::Admission};

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
    /// shim
    pub path: &'static str,
    /// shim
    pub content_type: &'static str,
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
        if now < self.open_at().0 {
            return None;
        }
        let suspect = self.next_suspect().filter(|(_, at)| *at <= now);
        let (is_suspect, index) = match suspect {
            Some((index, _)) => (true, index),
            None => (false, self.candidates().find(|(_, batch)| self.ready_at(batch) <= now)?.0),
        };
        let probe = match self.breaker.admit(now) {
            Admission::Admitted => false,
            Admission::Probe => true,
            // The last attempt of a close is made beside a probe that hangs.
            Admission::Refused if self.closing.is_some() => false,
            Admission::Refused => return None,
        };
        let batch = if is_suspect {
            self.budget.spend(1, now);
            self.suspects.remove(index)?
        } else {
            self.queue.remove(index)?
        };
        let mut batch = self.cut_to_limit(batch, index);
        let size = batch.size();
        self.waiting.subtract(size);
        self.flying.add(size);
        self.due_before = self.due_before.max(batch.first + size.entries as u64);
        self.counters.requests += 1;
        let id = BatchId(self.next_batch);
        self.next_batch += 1;
        let transmit = Transmit { id, body: batch.request(), entries: size.entries, attempt: batch.attempts, path: self.wire.path(), content_type: self.wire.content_type() };
        self.in_flight.push(InFlight { id, batch, sent: now, probe });
        Some(transmit)
    }

    /// The batches that may go next, with their places: with one request at a time only the oldest, so that the order is kept.
    pub(super) fn candidates(&self) -> impl Iterator<Item = (usize, &Batch)> {
        let taken = if self.options.max_in_flight == 1 { 1 } else { usize::MAX };
        self.queue.iter().enumerate().skip(self.detour_start()).take(taken)
    }

    /// When something may go out, as far as the server and the requests under way are concerned; the end of time when only an
    /// outcome can tell.
    pub(super) fn open_at(&self) -> (Tick, Wake) {
        let is_full = self.in_flight.len() >= self.options.max_in_flight;
        let is_probing = self.breaker.state() == CircuitState::HalfOpen;
        if let Some(closing) = self.closing {
            // The last attempt is made beside a request that hangs.
            let is_spent = self.in_flight.len() > self.options.max_in_flight;
            let beside = if is_full || is_probing { closing.last_attempt() } else { Tick::ZERO };
            let at = if is_spent { Tick::MAX } else { closing.ready_at().max(beside) };
            return (at, Wake::Retry);
        }
        if is_full || is_probing {
            return (Tick::MAX, Wake::Retry);
        }
        let probe = self.breaker.probe_at().unwrap_or(Tick::ZERO);
        [(self.paused_until, Wake::Pause), (self.away_until, Wake::Parked), (probe, Wake::Probe)]
            .into_iter()
            .max_by_key(|(at, _)| *at)
            .unwrap_or((Tick::ZERO, Wake::Probe))
    }

    /// When a batch may go out, as far as the batch itself is concerned.
    pub(super) fn ready_at(&self, batch: &Batch) -> Tick {
        if self.closing.is_some() && !batch.suspect {
            Tick::ZERO
        } else if batch.due || batch.first < self.due_before {
            batch.not_before
        } else {
            batch.since.after(self.options.flush_interval)
        }
    }

    /// The suspect that may go first, and when.
    ///
    /// None goes before another batch where requests are scarce: as a probe, which tells about the server, and while the pipeline
    /// closes.
    pub(super) fn next_suspect(&self) -> Option<(usize, Tick)> {
        let is_scarce = self.breaker.state() != CircuitState::Closed || self.closing.is_some();
        if is_scarce && !self.queue.is_empty() {
            return None;
        }
        let (index, batch) =
            self.suspects.iter().enumerate().min_by_key(|(_, batch)| self.ready_at(batch))?;
        let paid_at = if self.closing.is_some() { Tick::ZERO } else { self.budget.ready_at() };
        Some((index, self.ready_at(batch).max(paid_at)))
    }

    /// Keeps as much of a batch as a server takes that has refused larger bodies; the rest goes back to its place.
    fn cut_to_limit(&mut self, mut batch: Batch, index: usize) -> Batch {
        while batch.len() > 1 && batch.request_len() > self.batch_bytes {
            let middle = batch.middle_by_bytes();
            let [first, second] = batch.split(middle);
            let queue = if second.suspect { &mut self.suspects } else { &mut self.queue };
            queue.insert(index, second);
            batch = first;
        }
        batch
    }
}
