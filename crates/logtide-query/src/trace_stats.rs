//! Trace statistics.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::{
    count,
    fields::{Fields, any, whole},
    millis,
};

/// Counts and durations of traces.
///
/// It is serialized with the server's field names.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TraceStats {
    /// The number of traces.
    pub total_traces: u64,
    /// The number of their spans. A span that was sent twice counts twice.
    pub total_spans: u64,
    /// The mean duration of a trace, with a precision of 1 ms.
    #[serde(rename = "avg_duration_ms", serialize_with = "millis::write")]
    pub average_duration: Duration,
    /// The longest duration, with a precision of 1 ms.
    #[serde(rename = "max_duration_ms", serialize_with = "millis::write")]
    pub longest_duration: Duration,
    /// The number of traces with an error.
    pub error_count: u64,
    /// The fraction of traces with an error, from 0 to 1.
    pub error_rate: f64,
    /// Other fields of the server's response.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl<'de> Deserialize<'de> for TraceStats {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Count(#[serde(deserialize_with = "count::read")] u64);

        let mut fields = Fields::deserialize(deserializer)?;
        let Count(total_traces) = fields.require("total_traces")?;
        Ok(Self {
            total_traces,
            total_spans: fields.take("total_spans", whole).unwrap_or_default(),
            average_duration: fields.take("avg_duration_ms", millis::read).unwrap_or_default(),
            longest_duration: fields.take("max_duration_ms", millis::read).unwrap_or_default(),
            error_count: fields.take("error_count", whole).unwrap_or_default(),
            error_rate: fields.take("error_rate", any).unwrap_or_default(),
            other: fields.rest(),
        })
    }
}
