//! `POST /api/v1/ingest` and `/api/v1/ingest/single`: store entries.

use axum::extract::{Request, State as Extract};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_TYPE, TRANSFER_ENCODING};
use axum::response::Response;
use bytes::Bytes;
use serde::Serialize;

use super::now;
use crate::body::{self, MAX_BODY, ReadError};
use crate::chaos::Fault;
use crate::json::{self, ParseError, Value};
use crate::ledger::{IngestRoute, Seen};
use crate::reply;
use crate::state::{Shared, State};
use crate::store::format_time;
use crate::validate::{self, Entry, Invalid, lenient};

/// The largest body for a single entry: 10 MiB.
const MAX_SINGLE: usize = 10 * 1024 * 1024;

/// The format that the content type names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Lines,
    /// Is read, but never accepted.
    Text,
}

/// A body that was read, and what is known of it.
#[derive(Debug)]
struct Received {
    format: Format,
    bytes: Bytes,
}

/// `POST /api/v1/ingest`.
pub(super) async fn batch(Extract(state): Extract<Shared>, request: Request) -> Response {
    handle(state, request, MAX_BODY, take_batch).await
}

/// `POST /api/v1/ingest/single`, for Fluent Bit: one entry, or one on each line.
pub(super) async fn single(Extract(state): Extract<Shared>, request: Request) -> Response {
    handle(state, request, MAX_SINGLE, take_single).await
}

async fn handle(state: Shared, request: Request, limit: usize, take: Take) -> Response {
    let Received { format, bytes } = match read(request, limit).await {
        Ok(received) => received,
        Err(refusal) => return refusal,
    };
    let handled = tokio::task::spawn_blocking(move || {
        let mut seen = Seen { entries: 0, body_bytes: bytes.len() };
        let text = String::from_utf8_lossy(&bytes);
        let mut response = take(&state, format, &text, &mut seen);
        response.extensions_mut().insert(seen);
        response
    });
    handled.await.unwrap_or_else(|_| reply::failed())
}

/// Validates and stores a body.
type Take = fn(&State, Format, &str, &mut Seen) -> Response;

/// Reads the body if its type and length allow it.
async fn read(request: Request, limit: usize) -> Result<Received, Response> {
    let (parts, body) = request.into_parts();
    let length = body::announced(&parts.headers);
    let empty = length.unwrap_or(0) == 0 && !parts.headers.contains_key(TRANSFER_ENCODING);
    let format = match content_type(&parts.headers).as_deref() {
        _ if empty => Format::Text,
        Some("application/json") => Format::Json,
        Some("application/x-ndjson") => Format::Lines,
        Some("text/plain") => Format::Text,
        _ => {
            body::discard(body);
            return Err(reply::unsupported_type());
        }
    };
    if length.is_some_and(|length| length > limit) {
        return Err(reply::too_large());
    }
    let bytes = body::read(body, limit).await.map_err(|error| match error {
        ReadError::TooLarge => reply::too_large(),
        ReadError::Broken => reply::broken_body(),
    })?;
    // Decoded as text, a body that is not UTF-8 changes its length. Compressed bodies are never UTF-8.
    if length.is_some() && std::str::from_utf8(&bytes).is_err() {
        return Err(reply::broken_body());
    }
    Ok(Received { format, bytes })
}

/// The media type without its parameters.
fn content_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next()?.trim().to_ascii_lowercase())
}

fn take_batch(state: &State, format: Format, text: &str, seen: &mut Seen) -> Response {
    if format != Format::Json || text.is_empty() {
        return reply::invalid();
    }
    let value = match json::parse(text) {
        Ok(value) => value,
        Err(ParseError::TooDeep) => return reply::failed(),
        Err(_) if is_lines(text) => return reply::invalid(),
        Err(error) => return reply::invalid_json(&error.to_string()),
    };
    seen.entries = validate::count(&value);
    let now = now();
    let entries = match &value {
        Value::Array(items) => items.iter().filter_map(|item| lenient::entry(item, now).ok()).collect(),
        value => match validate::batch(value, now) {
            Ok(entries) => entries,
            Err(Invalid) => return reply::invalid(),
        },
    };
    store(state, IngestRoute::Batch, &entries)
}

fn take_single(state: &State, format: Format, text: &str, seen: &mut Seen) -> Response {
    let lines = match format {
        Format::Text => return reply::invalid(),
        Format::Lines => text.lines().filter(|line| !line.trim().is_empty()).collect(),
        Format::Json if is_lines(text) && json::parse(text).is_err() => text.lines().collect(),
        Format::Json => vec![text],
    };
    let values: Vec<_> = lines.iter().map(|line| json::parse(line)).collect();
    seen.entries = values.len();
    let now = now();
    let read = |value| lenient::entry(value, now).ok();
    let entries: Vec<_> = values.iter().flatten().filter_map(read).collect();
    match values.as_slice() {
        [Err(error)] => reply::invalid_json(&error.to_string()),
        _ if entries.is_empty() => reply::invalid(),
        _ => store(state, IngestRoute::Single, &entries),
    }
}

/// Stores all entries, or none if the database rejects one of them.
fn store(state: &State, route: IngestRoute, entries: &[Entry<'_>]) -> Response {
    #[derive(Serialize)]
    struct Answer {
        received: usize,
        timestamp: String,
    }
    let contained = |text: &str| entries.iter().any(|entry| entry.message.contains(text));
    let fault = state.faults.meet_entries(route, contained);
    if matches!(fault, Some(Fault::RejectMessage(_))) {
        return reply::invalid();
    }
    let storable = fault.is_none() && entries.iter().all(|entry| entry.storable);
    let stored = storable && state.store.insert(entries).is_ok();
    reply::ok(&Answer { received: if stored { entries.len() } else { 0 }, timestamp: format_time(now()) })
}

/// Whether a text has several lines that each start an object, which the server takes for NDJSON.
fn is_lines(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
    lines.next().is_some_and(|line| line.starts_with('{'))
        && lines.peek().is_some()
        && lines.all(|line| line.starts_with('{'))
}
