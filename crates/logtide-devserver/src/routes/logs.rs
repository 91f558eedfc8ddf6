//! `GET /api/v1/logs`: searches.

use axum::extract::{RawQuery, State as Extract};
use axum::response::Response;
use serde::Serialize;

use super::shown::Found;
use super::{HOUR, now};
use crate::parameters::{Parameters, Refusal};
use crate::reply;
use crate::state::Shared;
use crate::store::{Cursor, MetadataFilter, Search, TextSearch};

/// The names of the levels, in the order of the server's schema.
pub(crate) const LEVELS: [&str; 5] = ["debug", "info", "warn", "error", "critical"];

/// The default range of a search, in milliseconds.
const DEFAULT_WINDOW: i64 = 24 * HOUR;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    logs: Vec<Found>,
    total: u64,
    has_more: bool,
    limit: u32,
    offset: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// The requested page.
#[derive(Debug)]
struct Query {
    search: Search,
    cursor: Option<Cursor>,
    limit: u32,
    offset: u32,
}

pub(super) async fn logs(
    Extract(state): Extract<Shared>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let Query { search, cursor, limit, offset } = Query::read(&Parameters::parse(query.as_deref()))?;
    let page = state.query(move |store| store.search(&search, cursor, offset.into(), limit as usize)).await?;
    Ok(reply::ok(&Answer {
        logs: page.records.into_iter().map(Found::from).collect(),
        total: page.total,
        has_more: page.next.is_some(),
        limit,
        offset,
        next_cursor: page.next.map(|cursor| cursor.encode()),
    }))
}

impl Query {
    fn read(parameters: &Parameters) -> Result<Self, Refusal> {
        let metadata = match parameters.text("metadata_filters")? {
            Some(text) => MetadataFilter::parse(text)
                .map_err(|error| Refusal::other("metadata_filters", error.to_string()))?,
            None => Vec::new(),
        };
        let mode = parameters.one_of("searchMode", &["fulltext", "substring"])?;
        let text = parameters.text("q")?.filter(|text| !text.is_empty()).map(String::from);
        let text = text.map(|text| match mode {
            Some("substring") => TextSearch::Substring(text),
            _ => TextSearch::Words(text),
        });
        let now = now();
        Ok(Self {
            search: Search {
                services: parameters.all("service"),
                levels: parameters.all_of("level", &LEVELS)?,
                hostnames: parameters.all("hostname"),
                trace_id: parameters.text("traceId")?.map(String::from),
                session_id: parameters.text("sessionId")?.map(String::from),
                from: Some(parameters.time("from")?.unwrap_or(now - DEFAULT_WINDOW)),
                to: Some(parameters.time("to")?.unwrap_or(now)),
                text,
                metadata,
            },
            cursor: parameters.text("cursor")?.and_then(Cursor::decode),
            limit: parameters.number("limit", 100, 1, 1000)?,
            offset: parameters.number("offset", 0, 0, u32::MAX)?,
        })
    }
}
