//! Keeps count of the requests that came.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use crate::counter::Counter;
use crate::otlp::Signal;

/// Ingest requests that are remembered one by one; older ones are only counted.
const REMEMBERED: usize = 100_000;

/// The requests to `/api/v1/` and `/v1/otlp/` since the start or the last reset.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct Requests {
    /// Number of requests, answered or not.
    pub total: u64,
    /// Number of requests that a fault left without an answer.
    pub unanswered: u64,
    /// Number of answers by status.
    pub by_status: BTreeMap<u16, u64>,
    /// The requests that sent entries or spans, oldest first; the latest 100,000 of them.
    pub ingest: Vec<IngestRequest>,
}

/// A request that sent entries or spans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct IngestRequest {
    /// Where it was sent to.
    pub route: IngestRoute,
    /// The status of the answer; `None` if a fault left it without one.
    pub status: Option<u16>,
    /// Number of entries or spans in the body, valid or not; 0 if the body was not read or is no batch.
    pub entries: usize,
    /// Bytes of the body as sent, so compressed if it was; what the request announced if the body was not read.
    pub body_bytes: usize,
}

/// Where entries and spans are sent to.
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
    /// The route of a path.
    pub(crate) fn at(path: &str) -> Option<Self> {
        match path {
            "/api/v1/ingest" => Some(Self::Batch),
            "/api/v1/ingest/single" => Some(Self::Single),
            "/v1/otlp/logs" => Some(Self::OtlpLogs),
            "/v1/otlp/traces" => Some(Self::OtlpTraces),
            _ => None,
        }
    }

    /// What an OTLP route takes.
    pub(crate) fn signal(self) -> Option<Signal> {
        match self {
            Self::Batch | Self::Single => None,
            Self::OtlpLogs => Some(Signal::Logs),
            Self::OtlpTraces => Some(Signal::Traces),
        }
    }
}

/// What was learned of a request while it was handled.
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

    /// Number of requests, which can be waited for.
    pub(crate) fn total(&self) -> &Counter {
        &self.total
    }

    /// Records a request; `sent` is there if it sent entries or spans, `status` if it was answered.
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
