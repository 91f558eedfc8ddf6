//! Numbers of traces and spans in a time.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::{
    count,
    fields::{Fields, any, whole},
    millis,
};

/// How many traces there are, and how long they took.
///
/// Serialized, it has the names that the server uses.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TraceStats {
    /// How many traces there are.
    pub total_traces: u64,
    /// How many spans they have together. A span that was sent twice is counted twice.
    pub total_spans: u64,
    /// How long a trace took on average, to the millisecond.
    #[serde(rename = "avg_duration_ms", serialize_with = "millis::write")]
    pub average_duration: Duration,
    /// How long the longest took, to the millisecond.
    #[serde(rename = "max_duration_ms", serialize_with = "millis::write")]
    pub longest_duration: Duration,
    /// How many traces have an error.
    pub error_count: u64,
    /// The share of traces with an error, from 0 to 1.
    pub error_rate: f64,
    /// Whatever else the server said.
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
