//! Searching entries, one page at a time.

use rusqlite::types::Value;
use rusqlite::{ToSql, params_from_iter};

use super::entry::COLUMNS;
use super::{Cursor, MetadataFilter, Record, Result, Store};

/// The conditions of a search. Empty lists and `None` match everything.
#[derive(Debug, Default)]
pub(crate) struct Search {
    pub(crate) services: Vec<String>,
    pub(crate) levels: Vec<String>,
    pub(crate) hostnames: Vec<String>,
    pub(crate) trace_id: Option<String>,
    pub(crate) session_id: Option<String>,
    /// Milliseconds since the epoch, inclusive.
    pub(crate) from: Option<i64>,
    /// Milliseconds since the epoch, inclusive.
    pub(crate) to: Option<i64>,
    pub(crate) text: Option<TextSearch>,
    pub(crate) metadata: Vec<MetadataFilter>,
}

/// How to search the message.
#[derive(Debug)]
pub(crate) enum TextSearch {
    /// All words, stemmed.
    Words(String),
    /// A substring, ignoring case.
    Substring(String),
}

/// One page of entries, newest first.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) records: Vec<Record>,
    /// The number of matches on all pages.
    pub(crate) total: u64,
    /// Where the next page starts, if there is one.
    pub(crate) next: Option<Cursor>,
}

impl Store {
    /// Returns one page of the matches, by time and, within a millisecond, by the random id.
    pub(crate) fn search(
        &self,
        search: &Search,
        cursor: Option<Cursor>,
        offset: u64,
        limit: usize,
    ) -> Result<Page> {
        let conditions = Conditions::of(search);
        let mut page = Conditions::of(search);
        if let Some(cursor) = cursor {
            let id = Value::Blob(cursor.id.as_bytes().to_vec());
            page.add("(time, id) < (?, ?)", [Value::Integer(cursor.time), id]);
        }
        let offset = i64::try_from(offset).unwrap_or(i64::MAX);
        let sql = format!(
            "SELECT {COLUMNS} FROM entries{} ORDER BY time DESC, id DESC LIMIT {} OFFSET {offset}",
            page.sql,
            limit + 1,
        );
        self.read(|connection| {
            let total = format!("SELECT count(*) FROM entries{}", conditions.sql);
            let total: i64 =
                connection.prepare_cached(&total)?.query_row(conditions.parameters(), |row| row.get(0))?;
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map(page.parameters(), Record::read)?;
            let mut records = rows.collect::<Result<Vec<_>>>()?;
            let more = records.len() > limit;
            records.truncate(limit);
            let last = records.last().map(|record| Cursor { time: record.time, id: record.id });
            Ok(Page { records, total: total.unsigned_abs(), next: last.filter(|_| more) })
        })
    }
}

/// A `WHERE` clause and its values.
#[derive(Debug, Default)]
pub(super) struct Conditions {
    pub(super) sql: String,
    values: Vec<Value>,
}

impl Conditions {
    pub(super) fn of(search: &Search) -> Self {
        let mut conditions = Self::default();
        conditions.any_of("service", &search.services);
        conditions.any_of("level", &search.levels);
        conditions.any_of("hostname", &search.hostnames);
        conditions.any_of("trace_id", search.trace_id.as_slice());
        conditions.any_of("session_id", search.session_id.as_slice());
        if let Some(from) = search.from {
            conditions.add("time >= ?", [Value::Integer(from)]);
        }
        if let Some(to) = search.to {
            conditions.add("time <= ?", [Value::Integer(to)]);
        }
        match &search.text {
            Some(TextSearch::Words(words)) => conditions.words(words),
            Some(TextSearch::Substring(part)) => {
                conditions.add("contains_folded(message, ?)", [Value::Text(part.clone())]);
            }
            None => {}
        }
        if !search.metadata.is_empty() {
            let filters = serde_json::to_string(&search.metadata).unwrap_or_default();
            conditions.add("metadata_matches(metadata, ?)", [Value::Text(filters)]);
        }
        conditions
    }

    pub(super) fn add(&mut self, condition: &str, values: impl IntoIterator<Item = Value>) {
        self.sql.push_str(if self.sql.is_empty() { " WHERE " } else { " AND " });
        self.sql.push_str(condition);
        self.values.extend(values);
    }

    pub(super) fn parameters(&self) -> impl rusqlite::Params {
        params_from_iter(self.values.iter().map(|value| value as &dyn ToSql))
    }

    pub(super) fn any_of(&mut self, column: &str, values: &[String]) {
        if !values.is_empty() {
            let marks = vec!["?"; values.len()].join(", ");
            self.add(&format!("{column} IN ({marks})"), values.iter().cloned().map(Value::Text));
        }
    }

    /// Quotes each word, so that nothing in it is taken for an operator.
    fn words(&mut self, text: &str) {
        let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
        let words: Vec<_> = words.map(|word| format!("\"{word}\"")).collect();
        if words.is_empty() {
            return self.add("0", []);
        }
        let matching = "sequence IN (SELECT rowid FROM entries_text WHERE entries_text MATCH ?)";
        self.add(matching, [Value::Text(words.join(" "))]);
    }
}
