//! Reads other than searches.

use rusqlite::{OptionalExtension, params};
use uuid::Uuid;

use super::entry::COLUMNS;
use super::search::{Conditions, Search};
use super::{Levels, Record, Result, Store, StoredEntry};

/// Times in milliseconds since the epoch, both inclusive.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Range {
    pub(crate) from: Option<i64>,
    pub(crate) to: Option<i64>,
}

/// Counts of entries in one interval.
#[derive(Debug)]
pub(crate) struct Bucket {
    /// Start, in milliseconds since the epoch.
    pub(crate) start: i64,
    pub(crate) levels: Levels,
}

/// An entry with its neighbours, all oldest first.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) before: Vec<Record>,
    pub(crate) current: Option<Record>,
    pub(crate) after: Vec<Record>,
}

impl Store {
    /// Returns all entries in the order of arrival.
    pub(crate) fn all(&self) -> Result<Vec<StoredEntry>> {
        let records = self.after(0)?;
        Ok(records.into_iter().map(StoredEntry::from).collect())
    }

    /// Returns the entries that arrived after another, in the order of arrival.
    pub(crate) fn after(&self, sequence: i64) -> Result<Vec<Record>> {
        let sql = format!("SELECT {COLUMNS} FROM entries WHERE sequence > ? ORDER BY sequence");
        self.records(&sql, params![sequence])
    }

    /// Returns the newest sequence number, or 0 if there is none yet.
    pub(crate) fn last_sequence(&self) -> i64 {
        self.writer().next_sequence - 1
    }

    /// Returns the entries of a trace, oldest first.
    pub(crate) fn trace(&self, trace_id: &str, limit: usize) -> Result<Vec<Record>> {
        let sql = format!("SELECT {COLUMNS} FROM entries WHERE trace_id = ? ORDER BY time, id LIMIT {limit}");
        self.records(&sql, params![trace_id])
    }

    /// Returns the entry with this id.
    pub(crate) fn get(&self, id: Uuid) -> Result<Option<Record>> {
        let sql = format!("SELECT {COLUMNS} FROM entries WHERE id = ?");
        self.read(|connection| {
            connection.prepare_cached(&sql)?.query_row(params![id.as_bytes()], Record::read).optional()
        })
    }

    /// Returns the entry of a millisecond with its nearest neighbours.
    pub(crate) fn context(&self, time: i64, before: usize, after: usize) -> Result<Context> {
        let select = |condition: &str, order: &str, limit: usize| {
            let order = format!("ORDER BY time {order}, id {order} LIMIT {limit}");
            format!("SELECT {COLUMNS} FROM entries WHERE time {condition} ? {order}")
        };
        let mut before = self.records(&select("<", "DESC", before), params![time])?;
        before.reverse();
        let current = self.records(&select("=", "DESC", 1), params![time])?.pop();
        let after = self.records(&select(">", "ASC", after), params![time])?;
        Ok(Context { before, current, after })
    }

    /// Counts entries by level.
    pub(crate) fn levels(&self, range: Range) -> Result<Levels> {
        let conditions = Conditions::of(&Search { from: range.from, to: range.to, ..Search::default() });
        let sql = format!("SELECT level, count(*) FROM entries{} GROUP BY level", conditions.sql);
        Ok(self.counts(&sql, conditions.parameters())?.into_iter().collect())
    }

    /// Counts entries by interval and level; `width` is in milliseconds.
    pub(crate) fn buckets(&self, search: &Search, width: i64) -> Result<Vec<Bucket>> {
        let conditions = Conditions::of(search);
        let sql = format!(
            "SELECT time - ((time % {width}) + {width}) % {width} AS bucket, level, count(*)
             FROM entries{} GROUP BY bucket, level ORDER BY bucket",
            conditions.sql
        );
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            let mut rows = statement.query(conditions.parameters())?;
            let mut buckets: Vec<Bucket> = Vec::new();
            while let Some(row) = rows.next()? {
                let start = row.get(0)?;
                if buckets.last().is_none_or(|bucket| bucket.start != start) {
                    buckets.push(Bucket { start, levels: Levels::new() });
                }
                let count: i64 = row.get(2)?;
                if let Some(bucket) = buckets.last_mut() {
                    bucket.levels.insert(row.get(1)?, count.unsigned_abs());
                }
            }
            Ok(buckets)
        })
    }

    /// Returns the services with the most entries.
    pub(crate) fn top_services(&self, range: Range, limit: usize) -> Result<Vec<(String, u64)>> {
        self.top("service", &Search { from: range.from, to: range.to, ..Search::default() }, limit)
    }

    /// Returns the most frequent messages of error and critical entries.
    pub(crate) fn top_errors(&self, range: Range, limit: usize) -> Result<Vec<(String, u64)>> {
        let levels = vec!["error".to_owned(), "critical".to_owned()];
        self.top("message", &Search { levels, from: range.from, to: range.to, ..Search::default() }, limit)
    }

    /// Returns the names of all services, sorted.
    pub(crate) fn services(&self, range: Range) -> Result<Vec<String>> {
        self.distinct("service", range)
    }

    /// Returns the names of all hosts, sorted.
    pub(crate) fn hostnames(&self, range: Range) -> Result<Vec<String>> {
        self.distinct("hostname", range)
    }

    fn distinct(&self, column: &str, range: Range) -> Result<Vec<String>> {
        let mut conditions = Conditions::of(&Search { from: range.from, to: range.to, ..Search::default() });
        conditions.add(&format!("{column} IS NOT NULL"), []);
        let sql = format!("SELECT DISTINCT {column} FROM entries{} ORDER BY 1", conditions.sql);
        self.read(|connection| {
            connection.prepare_cached(&sql)?.query_map(conditions.parameters(), |row| row.get(0))?.collect()
        })
    }

    fn top(&self, column: &str, search: &Search, limit: usize) -> Result<Vec<(String, u64)>> {
        let conditions = Conditions::of(search);
        let sql = format!(
            "SELECT {column}, count(*) FROM entries{} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {limit}",
            conditions.sql
        );
        self.counts(&sql, conditions.parameters())
    }

    pub(super) fn counts(&self, sql: &str, parameters: impl rusqlite::Params) -> Result<Vec<(String, u64)>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let rows = statement.query_map(parameters, |row| {
                let count: i64 = row.get(1)?;
                Ok((row.get(0)?, count.unsigned_abs()))
            })?;
            rows.collect()
        })
    }

    pub(super) fn records(&self, sql: &str, parameters: impl rusqlite::Params) -> Result<Vec<Record>> {
        self.read(|connection| connection.prepare_cached(sql)?.query_map(parameters, Record::read)?.collect())
    }
}
