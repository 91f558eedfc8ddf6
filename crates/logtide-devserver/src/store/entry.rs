//! Entries as they come out of the store.

use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::Row;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::Result;

/// Columns that [`Record::read`] expects.
pub(super) const COLUMNS: &str =
    "sequence, id, time, service, level, message, metadata, trace_id, span_id, session_id";

/// An entry as the server stored it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StoredEntry {
    /// The server's id of the entry.
    pub id: Uuid,
    /// When it happened, cut to milliseconds.
    pub time: DateTime<Utc>,
    /// The service it came from.
    pub service: String,
    /// `debug`, `info`, `warn`, `error` or `critical`.
    pub level: String,
    /// The message, without NUL characters.
    pub message: String,
    /// The metadata, an object; nested deeper than 127 levels it is a string with the JSON text.
    pub metadata: Option<Value>,
    /// The trace id, as sent.
    pub trace_id: Option<String>,
    /// The span id, as sent; the server's own answers never show it.
    pub span_id: Option<String>,
    /// The session id, as sent.
    pub session_id: Option<String>,
}

/// A row, its metadata still text.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    /// Order of arrival.
    pub(crate) sequence: i64,
    pub(crate) id: Uuid,
    /// Milliseconds since the epoch.
    pub(crate) time: i64,
    pub(crate) service: String,
    pub(crate) level: String,
    pub(crate) message: String,
    pub(crate) metadata: Option<Box<RawValue>>,
    pub(crate) trace_id: Option<String>,
    pub(crate) span_id: Option<String>,
    pub(crate) session_id: Option<String>,
}

impl Record {
    pub(super) fn read(row: &Row<'_>) -> Result<Self> {
        let metadata: Option<String> = row.get(6)?;
        Ok(Self {
            sequence: row.get(0)?,
            id: Uuid::from_bytes(row.get(1)?),
            time: row.get(2)?,
            service: row.get(3)?,
            level: row.get(4)?,
            message: row.get(5)?,
            metadata: metadata.and_then(|text| RawValue::from_string(text).ok()),
            trace_id: row.get(7)?,
            span_id: row.get(8)?,
            session_id: row.get(9)?,
        })
    }
}

impl From<Record> for StoredEntry {
    fn from(record: Record) -> Self {
        let metadata = |raw: Box<RawValue>| {
            serde_json::from_str(raw.get()).unwrap_or_else(|_| Value::String(raw.get().to_owned()))
        };
        Self {
            id: record.id,
            time: DateTime::from_timestamp_millis(record.time).unwrap_or_default(),
            service: record.service,
            level: record.level,
            message: record.message,
            metadata: record.metadata.map(metadata),
            trace_id: record.trace_id,
            span_id: record.span_id,
            session_id: record.session_id,
        }
    }
}

/// Milliseconds since the epoch as `2026-11-22T09:58:34.843Z`.
pub(crate) fn format_time(time: i64) -> String {
    let time = DateTime::from_timestamp_millis(time).unwrap_or_default();
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}
