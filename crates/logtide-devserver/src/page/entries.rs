//! `GET /_page/entries`: entries of a search, and one entry in full.

use axum::extract::{Path, RawQuery, State as Extract};
use axum::response::Response;
use serde::Serialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::filter;
use crate::parameters::{Parameters, Refusal};
use crate::reply;
use crate::state::Shared;
use crate::store::{Line, Place, Record};

/// The most entries in one response.
const MAX_LIMIT: u32 = 5_000;

#[derive(Debug, Serialize)]
struct Page {
    /// Newest first.
    lines: Vec<Line>,
    more: bool,
    /// The last entry that had arrived before the search, after which live updates begin.
    last: i64,
    /// Identifies what was searched. Changes with a reset or a restart of the server.
    content: String,
}

/// `GET /_page/entries?…&time=&sequence=&limit=`: newest first, those before a position.
pub(super) async fn list(
    Extract(state): Extract<Shared>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let parameters = Parameters::parse(query.as_deref());
    let search = filter::read(&parameters)?;
    let limit = parameters.number("limit", 1_000, 1, MAX_LIMIT)? as usize;
    let place = filter::integer(&parameters, "time")?.zip(filter::integer(&parameters, "sequence")?);
    let place = place.map(|(time, sequence)| Place { time, sequence });
    let content = state.content();
    let page = state.query(move |store| {
        let last = store.last_sequence();
        let mut lines = store.lines(&search, place, limit + 1)?;
        let more = lines.len() > limit;
        lines.truncate(limit);
        Ok(Page { lines, more, last, content })
    });
    Ok(reply::ok(&page.await?))
}

/// `GET /_page/entries/:sequence`: everything of one entry.
pub(super) async fn entry(
    Extract(state): Extract<Shared>,
    Path(sequence): Path<i64>,
) -> Result<Response, Refusal> {
    let found = state.query(move |store| store.at(sequence)).await?;
    Ok(match found {
        Some(record) => reply::ok(&Entry::from(record)),
        None => reply::nothing("Entry not found"),
    })
}

/// An entry in full, its metadata as it was sent.
#[derive(Debug, Serialize)]
struct Entry {
    id: Uuid,
    time: i64,
    service: String,
    level: String,
    message: String,
    metadata: Option<Box<RawValue>>,
    trace: Option<String>,
    span: Option<String>,
    session: Option<String>,
}

impl From<Record> for Entry {
    fn from(record: Record) -> Self {
        Self {
            id: record.id,
            time: record.time,
            service: record.service,
            level: record.level,
            message: record.message,
            metadata: record.metadata,
            trace: record.trace_id,
            span: record.span_id,
            session: record.session_id,
        }
    }
}
