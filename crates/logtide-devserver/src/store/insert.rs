//! Storing a batch.

use rusqlite::{Connection, params};
use uuid::Builder;

use super::{Result, Store};
use crate::validate::Entry;

impl Store {
    /// Stores all entries in one transaction, or none of them.
    pub(crate) fn insert(&self, entries: &[Entry<'_>]) -> Result<()> {
        let mut writer = self.writer();
        let first = writer.next_sequence;
        let ids: Vec<_> = entries.iter().map(|_| writer.random.u128(..).to_be_bytes()).collect();
        let transaction = writer.connection.transaction()?;
        insert_rows(&transaction, entries, &ids, first)?;
        transaction.commit()?;
        writer.next_sequence += i64::try_from(entries.len()).unwrap_or(i64::MAX);
        self.stored.add(entries.len() as u64);
        Ok(())
    }
}

fn insert_rows(connection: &Connection, entries: &[Entry<'_>], ids: &[[u8; 16]], first: i64) -> Result<()> {
    let mut row = connection
        .prepare_cached("INSERT INTO entries VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")?;
    let mut text = connection.prepare_cached("INSERT INTO entries_text (rowid, message) VALUES (?1, ?2)")?;
    for ((entry, id), sequence) in entries.iter().zip(ids).zip(first..) {
        let id = Builder::from_random_bytes(*id).into_uuid();
        row.execute(params![
            sequence,
            id.as_bytes(),
            entry.time,
            entry.service,
            entry.level.as_str(),
            entry.message,
            entry.metadata,
            entry.hostname,
            entry.trace_id,
            entry.span_id,
            entry.session_id,
        ])?;
        text.execute(params![sequence, entry.message])?;
    }
    Ok(())
}
