//! One stored entry.

use chrono::{DateTime, Utc};
use logtide_core::Level;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

/// An entry as the server gives it back.
///
/// Serialized, it has the names that the server uses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LogRecord {
    /// The id that the server gave it. It tells entries apart that are equal in everything else.
    pub id: String,
    /// When it happened, to the millisecond.
    pub time: DateTime<Utc>,
    /// The service that logged it.
    pub service: String,
    /// How severe it is. A level unknown here reads as `info`.
    #[serde(deserialize_with = "level")]
    pub level: Level,
    /// The message.
    pub message: String,
    /// The structured data, empty where there is none.
    #[serde(default, deserialize_with = "metadata")]
    pub metadata: Map<String, Value>,
    /// The id of the trace it belongs to.
    #[serde(default, alias = "trace_id")]
    pub trace_id: Option<String>,
    /// The id of the span it belongs to. Most calls of the server leave it out.
    #[serde(default, alias = "span_id", skip_serializing_if = "Option::is_none")]
    pub span_id: Option<String>,
    /// The id of the session it belongs to. Only [`query`](crate::QueryClient::query) and the live tail give it.
    #[serde(default, alias = "session_id", skip_serializing_if = "Option::is_none")]
    pub session_id: Option<Uuid>,
    /// The id of the project.
    #[serde(default, alias = "project_id")]
    pub project_id: Option<String>,
    /// Whatever else the server said about it.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

fn level<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Level, D::Error> {
    String::deserialize(deserializer).map(|level| level.parse().unwrap_or(Level::Info))
}

fn metadata<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Map<String, Value>, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: &str = r#"{"id":"0191","time":"2026-11-22T09:58:34.843Z","projectId":"p1","service":"api",
        "level":"error","message":"gone","metadata":{"a":{"b":[1,null]}},"traceId":"t1",
        "sessionId":"5f0c6f7e-0c1a-4d0a-9d8e-2c3b4a5d6e7f","organizationId":"o1"}"#;

    #[test]
    fn everything_the_server_says_is_kept() {
        let record: LogRecord = serde_json::from_str(FULL).unwrap();
        assert_eq!(record.time.timestamp_millis(), 1_795_341_514_843);
        assert_eq!(record.level, Level::Error);
        assert_eq!(record.metadata["a"]["b"][0], 1);
        assert_eq!(record.trace_id.as_deref(), Some("t1"));
        assert_eq!(record.other["organizationId"], "o1");
        let back: Value = serde_json::to_value(&record).unwrap();
        assert_eq!(back, serde_json::from_str::<Value>(FULL).unwrap());
    }

    #[test]
    fn absent_and_null_fields_are_no_error() {
        for fields in ["", r#","metadata":null,"traceId":null,"spanId":null,"sessionId":null"#] {
            let text = format!(
                r#"{{"id":"1","time":"2026-11-22T09:58:34Z","service":"s","level":"notice","message":"m"{fields}}}"#
            );
            let record: LogRecord = serde_json::from_str(&text).unwrap();
            assert!(record.metadata.is_empty() && record.other.is_empty());
            assert_eq!((record.trace_id, record.session_id, record.level), (None, None, Level::Info));
        }
    }
}
