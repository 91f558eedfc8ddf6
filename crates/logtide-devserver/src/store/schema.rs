//! Tables, indexes, connection settings, and functions for SQL.

use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};

use super::{Database, MetadataFilter, Result};

/// Opens a connection with its settings and functions.
pub(super) fn open(database: &Database) -> Result<Connection> {
    let connection = match database {
        Database::Memory => Connection::open_in_memory()?,
        Database::File(path) => Connection::open(path)?,
    };
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(64);
    // The cache (KiB) and the log (pages) hold enough batches for the full-text index to be merged in memory.
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 8000;")?;
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("contains_folded", 2, flags, contains_folded)?;
    connection.create_scalar_function("metadata_matches", 2, flags, metadata_matches)?;
    Ok(connection)
}

/// Creates missing tables and indexes.
pub(super) fn create(connection: &Connection) -> Result<()> {
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS entries (
             sequence INTEGER PRIMARY KEY,
             id BLOB NOT NULL,
             time INTEGER NOT NULL,
             service TEXT NOT NULL,
             level TEXT NOT NULL,
             message TEXT NOT NULL,
             metadata TEXT,
             hostname TEXT,
             trace_id TEXT,
             span_id TEXT,
             session_id TEXT
         );
         CREATE INDEX IF NOT EXISTS entries_by_time ON entries (time, id);
         CREATE INDEX IF NOT EXISTS entries_by_trace ON entries (trace_id) WHERE trace_id IS NOT NULL;
         CREATE VIRTUAL TABLE IF NOT EXISTS entries_text
             USING fts5(message, content = '', tokenize = 'porter unicode61');
         CREATE TABLE IF NOT EXISTS spans (
             sequence INTEGER PRIMARY KEY,
             trace_id TEXT NOT NULL,
             span_id TEXT NOT NULL,
             parent_span_id TEXT,
             service TEXT NOT NULL,
             operation TEXT NOT NULL,
             started INTEGER NOT NULL,
             ended INTEGER NOT NULL,
             duration INTEGER NOT NULL,
             kind TEXT,
             status_code TEXT,
             status_message TEXT,
             attributes TEXT NOT NULL,
             events TEXT NOT NULL,
             links TEXT NOT NULL,
             resource TEXT NOT NULL,
             sent INTEGER NOT NULL DEFAULT 1,
             UNIQUE (trace_id, span_id)
         );
         CREATE INDEX IF NOT EXISTS spans_by_start ON spans (started);
         CREATE VIEW IF NOT EXISTS traces AS
             SELECT trace_id, first.service,
                    iif(first.parent_span_id IS NULL, first.service, NULL) AS root_service,
                    iif(first.parent_span_id IS NULL, first.operation, NULL) AS root_operation,
                    spanned.started, spanned.ended, span_count, error
             FROM (SELECT trace_id, min(started) AS started, max(ended) AS ended, sum(sent) AS span_count,
                          max(status_code IS 'ERROR') AS error
                   FROM spans GROUP BY trace_id) spanned
             JOIN spans first USING (trace_id)
             WHERE first.sequence = (
                 SELECT sequence FROM spans candidate WHERE candidate.trace_id = spanned.trace_id
                 ORDER BY parent_span_id IS NOT NULL, started, sequence LIMIT 1);",
    )
}

/// `contains_folded(text, needle)`: whether a text contains another, ignoring case.
fn contains_folded(context: &Context<'_>) -> Result<bool> {
    let needle = context.get_or_create_aux(1, |value| value.as_str().map(str::to_lowercase))?;
    let text = context.get_raw(0).as_str()?;
    Ok(text.to_lowercase().contains(needle.as_str()))
}

/// `metadata_matches(metadata, filters)`: whether metadata matches each filter of a JSON array.
fn metadata_matches(context: &Context<'_>) -> Result<bool> {
    let filters = context.get_or_create_aux(1, |value| -> std::result::Result<_, BoxError> {
        Ok(serde_json::from_str::<Vec<MetadataFilter>>(value.as_str()?)?)
    })?;
    let metadata = context.get_raw(0).as_str_or_null()?;
    Ok(filters.iter().all(|filter| filter.matches(metadata)))
}

type BoxError = Box<dyn std::error::Error + Send + Sync>;
