//! `/api/v1/traces`: spans as traces.

mod shown;

use axum::extract::{Path, RawQuery, State as Extract};
use axum::response::Response;
use serde::Serialize;

use crate::parameters::{Parameters, Refusal};
use crate::reply;
use crate::state::Shared;
use crate::store::{Range, TraceSearch};
use shown::{Edge, Node, Span, Trace};

/// The default size of a page.
const DEFAULT_LIMIT: u32 = 50;

/// The largest page.
const MAX_LIMIT: u32 = 100;

#[derive(Debug, Serialize)]
struct Traces {
    traces: Vec<Trace>,
    total: u64,
}

#[derive(Debug, Serialize)]
struct Spans {
    spans: Vec<Span>,
}

#[derive(Debug, Serialize)]
struct Services {
    services: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Statistics {
    total_traces: u64,
    total_spans: u64,
    avg_duration_ms: f64,
    max_duration_ms: i64,
    error_count: u64,
    /// From 0 to 1.
    error_rate: f64,
}

#[derive(Debug, Serialize)]
struct Dependencies {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
}

/// `GET /api/v1/traces`, newest first.
pub(super) async fn list(
    Extract(state): Extract<Shared>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let parameters = Parameters::parse(query.as_deref());
    let search = search(&parameters)?;
    let limit = parameters.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)?;
    let offset = parameters.number("offset", 0, 0, u32::MAX)?;
    let (traces, total) = state.query(move |store| store.traces(&search, offset, limit)).await?;
    Ok(reply::ok(&Traces { traces: traces.into_iter().map(Trace::from).collect(), total }))
}

/// `GET /api/v1/traces/:traceId`.
pub(super) async fn trace(
    Extract(state): Extract<Shared>,
    Path(trace_id): Path<String>,
) -> Result<Response, Refusal> {
    let trace = state.query(move |store| store.trace_of(&trace_id)).await?;
    Ok(match trace {
        Some(trace) => reply::ok(&Trace::from(trace)),
        None => reply::nothing("Trace not found"),
    })
}

/// `GET /api/v1/traces/:traceId/spans`, in the order of their start.
pub(super) async fn spans(
    Extract(state): Extract<Shared>,
    Path(trace_id): Path<String>,
) -> Result<Response, Refusal> {
    let spans = state.query(move |store| store.spans_of(&trace_id)).await?;
    Ok(reply::ok(&Spans { spans: spans.into_iter().map(Span::from).collect() }))
}

/// `GET /api/v1/traces/services`.
pub(super) async fn services(
    Extract(state): Extract<Shared>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let range = range(&Parameters::parse(query.as_deref()))?;
    let services = state.query(move |store| store.span_services(range)).await?;
    Ok(reply::ok(&Services { services }))
}

/// `GET /api/v1/traces/stats`.
pub(super) async fn statistics(
    Extract(state): Extract<Shared>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let search = search(&Parameters::parse(query.as_deref()))?;
    let found = state.query(move |store| store.trace_statistics(&search)).await?;
    Ok(reply::ok(&Statistics {
        total_traces: found.traces,
        total_spans: found.spans,
        avg_duration_ms: found.average,
        max_duration_ms: found.longest,
        error_count: found.errors,
        error_rate: if found.traces == 0 { 0.0 } else { found.errors as f64 / found.traces as f64 },
    }))
}

/// `GET /api/v1/traces/dependencies`.
pub(super) async fn dependencies(
    Extract(state): Extract<Shared>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let range = range(&Parameters::parse(query.as_deref()))?;
    let services = state.query(move |store| store.span_counts(range)).await?;
    let calls = state.query(move |store| store.calls(range)).await?;
    Ok(reply::ok(&Dependencies {
        nodes: services.into_iter().map(Node::from).collect(),
        edges: calls.into_iter().map(Edge::from).collect(),
    }))
}

fn search(parameters: &Parameters) -> Result<TraceSearch, Refusal> {
    let services = parameters.text("service")?.unwrap_or_default();
    let services = services.split(',').map(str::trim).filter(|service| !service.is_empty());
    Ok(TraceSearch {
        services: services.map(String::from).collect(),
        error: parameters.flag("error")?,
        range: range(parameters)?,
        shortest: parameters.optional_number("minDurationMs")?,
        longest: parameters.optional_number("maxDurationMs")?,
    })
}

fn range(parameters: &Parameters) -> Result<Range, Refusal> {
    Ok(Range { from: parameters.time("from")?, to: parameters.time("to")? })
}
