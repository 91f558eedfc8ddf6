//! `GET /_page/trace/:traceId`: the spans and entries of a trace.

use axum::extract::{Path, State as Extract};
use axum::response::Response;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::parameters::Refusal;
use crate::reply;
use crate::state::Shared;
use crate::store::{Line, SpanRecord};

/// The most entries and spans of a trace that are shown.
const LIMIT: usize = 2_000;

#[derive(Debug, Serialize)]
struct Trace {
    /// In the order of their start.
    spans: Vec<Span>,
    /// Oldest first.
    lines: Vec<Line>,
    /// Whether there are more spans or entries.
    more: bool,
}

#[derive(Debug, Serialize)]
struct Span {
    id: String,
    parent: Option<String>,
    service: String,
    name: String,
    start: i64,
    end: i64,
    kind: Option<String>,
    status: Option<String>,
    reason: Option<String>,
    attributes: Box<RawValue>,
    events: Box<RawValue>,
}

pub(super) async fn trace(
    Extract(state): Extract<Shared>,
    Path(trace_id): Path<String>,
) -> Result<Response, Refusal> {
    let trace = state.query(move |store| {
        let mut spans = store.spans_of(&trace_id)?;
        let mut lines = store.lines_of_trace(&trace_id, LIMIT + 1)?;
        let more = spans.len() > LIMIT || lines.len() > LIMIT;
        spans.truncate(LIMIT);
        lines.truncate(LIMIT);
        Ok(Trace { spans: spans.into_iter().map(Span::from).collect(), lines, more })
    });
    Ok(reply::ok(&trace.await?))
}

impl From<SpanRecord> for Span {
    fn from(record: SpanRecord) -> Self {
        Self {
            id: record.span_id,
            parent: record.parent_span_id,
            service: record.service,
            name: record.operation,
            start: record.start,
            end: record.end,
            kind: record.kind,
            status: record.status_code,
            reason: record.status_message,
            attributes: record.attributes,
            events: record.events,
        }
    }
}
