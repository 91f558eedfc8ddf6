//! `/v1/otlp/logs` and `/v1/otlp/traces`: store log records and spans over OTLP.

use axum::extract::{Request, State as Extract};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;

use super::now;
use crate::body::{self, MAX_BODY, ReadError};
use crate::chaos::Fault;
use crate::json::Value;
use crate::ledger::{IngestRoute, Seen};
use crate::otlp::{self, DecodeError, Signal};
use crate::reply;
use crate::state::{Shared, State};
use crate::store;

#[derive(Debug, Serialize)]
struct Ready {
    status: &'static str,
}

/// `GET` on either route.
pub(super) async fn ready() -> Response {
    reply::ok(&Ready { status: "ok" })
}

/// `POST /v1/otlp/logs`.
pub(super) async fn logs(Extract(state): Extract<Shared>, request: Request) -> Response {
    handle(state, Signal::Logs, request, take_logs).await
}

/// `POST /v1/otlp/traces`.
pub(super) async fn traces(Extract(state): Extract<Shared>, request: Request) -> Response {
    handle(state, Signal::Traces, request, take_spans).await
}

/// Stores the content of a request.
type Take = fn(&State, &Value<'_>) -> Response;

async fn handle(state: Shared, signal: Signal, request: Request, take: Take) -> Response {
    let (parts, body) = request.into_parts();
    if body::announced(&parts.headers).is_some_and(|length| length > MAX_BODY) {
        return reply::too_large();
    }
    let bytes = match body::read(body, MAX_BODY).await {
        Ok(bytes) => bytes,
        Err(ReadError::TooLarge) => return reply::too_large(),
        Err(ReadError::Broken) => return reply::broken_body(),
    };
    let handled = tokio::task::spawn_blocking(move || {
        let mut seen = Seen { entries: 0, body_bytes: bytes.len() };
        let taken = otlp::decode(signal, &parts.headers, &bytes, |request| {
            seen.entries = otlp::count(signal, request);
            take(&state, request)
        });
        let mut response = taken.unwrap_or_else(|error| refuse(signal, &error));
        response.extensions_mut().insert(seen);
        response
    });
    handled.await.unwrap_or_else(|_| reply::failed())
}

fn refuse(signal: Signal, error: &DecodeError) -> Response {
    match error {
        DecodeError::Type => reply::unsupported_type(),
        DecodeError::TooLarge => reply::too_large(),
        DecodeError::Json => reply::invalid_otlp_json(),
        DecodeError::Protobuf(_) | DecodeError::Request => {
            reply::otlp(StatusCode::BAD_REQUEST, signal, -1, &error.to_string())
        }
    }
}

fn take_logs(state: &State, request: &Value<'_>) -> Response {
    let entries = otlp::entries(request, now());
    let batch = Batch {
        route: IngestRoute::OtlpLogs,
        signal: Signal::Logs,
        items: entries,
        text: |entry| &entry.message,
        storable: |entry| entry.storable,
    };
    batch.store(state, |entries| state.store.insert(entries))
}

fn take_spans(state: &State, request: &Value<'_>) -> Response {
    let spans = otlp::spans(request, now());
    let batch = Batch {
        route: IngestRoute::OtlpTraces,
        signal: Signal::Traces,
        items: spans,
        text: |span| &span.operation,
        storable: |span| span.storable,
    };
    batch.store(state, |spans| state.store.insert_spans(spans))
}

/// The entries or spans of one request.
struct Batch<T> {
    route: IngestRoute,
    signal: Signal,
    items: Vec<T>,
    /// Returns the message or the name.
    text: fn(&T) -> &str,
    storable: fn(&T) -> bool,
}

impl<T> Batch<T> {
    /// Stores all, or none if the database rejects one of them, which the response does not show.
    fn store(mut self, state: &State, insert: impl FnOnce(&[T]) -> store::Result<()>) -> Response {
        let Self { text, storable, .. } = self;
        let contained = |part: &str| self.items.iter().any(|item| text(item).contains(part));
        let fault = state.faults.meet_entries(self.route, contained);
        let mut rejected = 0;
        match &fault {
            Some(Fault::RejectMessage(_)) => {
                return reply::otlp(StatusCode::BAD_REQUEST, self.signal, -1, "Validation error");
            }
            Some(Fault::InsertFails(_)) => self.items.clear(),
            Some(Fault::RejectPart(part)) => {
                let before = self.items.len();
                self.items.retain(|item| !text(item).contains(part.as_str()));
                rejected = before - self.items.len();
            }
            _ => {}
        }
        if self.items.iter().all(storable) {
            // The real server does not report this either.
            let _stored = insert(&self.items);
        }
        let rejected = i64::try_from(rejected).unwrap_or(i64::MAX);
        let error = if rejected == 0 { "" } else { "rejected" };
        reply::otlp(StatusCode::OK, self.signal, rejected, error)
    }
}
