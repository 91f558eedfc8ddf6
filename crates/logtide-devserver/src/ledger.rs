//! Recording requests.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use crate::counter::Counter;
use crate::otlp::Signal;

/// The most ingest requests that are recorded individually. Older ones are only counted.
const REMEMBERED: usize = 100_000;

/// The requests to `/api/v1/` and `/v1/otlp/` since the start or the last reset.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct Requests {
    /// The number of requests, answered or not.
    pub total: u64,
    /// The number of requests that a fault left without a response.
    pub unanswered: u64,
    /// The number of responses by status.
    pub by_status: BTreeMap<u16, u64>,
    /// The requests that sent entries or spans, oldest first. At most the latest 100,000.
    pub ingest: Vec<IngestRequest>,
}

/// A request that sent entries or spans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct IngestRequest {
    /// The route that it was sent to.
    pub route: IngestRoute,
    /// The status of the response; `None` if a fault left it without one.
    pub status: Option<u16>,
    /// The number of entries or spans in the body, valid or not. 0 if the body was not read or is not a batch.
    pub entries: usize,
    /// The length of the body as sent, so compressed if it was. If the body was not read, the announced length.
    pub body_bytes: usize,
}

/// The routes for entries and spans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IngestRoute {
    /// `/api/v1/ingest`.
    Batch,
    /// `/api/v1/ingest/single`.
    Single,
    /// `/v1/otlp/logs`.
    OtlpLogs,
    /// `/v1/otlp/traces`.
    OtlpTraces,
}

impl IngestRoute {
    /// Returns the route of a path.
    pub(crate) fn at(path: &str) -> Option<Self> {
        match path {
            "/api/v1/ingest" => Some(Self::Batch),
            "/api/v1/ingest/single" => Some(Self::Single),
            "/v1/otlp/logs" => Some(Self::OtlpLogs),
            "/v1/otlp/traces" => Some(Self::OtlpTraces),
            _ => None,
        }
    }

    /// Returns what an OTLP route accepts.
    pub(crate) fn signal(self) -> Option<Signal> {
        match self {
            Self::Batch | Self::Single => None,
            Self::OtlpLogs => Some(Signal::Logs),
            Self::OtlpTraces => Some(Signal::Traces),
        }
    }
}

/// What is known of a request after it was handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Seen {
    pub(crate) entries: usize,
    pub(crate) body_bytes: usize,
}

/// Counts requests.
#[derive(Debug)]
pub(crate) struct Ledger {
    counts: Mutex<Counts>,
    total: Counter,
}

#[derive(Debug, Default)]
struct Counts {
    unanswered: u64,
    by_status: BTreeMap<u16, u64>,
    ingest: VecDeque<IngestRequest>,
}

impl Ledger {
    pub(crate) fn new() -> Self {
        Self { counts: Mutex::default(), total: Counter::new(0) }
    }

    /// The number of requests, which can be waited for.
    pub(crate) fn total(&self) -> &Counter {
        &self.total
    }

    /// Records a request; `sent` is set if it sent entries or spans, `status` if it got a response.
    pub(crate) fn record(&self, status: Option<u16>, sent: Option<(IngestRoute, Seen)>) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        match status {
            Some(status) => *counts.by_status.entry(status).or_default() += 1,
            None => counts.unanswered += 1,
        }
        if let Some((route, Seen { entries, body_bytes })) = sent {
            if counts.ingest.len() == REMEMBERED {
                counts.ingest.pop_front();
            }
            counts.ingest.push_back(IngestRequest { route, status, entries, body_bytes });
        }
        self.total.add(1);
    }

    pub(crate) fn snapshot(&self) -> Requests {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        Requests {
            total: self.total.get(),
            unanswered: counts.unanswered,
            by_status: counts.by_status.clone(),
            ingest: counts.ingest.iter().copied().collect(),
        }
    }

    pub(crate) fn clear(&self) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        *counts = Counts::default();
        self.total.set(0);
    }
}
