//! Storing and reading spans, individually and as traces.

use rusqlite::{Connection, OptionalExtension, params};

use super::search::Conditions;
use super::span::{SPAN_COLUMNS, TRACE_COLUMNS};
use super::{Range, Result, SpanRecord, Store, StoredSpan, TraceRecord};
use crate::otlp::Span;

/// The conditions of a search for traces. An empty list and `None` match everything.
#[derive(Debug, Default)]
pub(crate) struct TraceSearch {
    pub(crate) services: Vec<String>,
    pub(crate) error: Option<bool>,
    /// The range of start times.
    pub(crate) range: Range,
    /// Milliseconds, inclusive.
    pub(crate) shortest: Option<u32>,
    /// Milliseconds, inclusive.
    pub(crate) longest: Option<u32>,
}

/// Statistics of many traces.
#[derive(Debug)]
pub(crate) struct TraceStatistics {
    pub(crate) traces: u64,
    pub(crate) spans: u64,
    /// Milliseconds.
    pub(crate) average: f64,
    /// Milliseconds.
    pub(crate) longest: i64,
    pub(crate) errors: u64,
}

/// How often one service called another.
#[derive(Debug)]
pub(crate) struct Calls {
    pub(crate) source: String,
    pub(crate) target: String,
    pub(crate) count: u64,
}

impl Store {
    /// Stores all spans in one transaction. A span that is already stored only counts again.
    pub(crate) fn insert_spans(&self, spans: &[Span<'_>]) -> Result<()> {
        let mut writer = self.writer();
        let transaction = writer.connection.transaction()?;
        let mut new = 0;
        let mut row = transaction.prepare_cached(
            "INSERT INTO spans (trace_id, span_id, parent_span_id, service, operation, started, ended, duration,
                 kind, status_code, status_message, attributes, events, links, resource)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
             ON CONFLICT (trace_id, span_id) DO UPDATE SET sent = sent + 1
             RETURNING sent = 1",
        )?;
        for span in spans {
            let values = params![
                span.trace_id,
                span.span_id,
                span.parent_span_id,
                span.service,
                span.operation,
                span.start,
                span.end,
                span.duration,
                span.kind,
                span.status_code,
                span.status_message,
                span.attributes,
                span.events,
                span.links,
                span.resource,
            ];
            new += u64::from(row.query_row(values, |row| row.get::<_, bool>(0))?);
        }
        drop(row);
        transaction.commit()?;
        self.stored_spans.add(new);
        Ok(())
    }

    /// Returns all spans in the order of arrival.
    pub(crate) fn all_spans(&self) -> Result<Vec<StoredSpan>> {
        let sql = format!("SELECT {SPAN_COLUMNS} FROM spans ORDER BY sequence");
        Ok(self.span_records(&sql, ())?.into_iter().map(StoredSpan::from).collect())
    }

    /// Returns the spans of a trace, in the order of their start.
    pub(crate) fn spans_of(&self, trace_id: &str) -> Result<Vec<SpanRecord>> {
        let sql = format!("SELECT {SPAN_COLUMNS} FROM spans WHERE trace_id = ? ORDER BY started, sequence");
        self.span_records(&sql, params![trace_id])
    }

    /// Returns one trace.
    pub(crate) fn trace_of(&self, trace_id: &str) -> Result<Option<TraceRecord>> {
        let sql = format!("SELECT {TRACE_COLUMNS} FROM traces WHERE trace_id = ?");
        self.read(|connection| {
            connection.prepare_cached(&sql)?.query_row(params![trace_id], TraceRecord::read).optional()
        })
    }

    /// Returns the newest matching traces, and how many there are without the limits.
    pub(crate) fn traces(
        &self,
        search: &TraceSearch,
        offset: u32,
        limit: u32,
    ) -> Result<(Vec<TraceRecord>, u64)> {
        let conditions = Conditions::of_traces(search);
        let found = format!("FROM traces{}", conditions.sql);
        let page = format!(
            "SELECT {TRACE_COLUMNS} {found} ORDER BY started DESC, trace_id LIMIT {limit} OFFSET {offset}"
        );
        self.read(|connection| {
            let total: i64 = connection
                .prepare_cached(&format!("SELECT count(*) {found}"))?
                .query_row(conditions.parameters(), |row| row.get(0))?;
            let mut page = connection.prepare_cached(&page)?;
            let traces =
                page.query_map(conditions.parameters(), TraceRecord::read)?.collect::<Result<_>>()?;
            Ok((traces, total.unsigned_abs()))
        })
    }

