//! What happens to a batch that could not be delivered.

use std::time::Duration;

use super::{GiveUp, Pipeline, transmit::InFlight};
use crate::{CircuitState, DropReason, Event, Tick, batch::Batch, limits::MAX_RETRY_AFTER};

/// Why a batch could not be delivered, other than because of its entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// The server could not be reached.
    Unavailable,
    /// The server answered with an error.
    Failed,
    /// The server's rate limit is reached, so the server works.
    Limited,
    /// The response is not from a LogTide server that accepts entries with this key.
    Denied { key_rejected: bool },
}

impl Pipeline {
    /// Keeps a batch for another attempt, or drops it.
    pub(super) fn retry(
        &mut self,
        flight: InFlight,
        cause: Cause,
        retry_after: Option<Duration>,
        detail: String,
        now: Tick,
    ) {
        let asked = self.pause(&flight.batch, retry_after, now);
        match self.options.give_up {
            GiveUp::AfterRetries => self.retry_or_lose(flight, cause, asked, detail, now),
            GiveUp::Never => self.retry_or_park(flight, cause, asked, detail, now),
        }
    }

    fn retry_or_lose(
        &mut self,
        flight: InFlight,
        cause: Cause,
        asked: Option<Duration>,
        detail: String,
        now: Tick,
    ) {
        let InFlight { mut batch, probe, .. } = flight;
        let failed = cause != Cause::Limited;
        if failed && probe {
            // A probe does not count as an attempt of its batch.
            self.failed(detail, now);
            self.delay_close(asked, now);
            return self.put_back(batch);
        }
        if batch.attempts >= self.options.max_retries {
            self.lose(batch, DropReason::RetriesExhausted, detail.clone());
            return self.count_failure(failed, detail, now);
        }
        self.schedule(&mut batch, asked, detail, now);
        self.delay_close(asked, now);
        self.put_back(batch);
    }

    fn retry_or_park(
        &mut self,
        flight: InFlight,
        cause: Cause,
        asked: Option<Duration>,
        detail: String,
        now: Tick,
    ) {
        let InFlight { mut batch, probe, .. } = flight;
        if probe && cause != Cause::Limited {
            self.failed(detail.clone(), now);
        }
        if let Some(wait) = asked {
            batch.waits = batch.waits.saturating_add(1);
            self.counters.retries += 1;
            let (entries, attempt) = (batch.len(), batch.attempts + 1);
            self.events.push_back(Event::Retrying { entries, attempt, delay: wait, detail });
            self.delay_close(Some(wait), now);
            return self.put_back(batch);
        }
        let is_first_sign = self.away == 0 && !probe && !matches!(cause, Cause::Denied { .. });
        if is_first_sign && batch.attempts < self.options.max_retries {
            self.schedule(&mut batch, None, detail, now);
            self.delay_close(None, now);
            return self.put_back_after(batch, cause);
        }
        self.count_failure(cause != Cause::Limited && !probe, detail.clone(), now);
        self.park(batch, cause, detail, now);
    }

    /// Keeps a batch whose attempts are used up, and sends nothing for a while.
    fn park(&mut self, mut batch: Batch, cause: Cause, detail: String, now: Tick) {
        let step = if self.away > 0 { self.away } else { batch.attempts.min(self.options.max_retries) };
        self.away = step.saturating_add(1);
        let most = self.options.circuit_breaker_reset.max(self.options.retry_delay);
        let delay = self.backoff.delay(step).min(most);
        self.away_until = now.after(delay);
        self.delay_close(None, now);
        batch.attempts = batch.attempts.max(self.options.max_retries).saturating_add(1);
        batch.not_before = now;
        self.counters.retries += 1;
        let key_rejected = cause == Cause::Denied { key_rejected: true };
        self.events.push_back(Event::Parked { entries: batch.len(), key_rejected, delay, detail });
        self.put_back_after(batch, cause);
    }

    fn put_back_after(&mut self, batch: Batch, cause: Cause) {
        let is_parked = batch.attempts > self.options.max_retries;
        if cause == Cause::Failed && (is_parked || self.closing.is_some()) {
            self.give_way(batch);
        } else {
            self.put_back(batch);
        }
    }

    /// Sets the time of a batch's next attempt.
    pub(super) fn schedule(&mut self, batch: &mut Batch, asked: Option<Duration>, detail: String, now: Tick) {
        let delay = asked.unwrap_or_else(|| self.backoff.delay(batch.attempts));
        batch.attempts = batch.attempts.saturating_add(1);
        batch.not_before = now.after(delay);
        self.counters.retries += 1;
        let (entries, attempt) = (batch.len(), batch.attempts);
        self.events.push_back(Event::Retrying { entries, attempt, delay, detail });
    }

    /// Pauses for as long as the server asks, and returns the duration.
    ///
    /// A server that repeatedly asks for less than the first delay is obeyed as often as a batch is retried. After
    /// that the delays grow slowly.
    pub(super) fn pause(
        &mut self,
        batch: &Batch,
        retry_after: Option<Duration>,
        now: Tick,
    ) -> Option<Duration> {
        const MAX_STEP: u32 = 3;
        let mut wait = retry_after?.min(MAX_RETRY_AFTER);
        let impatient = batch.waits.checked_sub(self.options.max_retries.max(1));
        if let Some(step) = impatient.filter(|_| wait < self.options.retry_delay) {
            wait = wait.max(self.backoff.delay(step.min(MAX_STEP)));
        }
        self.paused_until = self.paused_until.max(now.after(wait));
        Some(wait)
    }

    /// While the pipeline closes, delays start again from the first, because there is little time.
    fn delay_close(&mut self, asked: Option<Duration>, now: Tick) {
        if let Some(closing) = &mut self.closing {
            let delay = asked.unwrap_or_else(|| self.backoff.delay(closing.failures));
            closing.failed(delay, now);
            self.write_leftovers();
        }
    }

    /// Reports to the breaker that a batch has used up its attempts. While a probe is in flight, only the probe
    /// decides: a late failure would allow a second one.
    fn count_failure(&mut self, failed: bool, detail: String, now: Tick) {
        if failed && self.breaker.state() != CircuitState::HalfOpen {
            self.failed(detail, now);
        }
    }

    pub(super) fn failed(&mut self, detail: String, now: Tick) {
        if self.breaker.on_failure(now) {
            self.counters.circuit_breaker_trips += 1;
            self.events.push_back(Event::CircuitOpened { reset: self.options.circuit_breaker_reset, detail });
        }
    }
}
