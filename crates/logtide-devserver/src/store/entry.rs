//! Entries as the store returns them.

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
    /// The server's id for the entry.
    pub id: Uuid,
    /// The time of the entry, truncated to milliseconds.
    pub time: DateTime<Utc>,
    /// The service.
    pub service: String,
    /// `debug`, `info`, `warn`, `error` or `critical`.
    pub level: String,
    /// The message, without NUL characters.
    pub message: String,
    /// The metadata, an object. If it is nested deeper than 127 levels, a string with the JSON text.
    pub metadata: Option<Value>,
    /// The trace id, as sent.
    pub trace_id: Option<String>,
    /// The span id, as sent. The server's own responses never contain it.
    pub span_id: Option<String>,
    /// The session id, as sent.
    pub session_id: Option<String>,
}

/// A row, with its metadata as text.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    /// The position in the order of arrival.
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

/// Formats milliseconds since the epoch as `2026-11-22T09:58:34.843Z`.
pub(crate) fn format_time(time: i64) -> String {
    let time = DateTime::from_timestamp_millis(time).unwrap_or_default();
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}
