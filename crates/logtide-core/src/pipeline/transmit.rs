//! Batches on their way out.

use bytes::Bytes;

use super::{Pipeline, Wake};
use crate::{CircuitState, DropReason, Tick, batch::Batch, breaker::Admission};

/// Identifies a batch in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BatchId(u64);

/// A request for the driver to send.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[must_use]
pub struct Transmit {
    /// Identifies the batch when its outcome is reported.
    pub id: BatchId,
    /// The path to post to, relative to the server's address.
    pub path: &'static str,
    /// The `Content-Type` of the body.
    pub content_type: &'static str,
    /// The `Content-Encoding` of the body, if it has one.
    pub content_encoding: Option<&'static str>,
    /// The body.
    ///
    /// The pipeline reuses its memory if the driver drops it before it reports the outcome.
    pub body: Bytes,
    /// The number of entries in it.
    pub entries: usize,
    /// Failed attempts before this one.
    pub attempt: u32,
}

#[derive(Debug)]
pub(super) struct InFlight {
    pub(super) id: BatchId,
    pub(super) batch: Batch,
    pub(super) body: Bytes,
    /// The size of the body before compression, in bytes.
    pub(super) body_bytes: usize,
    pub(super) sent: Tick,
    pub(super) probe: bool,
}

impl Pipeline {
    /// Returns the next request, if one is due. Call it until it returns `None`.
    ///
    /// The body is made here, from as many entries as fit. The rest of the batch is due at once, before later
    /// entries.
    pub fn poll_transmit(&mut self, now: Tick) -> Option<Transmit> {
        while !self.is_time_up(now) && self.open_at().0 <= now {
            let batch = self.take_ready(now)?;
            if let Some((batch, body, body_bytes)) = self.render(batch, now) {
                return Some(self.send(batch, body, body_bytes, now));
            }
        }
        None
    }

    fn send(&mut self, batch: Batch, body: Bytes, body_bytes: usize, now: Tick) -> Transmit {
        // `open_at` has decided this: it allows the last attempt of a close next to a probe that hangs.
        let probe = self.breaker.admit(now) == Admission::Probe;
        if batch.suspect {
            self.budget.spend(1, now);
        }
        self.flying.add(batch.size());
        self.counters.requests += 1;
        let id = BatchId(self.next_batch);
        self.next_batch += 1;
        let transmit = Transmit {
            id,
            path: self.wire.path(),
            content_type: self.wire.content_type(),
            content_encoding: self.wire.content_encoding(),
            body: body.clone(),
            entries: batch.len(),
            attempt: batch.attempts,
        };
        self.in_flight.push(InFlight { id, batch, body, body_bytes, sent: now, probe });
        transmit
    }

    /// Removes the next batch from the queue, if one is ready.
    fn take_ready(&mut self, now: Tick) -> Option<Batch> {
        let suspect = self.next_suspect().filter(|(_, at)| *at <= now);
        let mut batch = match suspect {
            Some((index, _)) => self.suspects.remove(index)?,
            None => {
                let index = self.candidates().find(|(_, batch)| self.ready_at(batch) <= now)?.0;
                self.queue.remove(index)?
            }
        };
        (batch.sealed, batch.due) = (true, true);
        self.waiting.subtract(batch.size());
        self.due_before = self.due_before.max(batch.end());
        Some(batch)
    }

    /// Makes the body of a batch, and puts back the entries that do not fit. Returns its size before compression,
    /// too.
    ///
    /// An entry that is larger than a batch may be is sent alone. If it is larger than any body may be, it is dropped
    /// and there is no body.
    fn render(&mut self, batch: Batch, now: Tick) -> Option<(Batch, Bytes, usize)> {
        let most = self.wire.max_body_bytes();
        let mut body = self.bodies.take(batch.size().bytes, self.batch_bytes);
        let (mut entries, mut bytes) = (0, 0);
        self.wire.begin(&mut body);
        let (limit, end, mut before) = (self.batch_bytes, self.wire.end_bytes(), body.len());
        batch.write(&mut *self.wire, &mut body, |of_entry, body| {
            let whole = body.len() + end;
            if whole > limit && (entries > 0 || whole > most) {
                body.truncate(before);
                return false;
            }
            entries += 1;
            bytes += of_entry;
            before = body.len();
            true
        });
        if entries == 0 {
            self.bodies.give(body);
            self.drop_first(batch, now);
            return None;
        }
        let body_bytes = before + end;
        self.bodies.note(bytes, body_bytes);
        self.wire.end(&mut body);
        let batch = if entries < batch.len() {
            let [batch, rest] = batch.split(entries);
            self.put_back(rest);
            batch
        } else {
            batch
        };
        Some((batch, body.into(), body_bytes))
    }

    /// Drops the first entry of a batch: it is larger than any body may be.
    fn drop_first(&mut self, batch: Batch, now: Tick) {
        let large = if batch.len() > 1 {
            let [large, rest] = batch.split(1);
            self.put_back(rest);
            large
        } else {
            batch
        };
        let detail = format!("the limit for a request is {} bytes", self.wire.max_body_bytes());
        self.lose(large, DropReason::TooLarge, detail);
        self.finish_flushes(now);
    }

    /// The batches that may be sent next, with their positions. With one request at a time, only the oldest, so that
    /// the order is kept.
    pub(super) fn candidates(&self) -> impl Iterator<Item = (usize, &Batch)> {
        let taken = match self.options.max_in_flight {
            _ if self.waits_for_file() => 0,
            1 => 1,
            _ => usize::MAX,
        };
        self.queue.iter().enumerate().skip(self.detour_start()).take(taken)
    }

    /// When something may be sent, according to the server and the requests in flight. The end of time if this
    /// depends on an outcome.
    pub(super) fn open_at(&self) -> (Tick, Wake) {
        let is_full = self.in_flight.len() >= self.options.max_in_flight;
        let is_probing = self.breaker.state() == CircuitState::HalfOpen;
        if let Some(closing) = self.closing {
            // The last attempt is made next to a request that hangs.
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

    /// When a batch may be sent, according to the batch itself.
    pub(super) fn ready_at(&self, batch: &Batch) -> Tick {
        if self.closing.is_some() && !batch.suspect {
            Tick::ZERO
        } else if batch.due || batch.first < self.due_before {
            batch.not_before
        } else {
            batch.since.after(self.options.flush_interval)
        }
    }

    /// The suspect batch that may be sent first, and when.
    ///
    /// No suspect is sent before another batch when requests are scarce: as a probe, which tests the server, and
    /// while the pipeline closes.
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
}