    /// Returns the names of all services that sent spans, sorted.
    pub(crate) fn span_services(&self, range: Range) -> Result<Vec<String>> {
        let conditions = Conditions::of_spans("started", range);
        let sql = format!("SELECT DISTINCT service FROM spans{} ORDER BY 1", conditions.sql);
        self.read(|connection| {
            connection.prepare_cached(&sql)?.query_map(conditions.parameters(), |row| row.get(0))?.collect()
        })
    }

    /// Returns statistics of the matching traces.
    pub(crate) fn trace_statistics(&self, search: &TraceSearch) -> Result<TraceStatistics> {
        let conditions = Conditions::of_traces(search);
        let sql = format!(
            "SELECT count(*), coalesce(sum(span_count), 0), coalesce(avg(ended - started), 0.0),
                    coalesce(max(ended - started), 0), coalesce(sum(error), 0) FROM traces{}",
            conditions.sql
        );
        self.read(|connection| {
            connection.prepare_cached(&sql)?.query_row(conditions.parameters(), |row| {
                let number = |column| row.get(column).map(i64::unsigned_abs);
                Ok(TraceStatistics {
                    traces: number(0)?,
                    spans: number(1)?,
                    average: row.get(2)?,
                    longest: row.get(3)?,
                    errors: number(4)?,
                })
            })
        })
    }

    /// Returns the services with their span counts.
    pub(crate) fn span_counts(&self, range: Range) -> Result<Vec<(String, u64)>> {
        let conditions = Conditions::of_spans("started", range);
        let sql = format!("SELECT service, count(*) FROM spans{} GROUP BY 1 ORDER BY 1", conditions.sql);
        self.counts(&sql, conditions.parameters())
    }

    /// Counts how often services called each other, which is when a span of one is the parent of a span of the other.
    pub(crate) fn calls(&self, range: Range) -> Result<Vec<Calls>> {
        let mut conditions = Conditions::of_spans("called.started", range);
        conditions.add("caller.service <> called.service", []);
        let sql = format!(
            "SELECT caller.service, called.service, count(*) FROM spans called
             JOIN spans caller ON caller.trace_id = called.trace_id AND caller.span_id = called.parent_span_id
             {} GROUP BY 1, 2 ORDER BY 1, 2",
            conditions.sql
        );
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            let calls = statement.query_map(conditions.parameters(), |row| {
                let count: i64 = row.get(2)?;
                Ok(Calls { source: row.get(0)?, target: row.get(1)?, count: count.unsigned_abs() })
            })?;
            calls.collect()
        })
    }

    fn span_records(&self, sql: &str, parameters: impl rusqlite::Params) -> Result<Vec<SpanRecord>> {
        self.read(|connection| {
            connection.prepare_cached(sql)?.query_map(parameters, SpanRecord::read)?.collect()
        })
    }
}

impl Conditions {
    fn of_traces(search: &TraceSearch) -> Self {
        let mut conditions = Self::of_spans("started", search.range);
        conditions.any_of("service", &search.services);
        if let Some(error) = search.error {
            conditions.add("error = ?", [i64::from(error).into()]);
        }
        if let Some(shortest) = search.shortest {
            conditions.add("ended - started >= ?", [i64::from(shortest).into()]);
        }
        if let Some(longest) = search.longest {
            conditions.add("ended - started <= ?", [i64::from(longest).into()]);
        }
        conditions
    }

    /// Matches spans that started in a range; `start` names the column.
    fn of_spans(start: &str, range: Range) -> Self {
        let mut conditions = Self::default();
        if let Some(from) = range.from {
            conditions.add(&format!("{start} >= ?"), [from.into()]);
        }
        if let Some(to) = range.to {
            conditions.add(&format!("{start} <= ?"), [to.into()]);
        }
        conditions
    }
}

/// Returns the number of spans in the database.
pub(super) fn count(connection: &Connection) -> Result<u64> {
    connection.query_row("SELECT count(*) FROM spans", (), |row| row.get(0).map(i64::unsigned_abs))
}
