//! What is known of a trace without its spans.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::{
    count,
    fields::{Fields, any, text, whole},
    millis,
};

/// The traces that [`QueryClient::traces`](crate::QueryClient::traces) found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TracesResponse {
    /// The traces, the one that started last first.
    pub traces: Vec<TraceSummary>,
    /// How many traces match, those that are not in the list included.
    #[serde(default, deserialize_with = "count::read")]
    pub total: u64,
}

/// A trace, without its spans.
///
/// Serialized, it has the names that the server uses.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TraceSummary {
    /// The id of the trace.
    pub trace_id: String,
    /// The service that the trace is listed under: that of the span which arrived first.
    #[serde(rename = "service_name")]
    pub service: String,
    /// The service of the span that has no parent, if that has arrived.
    #[serde(rename = "root_service_name")]
    pub root_service: Option<String>,
    /// The operation of the span that has no parent, if that has arrived.
    #[serde(rename = "root_operation_name")]
    pub root_operation: Option<String>,
    /// When its first span started, to the millisecond.
    #[serde(rename = "start_time")]
    pub start: DateTime<Utc>,
    /// When its last span ended, to the millisecond.
    #[serde(rename = "end_time")]
    pub end: DateTime<Utc>,
    /// How long it took, to the millisecond. Where the server's own number cannot be read, the time from start to end.
    #[serde(rename = "duration_ms", serialize_with = "millis::write")]
    pub duration: Duration,
    /// How many spans the server received. A span that was sent twice is counted twice.
    pub span_count: u64,
    /// Whether a span has the status `ERROR`.
    pub error: bool,
    /// Whatever else the server said about it.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl<'de> Deserialize<'de> for TraceSummary {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Fields::deserialize(deserializer)?;
        let start: DateTime<Utc> = fields.require("start_time")?;
        let end: DateTime<Utc> = fields.require("end_time")?;
        let duration = fields.take("duration_ms", millis::read);
        Ok(Self {
            trace_id: fields.require("trace_id")?,
            service: fields.require("service_name")?,
            root_service: fields.take("root_service_name", text),
            root_operation: fields.take("root_operation_name", text),
            start,
            end,
            duration: duration.unwrap_or_else(|| millis::between(start, end)),
            span_count: fields.take("span_count", whole).unwrap_or_default(),
            error: fields.take("error", any).unwrap_or_default(),
            other: fields.rest(),
        })
    }
}
