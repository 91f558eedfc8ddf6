//! Spans and traces as the store returns them.

use chrono::{DateTime, Utc};
use rusqlite::Row;
use rusqlite::types::Type;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::Result;

/// Columns that [`SpanRecord::read`] expects.
pub(super) const SPAN_COLUMNS: &str = "trace_id, span_id, parent_span_id, service, operation, started, ended, \
    duration, kind, status_code, status_message, attributes, events, links, resource, sent";

/// Columns that [`TraceRecord::read`] expects.
pub(super) const TRACE_COLUMNS: &str =
    "trace_id, service, root_service, root_operation, started, ended, span_count, error";

/// A span as the server stored it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StoredSpan {
    /// The trace id, as sent; bytes as hexadecimal digits.
    pub trace_id: String,
    /// The id of the span, as sent; bytes as hexadecimal digits.
    pub span_id: String,
    /// The id of the parent span; `None` at the root of a trace.
    pub parent_span_id: Option<String>,
    /// The `service.name` of the resource, or `unknown`.
    pub service: String,
    /// The name of the span.
    pub operation: String,
    /// The start time, truncated to milliseconds.
    pub start: DateTime<Utc>,
    /// The end time, truncated to milliseconds.
    pub end: DateTime<Utc>,
    /// The duration in whole milliseconds.
    pub duration_ms: i64,
    /// `INTERNAL`, `SERVER`, `CLIENT`, `PRODUCER` or `CONSUMER`; `None` if the sent number is none of these.
    pub kind: Option<String>,
    /// `OK` or `ERROR`; `None` if the sent number is none of these.
    pub status_code: Option<String>,
    /// The text of the status.
    pub status_message: Option<String>,
    /// The attributes, an object.
    pub attributes: Value,
    /// The events, an array of objects with `name`, `time` and `attributes`.
    pub events: Value,
    /// The links, an array of objects with `trace_id`, `span_id` and `attributes`.
    pub links: Value,
    /// The attributes of the resource, an object.
    pub resource: Value,
    /// How often it was sent: more than 1 if it was sent again.
    pub sent: u64,
}

/// A row of a span, with its objects as text.
#[derive(Debug)]
pub(crate) struct SpanRecord {
    pub(crate) trace_id: String,
    pub(crate) span_id: String,
    pub(crate) parent_span_id: Option<String>,
    pub(crate) service: String,
    pub(crate) operation: String,
    /// Milliseconds since the epoch.
    pub(crate) start: i64,
    /// Milliseconds since the epoch.
    pub(crate) end: i64,
    /// Milliseconds.
    pub(crate) duration: i64,
    pub(crate) kind: Option<String>,
    pub(crate) status_code: Option<String>,
    pub(crate) status_message: Option<String>,
    pub(crate) attributes: Box<RawValue>,
    pub(crate) events: Box<RawValue>,
    pub(crate) links: Box<RawValue>,
    pub(crate) resource: Box<RawValue>,
    pub(crate) sent: u64,
}

/// A trace, summarized from its spans.
#[derive(Debug)]
pub(crate) struct TraceRecord {
    pub(crate) trace_id: String,
    pub(crate) service: String,
    pub(crate) root_service: Option<String>,
    pub(crate) root_operation: Option<String>,
    /// Milliseconds since the epoch.
    pub(crate) start: i64,
    /// Milliseconds since the epoch.
    pub(crate) end: i64,
    /// A span that was sent again counts again.
    pub(crate) span_count: u64,
    pub(crate) error: bool,
}

impl SpanRecord {
    pub(super) fn read(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            trace_id: row.get(0)?,
            span_id: row.get(1)?,
            parent_span_id: row.get(2)?,
            service: row.get(3)?,
            operation: row.get(4)?,
            start: row.get(5)?,
            end: row.get(6)?,
            duration: row.get(7)?,
            kind: row.get(8)?,
            status_code: row.get(9)?,
            status_message: row.get(10)?,
            attributes: raw(row, 11)?,
            events: raw(row, 12)?,
            links: raw(row, 13)?,
            resource: raw(row, 14)?,
            sent: row.get::<_, i64>(15)?.unsigned_abs(),
        })
    }
}

impl TraceRecord {
    pub(super) fn read(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            trace_id: row.get(0)?,
            service: row.get(1)?,
            root_service: row.get(2)?,
            root_operation: row.get(3)?,
            start: row.get(4)?,
            end: row.get(5)?,
            span_count: row.get::<_, i64>(6)?.unsigned_abs(),
            error: row.get(7)?,
        })
    }
}

impl From<SpanRecord> for StoredSpan {
    fn from(record: SpanRecord) -> Self {
        let time = |time| DateTime::from_timestamp_millis(time).unwrap_or_default();
        let value = |raw: Box<RawValue>| {
            serde_json::from_str(raw.get()).unwrap_or_else(|_| Value::String(raw.get().to_owned()))
        };
        Self {
            trace_id: record.trace_id,
            span_id: record.span_id,
            parent_span_id: record.parent_span_id,
            service: record.service,
            operation: record.operation,
            start: time(record.start),
            end: time(record.end),
            duration_ms: record.duration,
            kind: record.kind,
            status_code: record.status_code,
            status_message: record.status_message,
            attributes: value(record.attributes),
            events: value(record.events),
            links: value(record.links),
            resource: value(record.resource),
            sent: record.sent,
        }
    }
}

fn raw(row: &Row<'_>, column: usize) -> Result<Box<RawValue>> {
    let text = row.get(column)?;
    RawValue::from_string(text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, error.into()))
}
