//! Entries in lists: one short line each.

use rusqlite::types::Value;
use rusqlite::{Row, ToSql, params};
use serde::Serialize;

use super::entry::COLUMNS;
use super::search::{Conditions, Search};
use super::{Record, Result, Store};

/// The most characters of a message in a line.
const CHARACTERS: usize = 400;

/// The part of an entry that a list shows.
#[derive(Debug, Serialize)]
pub(crate) struct Line {
    pub(crate) sequence: i64,
    /// Milliseconds since the epoch.
    time: i64,
    service: String,
    level: String,
    /// The start of the message.
    message: String,
    trace: Option<String>,
    span: Option<String>,
}

/// A position in a list: by time and, within a millisecond, by arrival.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// Milliseconds since the epoch.
    pub(crate) time: i64,
    pub(crate) sequence: i64,
}

impl Line {
    fn columns() -> String {
        format!("sequence, time, service, level, substr(message, 1, {CHARACTERS}), trace_id, span_id")
    }

    fn read(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            sequence: row.get(0)?,
            time: row.get(1)?,
            service: row.get(2)?,
            level: row.get(3)?,
            message: row.get(4)?,
            trace: row.get(5)?,
            span: row.get(6)?,
        })
    }
}

impl Store {
    /// Returns the matches of a search before a position, newest first.
    pub(crate) fn lines(&self, search: &Search, before: Option<Place>, limit: usize) -> Result<Vec<Line>> {
        let mut conditions = Conditions::of(search);
        if let Some(Place { time, sequence }) = before {
            let values = [Value::Integer(time), Value::Integer(time), Value::Integer(sequence)];
            conditions.add("time <= ? AND (time, sequence) < (?, ?)", values);
        }
        let sql = format!(
            "SELECT {} FROM entries{} ORDER BY time DESC, sequence DESC LIMIT {limit}",
            Line::columns(),
            conditions.sql
        );
        self.read_lines(&sql, conditions.parameters())
    }

    /// Returns the matches among the entries that arrived after another, in the order of arrival.
    pub(crate) fn lines_after(&self, search: &Search, sequence: i64, limit: usize) -> Result<Vec<Line>> {
        let mut conditions = Conditions::of(search);
        conditions.add("sequence > ?", [Value::Integer(sequence)]);
        // With no index but that of `sequence`, older entries are never read.
        let sql = format!(
            "SELECT {} FROM entries NOT INDEXED{} ORDER BY sequence LIMIT {limit}",
            Line::columns(),
            conditions.sql
        );
        self.read_lines(&sql, conditions.parameters())
    }

    /// Returns the entries of a trace, oldest first.
    pub(crate) fn lines_of_trace(&self, trace_id: &str, limit: usize) -> Result<Vec<Line>> {
        let sql = format!(
            "SELECT {} FROM entries WHERE trace_id = ? ORDER BY time, sequence LIMIT {limit}",
            Line::columns()
        );
        self.read_lines(&sql, params![trace_id])
    }

    /// Returns the entry with this number in the order of arrival.
    pub(crate) fn at(&self, sequence: i64) -> Result<Option<Record>> {
        let sql = format!("SELECT {COLUMNS} FROM entries WHERE sequence = ?");
        Ok(self.records(&sql, [&sequence as &dyn ToSql])?.pop())
    }

    fn read_lines(&self, sql: &str, parameters: impl rusqlite::Params) -> Result<Vec<Line>> {
        self.read(|connection| connection.prepare_cached(sql)?.query_map(parameters, Line::read)?.collect())
    }
}
