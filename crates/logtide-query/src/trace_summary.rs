//! Traces without their spans.

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
    /// The traces, latest start first.
    pub traces: Vec<TraceSummary>,
    /// The number of traces that match, including those that are not in the list.
    #[serde(default, deserialize_with = "count::read")]
    pub total: u64,
}

/// A trace, without its spans.
///
/// It is serialized with the server's field names.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TraceSummary {
    /// The id of the trace.
    pub trace_id: String,
    /// The service under which the trace is listed: that of the first span that arrived.
    #[serde(rename = "service_name")]
    pub service: String,
    /// The service of the root span, if it has arrived.
    #[serde(rename = "root_service_name")]
    pub root_service: Option<String>,
    /// The operation of the root span, if it has arrived.
    #[serde(rename = "root_operation_name")]
    pub root_operation: Option<String>,
    /// When its first span started, with a precision of 1 ms.
    #[serde(rename = "start_time")]
    pub start: DateTime<Utc>,
    /// When its last span ended, with a precision of 1 ms.
    #[serde(rename = "end_time")]
    pub end: DateTime<Utc>,
    /// The duration, with a precision of 1 ms. If the server's value cannot be read, the time from start to end.
    #[serde(rename = "duration_ms", serialize_with = "millis::write")]
    pub duration: Duration,
    /// The number of spans that the server received. A span that was sent twice counts twice.
    pub span_count: u64,
    /// Whether a span has the status `ERROR`.
    pub error: bool,
    /// Other fields of the server's response.
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
