//! Entries read back from the requests they were sent in.

use chrono::DateTime;
use serde_json::{Map, Value};

use crate::{LogEntry, Metadata};

/// The end of the path that takes entries.
const INGEST: &str = "/ingest";

/// The entries of a request; none where it holds something else.
pub(super) fn of_request(path: &str, body: &[u8]) -> Vec<LogEntry> {
    if !path.ends_with(INGEST) {
        return Vec::new();
    }
    let Ok(mut body) = serde_json::from_slice::<Value>(body) else { return Vec::new() };
    let Some(Value::Array(logs)) = body.get_mut("logs").map(Value::take) else { return Vec::new() };
    logs.into_iter().filter_map(|log| if let Value::Object(log) = log { entry(log) } else { None }).collect()
}

fn entry(mut log: Map<String, Value>) -> Option<LogEntry> {
    let mut text = |name: &str| match log.remove(name) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    };
    let level = text("level")?.parse().ok()?;
    let mut entry = LogEntry::new(level, text("service")?, text("message")?);
    entry.time = text("time").and_then(|time| DateTime::parse_from_rfc3339(&time).ok()).map(Into::into);
    entry.trace_id = text("trace_id");
    entry.span_id = text("span_id");
    entry.session_id = text("session_id");
    if let Some(Value::Object(metadata)) = log.remove("metadata") {
        entry.metadata = Metadata::from(metadata);
    }
    Some(entry)
}
