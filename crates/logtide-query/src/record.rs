//! Stored entries.

mod decode;
mod metadata;

pub use metadata::MetadataError;

use chrono::{DateTime, Utc};
use logtide_core::Level;
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::answer::shallow;

/// A stored entry.
///
/// It is serialized with the server's field names.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LogRecord {
    /// The id that the server assigned.
    pub id: String,
    /// When it happened, with a precision of 1 ms.
    pub time: DateTime<Utc>,
    /// The service that logged it.
    pub service: String,
    /// The severity. An unknown level is read as `info`.
    pub level: Level,
    /// The message.
    pub message: String,
    /// The structured data. Empty if there is none. Use [`get`](Self::get) and [`metadata_as`](Self::metadata_as) to
    /// read it as types of the program.
    pub metadata: Map<String, Value>,
    /// The id of the trace it belongs to.
    pub trace_id: Option<String>,
    /// The id of the span it belongs to. Most endpoints of the server omit it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span_id: Option<String>,
    /// The id of the session it belongs to. Only [`query`](crate::QueryClient::query) and the live tail return it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_id: Option<Uuid>,
    /// The id of the project.
    pub project_id: Option<String>,
    /// Other fields of the server's response.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl LogRecord {
    /// Decodes an entry from the server's JSON. Metadata is truncated at a depth of about 100 levels.
    ///
    /// # Errors
    ///
    /// The text is not JSON, or not an entry.
    pub fn from_json(json: &str) -> Result<Self, serde_json::Error> {
        shallow::read(json.as_bytes())
    }
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
    fn what_is_of_another_kind_than_expected_costs_itself_alone() {
        let odd = FULL.replace(r#"{"a":{"b":[1,null]}}"#, r#""text""#).replace("5f0c6f7e-", "s");
        let record: LogRecord = serde_json::from_str(&odd).unwrap();
        assert!(record.metadata.is_empty() && record.session_id.is_none());
        assert_eq!(record.other["metadata"], "text");
        assert_eq!(record.other["sessionId"], "s0c1a-4d0a-9d8e-2c3b4a5d6e7f");
        let none = FULL.replace(r#"{"a":{"b":[1,null]}}"#, "null");
        assert!(serde_json::from_str::<LogRecord>(&none).unwrap().metadata.is_empty());
    }

    #[test]
    fn names_of_the_wire_and_of_the_sdk_are_both_read() {
        let text = FULL.replace("traceId", "trace_id").replace("projectId", "project_id");
        let record: LogRecord = serde_json::from_str(&text).unwrap();
        assert_eq!(record, serde_json::from_str(FULL).unwrap());
    }

    #[test]
    fn a_missing_field_is_named() {
        for name in ["id", "time", "service", "level", "message"] {
            let text = FULL.replace(&format!("\"{name}\""), "\"gone\"");
            let error = serde_json::from_str::<LogRecord>(&text).unwrap_err();
            assert!(error.to_string().contains(&format!("missing field `{name}`")), "{error}");
        }
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
