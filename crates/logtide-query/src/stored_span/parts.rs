//! Events and links of spans.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::fields::{Fields, any, object, text};

/// An event of a span.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SpanEvent {
    /// The name.
    pub name: Option<String>,
    /// When it happened, with a precision of 1 ms.
    pub time: Option<DateTime<Utc>>,
    /// The attributes. Empty if there are none.
    pub attributes: Map<String, Value>,
    /// Other fields of the server's response.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A link from a span to another.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SpanLink {
    /// The id of the other span's trace.
    pub trace_id: Option<String>,
    /// The id of the other span.
    pub span_id: Option<String>,
    /// The attributes. Empty if there are none.
    pub attributes: Map<String, Value>,
    /// Other fields of the server's response.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl<'de> Deserialize<'de> for SpanEvent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Fields::deserialize(deserializer)?;
        Ok(Self {
            name: fields.take("name", text),
            time: fields.take("time", any),
            attributes: fields.take("attributes", object).unwrap_or_default(),
            other: fields.rest(),
        })
    }
}

impl<'de> Deserialize<'de> for SpanLink {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Fields::deserialize(deserializer)?;
        Ok(Self {
            trace_id: fields.take("trace_id", text),
            span_id: fields.take("span_id", text),
            attributes: fields.take("attributes", object).unwrap_or_default(),
            other: fields.rest(),
        })
    }
}
