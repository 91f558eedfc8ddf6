//! `POST /api/v1/ingest`: takes a batch.

use std::borrow::Cow;

use axum::body::Body;
use axum::extract::{Request, State as Extract};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};
use axum::response::Response;
use bytes::Bytes;
use serde::Serialize;

use super::now;
use crate::body::{self, MAX_BODY, ReadError};
use crate::chaos::Fault;
use crate::json::{self, ParseError};
use crate::ledger::Seen;
use crate::reply;
use crate::state::{Shared, State};
use crate::store::format_time;
use crate::validate::{self, Entry};

/// What the content type says the body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    /// Taken by the server's parsers, and never a batch.
    Text,
}

pub(super) async fn batch(Extract(state): Extract<Shared>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let (format, bytes) = match read(&parts.headers, body).await {
        Ok(read) => read,
        Err(refusal) => return refusal,
    };
    // A compressed body, which is never UTF-8, changes its length when it is read as text.
    if parts.headers.contains_key(CONTENT_LENGTH) && std::str::from_utf8(&bytes).is_err() {
        return reply::broken_body();
    }
    let handled = tokio::task::spawn_blocking(move || {
        let mut seen = Seen { entries: 0, body_bytes: bytes.len() };
        let text = String::from_utf8_lossy(&bytes);
        let mut response = take(&state, format, text, &mut seen);
        response.extensions_mut().insert(seen);
        response
    });
    handled.await.unwrap_or_else(|_| reply::failed())
}

/// Reads the body if its type and length allow it.
async fn read(headers: &HeaderMap, body: Body) -> Result<(Format, Bytes), Response> {
    let empty = headers.get(CONTENT_LENGTH).is_none_or(|length| length == "0")
        && !headers.contains_key(TRANSFER_ENCODING);
    let format = match headers.get(CONTENT_TYPE).map(|value| value.to_str().unwrap_or_default()) {
        _ if empty => Format::Text,
        Some(value) => match value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str()
        {
            "application/json" => Format::Json,
            "text/plain" | "application/x-ndjson" => Format::Text,
            _ => return Err(refuse(body, reply::unsupported_type())),
        },
        None => return Err(refuse(body, reply::unsupported_type())),
    };
    let announced =
        headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > MAX_BODY) {
        return Err(reply::too_large());
    }
    match body::read(body).await {
        Ok(bytes) => Ok((format, bytes)),
        Err(ReadError::TooLarge) => Err(reply::too_large()),
        Err(ReadError::Broken) => Err(reply::broken_body()),
    }
}

fn refuse(body: Body, response: Response) -> Response {
    body::discard(body);
    response
}

/// Checks and stores a body.
fn take(state: &State, format: Format, text: Cow<'_, str>, seen: &mut Seen) -> Response {
    if format == Format::Text || text.is_empty() {
        return reply::invalid();
    }
    let value = match json::parse(&text) {
        Ok(value) => value,
        Err(ParseError::TooDeep) => return reply::failed(),
        Err(_) if is_lines(&text) => return reply::invalid(),
        Err(error) => return reply::invalid_json(&error.to_string()),
    };
    seen.entries = validate::count(&value);
    let Ok(entries) = validate::batch(&value, now()) else { return reply::invalid() };
    match state.faults.meet_entries(&entries) {
        Some(Fault::RejectMessage(_)) => reply::invalid(),
        Some(_) => received(0),
        None => received(store(state, &entries)),
    }
}

/// The number of entries stored: all, or none if the database does not take one of them.
fn store(state: &State, entries: &[Entry<'_>]) -> usize {
    let storable = entries.iter().all(|entry| entry.storable);
    if storable && state.store.insert(entries).is_ok() { entries.len() } else { 0 }
}

fn received(count: usize) -> Response {
    #[derive(Serialize)]
    struct Received {
        received: usize,
        timestamp: String,
    }
    reply::ok(&Received { received: count, timestamp: format_time(now()) })
}

/// Whether a text is several lines that each start an object, which the server takes for NDJSON.
fn is_lines(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
    lines.next().is_some_and(|line| line.starts_with('{'))
        && lines.peek().is_some()
        && lines.all(|line| line.starts_with('{'))
}
