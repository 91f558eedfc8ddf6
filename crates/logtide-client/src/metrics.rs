//! Metrics of a client.

use std::fmt;

use logtide_core::{Counters, DropReason, Drops, Recovered};

/// Counts of a client's entries and requests since it was created, or since
/// [`Client::reset_metrics`](crate::Client::reset_metrics).
///
/// `logged = logs_sent + logs_dropped + pending + spooled` holds at all times.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ClientMetrics {
    /// Entries that were logged.
    pub logged: u64,
    /// Entries that the server confirmed.
    pub logs_sent: u64,
    /// Entries that were lost.
    pub logs_dropped: u64,
    /// Entries that are neither sent nor dropped yet and are only in memory.
    pub pending: u64,
    /// Entries that are neither sent nor dropped yet and are in files of the spool. A later process sends what this one
    /// cannot.
    pub spooled: u64,
    /// Entries that an earlier process left in the spool. No other figure includes them.
    pub recovered: Recovered,
    /// Lost entries by reason.
    pub dropped: Drops,
    /// Requests that were sent.
    pub requests: u64,
    /// Requests that failed or got no response.
    pub errors: u64,
    /// Attempts after the first.
    pub retries: u64,
    /// The mean latency of requests that stored entries, in milliseconds.
    pub avg_latency_ms: f64,
    /// The number of times the circuit breaker opened.
    pub circuit_breaker_trips: u64,
    /// The message of the latest error.
    pub last_error: Option<String>,
    /// Counts of the client's spans.
    pub spans: SpanMetrics,
}

/// Counts of a client's spans over the same time.
///
/// `ended = sent + dropped + pending + spooled` holds at all times. Spans that are not sampled are not counted.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct SpanMetrics {
    /// Sampled spans that ended.
    pub ended: u64,
    /// Spans that the server confirmed.
    pub sent: u64,
    /// Spans that were lost.
    pub dropped: u64,
    /// Spans that are neither sent nor dropped yet and are only in memory.
    pub pending: u64,
    /// Spans that are neither sent nor dropped yet and are in files of the spool.
    pub spooled: u64,
    /// Lost spans by reason.
    pub dropped_by_reason: Drops,
    /// Requests that were sent.
    pub requests: u64,
    /// Requests that failed or got no response.
    pub errors: u64,
    /// Attempts after the first.
    pub retries: u64,
    /// The message of the latest error.
    pub last_error: Option<String>,
}

impl SpanMetrics {
    pub(crate) fn new(counters: &Counters, last_error: Option<&str>) -> Self {
        Self {
            ended: counters.logged,
            sent: counters.delivered,
            dropped: counters.dropped.total(),
            pending: counters.pending(),
            spooled: counters.spooled(),
            dropped_by_reason: counters.dropped,
            requests: counters.requests,
            errors: counters.errors,
            retries: counters.retries,
            last_error: last_error.map(str::to_owned),
        }
    }
}

impl ClientMetrics {
    pub(crate) fn new(counters: &Counters, last_error: Option<&str>) -> Self {
        Self {
            logged: counters.logged,
            logs_sent: counters.delivered,
            logs_dropped: counters.dropped.total(),
            pending: counters.pending(),
            spooled: counters.spooled(),
            recovered: counters.recovered,
            dropped: counters.dropped,
            requests: counters.requests,
            errors: counters.errors,
            retries: counters.retries,
            avg_latency_ms: counters.mean_latency().as_secs_f64() * 1_000.0,
            circuit_breaker_trips: counters.circuit_breaker_trips,
            last_error: last_error.map(str::to_owned),
            spans: SpanMetrics::default(),
        }
    }

    /// Returns the number of entries that were lost for the given reason.
    #[must_use]
    pub const fn dropped_for(&self, reason: DropReason) -> u64 {
        self.dropped.get(reason)
    }
}

impl fmt::Display for ClientMetrics {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} logged: {} sent, {} dropped, {} pending; {} requests, {} errors, {} retries, {:.1} ms on average",
            self.logged,
            self.logs_sent,
            self.logs_dropped,
            self.pending,
            self.requests,
            self.errors,
            self.retries,
            self.avg_latency_ms
        )?;
        for (reason, entries) in self.dropped.iter() {
            write!(formatter, "; {entries} {reason}")?;
        }
        if self.spooled > 0 {
            write!(formatter, "; {} in the spool", self.spooled)?;
        }
        if self.recovered.read > 0 {
            let Recovered { read, delivered, dropped, .. } = self.recovered;
            write!(formatter, "; of {read} recovered, {delivered} sent, {dropped} dropped")?;
        }
        if self.spans.ended > 0 {
            let SpanMetrics { ended, sent, dropped, pending, .. } = self.spans;
            write!(formatter, "; {ended} spans ended: {sent} sent, {dropped} dropped, {pending} pending")?;
        }
        match &self.last_error {
            Some(error) => write!(formatter, "; last error: {error}"),
            None => Ok(()),
        }
    }
}
