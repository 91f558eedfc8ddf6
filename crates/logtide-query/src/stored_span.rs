//! One stored span.

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

/// A span as the server gives it back.
///
/// Serialized, it has the names that the server uses.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StoredSpan {
    /// The id of the span.
    pub span_id: String,
    /// The id of the trace it belongs to.
    pub trace_id: String,
    /// The id of the span that it is a part of; `None` for the first of a trace.
    pub parent_span_id: Option<String>,
    /// The service it ran in.
    #[serde(rename = "service_name")]
    pub service: String,
    /// What was done.
    #[serde(rename = "operation_name")]
    pub operation: String,
    /// When it started, to the millisecond.
    #[serde(rename = "start_time")]
    pub start: DateTime<Utc>,
    /// When it ended, to the millisecond.
    #[serde(rename = "end_time")]
    pub end: DateTime<Utc>,
    /// How long it took, to the millisecond. Where the server's own number cannot be read, the time from start to end.
    #[serde(rename = "duration_ms", serialize_with = "millis::write")]
    pub duration: Duration,
    /// Its kind in the server's words: `INTERNAL`, `SERVER`, `CLIENT`, `PRODUCER`, `CONSUMER`, or one unknown here.
    pub kind: Option<String>,
    /// How it ended in the server's words: `OK`, `ERROR`, `UNSET`, or one unknown here.
    #[serde(rename = "status_code")]
    pub status: Option<String>,
    /// What was said about how it ended.
    pub status_message: Option<String>,
    /// The attributes, empty where there are none.
    pub attributes: Map<String, Value>,
    /// What happened in it, in the order of the server.
    pub events: Vec<SpanEvent>,
    /// The spans of this or other traces that it refers to.
    pub links: Vec<SpanLink>,
    /// The attributes of what it ran in, such as a version or a host. Empty where there are none.
    pub resource_attributes: Map<String, Value>,
    /// Whatever else the server said about it.
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
