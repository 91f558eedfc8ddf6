//! Stored spans.

mod parts;

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

pub use self::parts::{SpanEvent, SpanLink};
use crate::{
    fields::{Fields, any, object, text},
    millis,
};

/// A stored span.
///
/// It is serialized with the server's field names.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StoredSpan {
    /// The id of the span.
    pub span_id: String,
    /// The id of the trace it belongs to.
    pub trace_id: String,
    /// The id of the parent span. `None` for the first span of a trace.
    pub parent_span_id: Option<String>,
    /// The service it ran in.
    #[serde(rename = "service_name")]
    pub service: String,
    /// The name of the operation.
    #[serde(rename = "operation_name")]
    pub operation: String,
    /// When it started, with a precision of 1 ms.
    #[serde(rename = "start_time")]
    pub start: DateTime<Utc>,
    /// When it ended, with a precision of 1 ms.
    #[serde(rename = "end_time")]
    pub end: DateTime<Utc>,
    /// The duration, with a precision of 1 ms. If the server's value cannot be read, the time from start to end.
    #[serde(rename = "duration_ms", serialize_with = "millis::write")]
    pub duration: Duration,
    /// The server's name of its kind: `INTERNAL`, `SERVER`, `CLIENT`, `PRODUCER`, `CONSUMER`, or an unknown one.
    pub kind: Option<String>,
    /// The server's name of its status: `OK`, `ERROR`, `UNSET`, or an unknown one.
    #[serde(rename = "status_code")]
    pub status: Option<String>,
    /// The message of the status.
    pub status_message: Option<String>,
    /// The attributes. Empty if there are none.
    pub attributes: Map<String, Value>,
    /// The events in it, in the order of the server.
    pub events: Vec<SpanEvent>,
    /// Links to spans of this or other traces.
    pub links: Vec<SpanLink>,
    /// The attributes of its resource, such as a version or a host. Empty if there are none.
    pub resource_attributes: Map<String, Value>,
    /// Other fields of the server's response.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl StoredSpan {
    /// Whether it ended with the status `ERROR`.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.status.as_deref() == Some("ERROR")
    }
}

impl<'de> Deserialize<'de> for StoredSpan {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Fields::deserialize(deserializer)?;
        let start: DateTime<Utc> = fields.require("start_time")?;
        let end: DateTime<Utc> = fields.require("end_time")?;
        let duration = fields.take("duration_ms", millis::read);
        Ok(Self {
            span_id: fields.require("span_id")?,
            trace_id: fields.require("trace_id")?,
            parent_span_id: fields.take("parent_span_id", text),
            service: fields.require("service_name")?,
            operation: fields.require("operation_name")?,
            start,
            end,
            duration: duration.unwrap_or_else(|| millis::between(start, end)),
            kind: fields.take("kind", text),
            status: fields.take("status_code", text),
            status_message: fields.take("status_message", text),
            attributes: fields.take("attributes", object).unwrap_or_default(),
            events: fields.take("events", any).unwrap_or_default(),
            links: fields.take("links", any).unwrap_or_default(),
            resource_attributes: fields.take("resource_attributes", object).unwrap_or_default(),
            other: fields.rest(),
        })
    }
}
