//! Traces and spans in the format of responses.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::store::{Calls, SpanRecord, TraceRecord, format_time};

/// A trace. Only this response has keys in snake case.
#[derive(Debug, Serialize)]
pub(super) struct Trace {
    trace_id: String,
    service_name: String,
    root_service_name: Option<String>,
    root_operation_name: Option<String>,
    start_time: String,
    end_time: String,
    duration_ms: i64,
    span_count: u64,
    error: bool,
}

/// A span of one trace.
#[derive(Debug, Serialize)]
pub(super) struct Span {
    span_id: String,
    trace_id: String,
    parent_span_id: Option<String>,
    service_name: String,
    operation_name: String,
    start_time: String,
    end_time: String,
    duration_ms: i64,
    kind: Option<String>,
    status_code: Option<String>,
    status_message: Option<String>,
    attributes: Box<RawValue>,
    events: Box<RawValue>,
    links: Box<RawValue>,
    resource_attributes: Box<RawValue>,
}

/// A service in the dependency graph.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Node {
    id: String,
    name: String,
    call_count: u64,
}

/// The calls from one service to another.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Edge {
    source: String,
    target: String,
    call_count: u64,
}

impl From<TraceRecord> for Trace {
    fn from(record: TraceRecord) -> Self {
        Self {
            trace_id: record.trace_id,
            service_name: record.service,
            root_service_name: record.root_service,
            root_operation_name: record.root_operation,
            start_time: format_time(record.start),
            end_time: format_time(record.end),
            duration_ms: record.end - record.start,
            span_count: record.span_count,
            error: record.error,
        }
    }
}

impl From<SpanRecord> for Span {
    fn from(record: SpanRecord) -> Self {
        Self {
            span_id: record.span_id,
            trace_id: record.trace_id,
            parent_span_id: record.parent_span_id,
            service_name: record.service,
            operation_name: record.operation,
            start_time: format_time(record.start),
            end_time: format_time(record.end),
            duration_ms: record.duration,
            kind: record.kind,
            status_code: record.status_code,
            status_message: record.status_message,
            attributes: record.attributes,
            events: record.events,
            links: record.links,
            resource_attributes: record.resource,
        }
    }
}

impl From<(String, u64)> for Node {
    fn from((service, call_count): (String, u64)) -> Self {
        Self { id: service.clone(), name: service, call_count }
    }
}

impl From<Calls> for Edge {
    fn from(calls: Calls) -> Self {
        Self { source: calls.source, target: calls.target, call_count: calls.count }
    }
}
