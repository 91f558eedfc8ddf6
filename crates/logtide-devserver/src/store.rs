//! The entries and spans, in SQLite. One connection writes; if the database is a file, others read.

mod cursor;
mod entry;
mod filter;
mod insert;
mod lines;
mod reads;
mod schema;
mod search;
mod span;
mod spans;
mod summary;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use crate::counter::Counter;

pub use entry::StoredEntry;
pub use span::StoredSpan;

pub(crate) use cursor::Cursor;
pub(crate) use entry::{Record, format_time};
pub(crate) use filter::MetadataFilter;
pub(crate) use lines::{Line, Place};
pub(crate) use reads::Range;
pub(crate) use search::{Search, TextSearch};
pub(crate) use span::{SpanRecord, TraceRecord};
pub(crate) use spans::{Calls, TraceSearch};

pub(crate) type Result<T> = std::result::Result<T, rusqlite::Error>;

/// Where the server keeps its entries and spans.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Database {
    /// In memory, until the server stops; the default.
    #[default]
    Memory,
    /// In a file, which is created if it does not exist and kept when the server stops.
    File(PathBuf),
}

/// All entries and spans of one server.
///
/// Every method blocks, so async code calls it from a thread that may block.
#[derive(Debug)]
pub(crate) struct Store {
    writer: Mutex<Writer>,
    /// Idle read connections. A database in memory has none and reads through the writer.
    readers: Mutex<Vec<Connection>>,
    database: Database,
    stored: Counter,
    stored_spans: Counter,
}

#[derive(Debug)]
struct Writer {
    connection: Connection,
    /// Continues after a reset, so that a stream never takes a later entry for one that it has sent.
    next_sequence: i64,
    random: fastrand::Rng,
}

impl Store {
    /// Opens a database and creates missing tables.
    pub(crate) fn open(database: Database) -> Result<Self> {
        let connection = schema::open(&database)?;
        schema::create(&connection)?;
        let (stored, next_sequence): (i64, i64) = connection.query_row(
            "SELECT count(*), coalesce(max(sequence), 0) + 1 FROM entries",
            (),
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let spans = spans::count(&connection)?;
        Ok(Self {
            writer: Mutex::new(Writer { connection, next_sequence, random: fastrand::Rng::new() }),
            readers: Mutex::default(),
            database,
            stored: Counter::new(stored.unsigned_abs()),
            stored_spans: Counter::new(spans),
        })
    }

    /// The number of stored entries, which can be waited for.
    pub(crate) fn stored(&self) -> &Counter {
        &self.stored
    }

    /// The number of stored spans, which can be waited for.
    pub(crate) fn stored_spans(&self) -> &Counter {
        &self.stored_spans
    }

    /// Removes all entries and spans.
    pub(crate) fn clear(&self) -> Result<()> {
        let writer = self.writer();
        writer.connection.execute_batch(
            "BEGIN; DELETE FROM entries; INSERT INTO entries_text(entries_text) VALUES ('delete-all');
             DELETE FROM spans; COMMIT;",
        )?;
        self.stored.set(0);
        self.stored_spans.set(0);
        Ok(())
    }

    /// Runs a read on its own connection, if there can be several.
    fn read<T>(&self, query: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        if self.database == Database::Memory {
            return query(&self.writer().connection);
        }
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = idle.map_or_else(|| schema::open(&self.database), Ok)?;
        let result = query(&connection);
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        result
    }

    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts of entries by level.
pub(crate) type Levels = BTreeMap<String, u64>;
