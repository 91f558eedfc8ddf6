//! The control API under `/_dev/`, which needs no key.

use std::sync::atomic::Ordering;

use axum::Router;
use axum::extract::State as Extract;
use axum::http::StatusCode;
use axum::middleware;
use axum::response::Response;
use axum::routing::{get, post};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::chaos::Rule;
use crate::monitors::Monitor;
use crate::page::guard;
use crate::reply::{self, Failure};
use crate::state::Shared;
use crate::store::{StoredEntry, StoredSpan};

#[derive(Debug, Serialize)]
struct Entries {
    count: usize,
    entries: Vec<StoredEntry>,
}

#[derive(Debug, Serialize)]
struct Spans {
    count: usize,
    spans: Vec<StoredSpan>,
}

#[derive(Debug, Serialize)]
struct MonitorList {
    monitors: Vec<Monitor>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewMonitor {
    id: String,
}

#[derive(Debug, Serialize)]
struct Faults {
    faults: Vec<Rule>,
}

#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Stream {
    loss: bool,
}

pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .route("/_dev/entries", get(entries))
        .route("/_dev/spans", get(spans))
        .route("/_dev/monitors", get(monitors).post(add_monitor))
        .route("/_dev/requests", get(requests))
        .route("/_dev/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/_dev/reset", post(reset))
        .route("/_dev/stream", post(stream))
        .route_layer(middleware::from_fn(guard::pass))
}

async fn entries(Extract(state): Extract<Shared>) -> Response {
    match state.query(|store| store.all()).await {
        Ok(entries) => reply::ok(&Entries { count: entries.len(), entries }),
        Err(_) => reply::failed(),
    }
}

async fn spans(Extract(state): Extract<Shared>) -> Response {
    match state.query(|store| store.all_spans()).await {
        Ok(spans) => reply::ok(&Spans { count: spans.len(), spans }),
        Err(_) => reply::failed(),
    }
}

async fn monitors(Extract(state): Extract<Shared>) -> Response {
    reply::ok(&MonitorList { monitors: state.monitors.list() })
}

async fn add_monitor(Extract(state): Extract<Shared>, body: Bytes) -> Response {
    match read::<NewMonitor>(&body) {
        Ok(NewMonitor { id }) => {
            state.monitors.add(id);
            reply::ok(&MonitorList { monitors: state.monitors.list() })
        }
        Err(error) => refuse(&error),
    }
}

async fn requests(Extract(state): Extract<Shared>) -> Response {
    reply::ok(&state.ledger.snapshot())
}

async fn faults(Extract(state): Extract<Shared>) -> Response {
    reply::ok(&Faults { faults: state.faults.list() })
}

async fn add_fault(Extract(state): Extract<Shared>, body: Bytes) -> Response {
    match read(&body) {
        Ok(rule) => {
            state.faults.add(rule);
            reply::ok(&Faults { faults: state.faults.list() })
        }
        Err(error) => refuse(&error),
    }
}

async fn clear_faults(Extract(state): Extract<Shared>) -> Response {
    state.faults.clear();
    reply::ok(&Faults { faults: Vec::new() })
}

async fn reset(Extract(state): Extract<Shared>) -> Response {
    let done = tokio::task::spawn_blocking(move || state.reset()).await;
    match done {
        Ok(Ok(())) => reply::ok(&Entries { count: 0, entries: Vec::new() }),
        Ok(Err(_)) | Err(_) => reply::failed(),
    }
}

async fn stream(Extract(state): Extract<Shared>, body: Bytes) -> Response {
    match read::<Stream>(&body) {
        Ok(stream) => {
            state.stream_loss.store(stream.loss, Ordering::Relaxed);
            reply::ok(&stream)
        }
        Err(error) => refuse(&error),
    }
}

/// Reads JSON regardless of the content type, so that a plain `curl -d` is enough.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|error| error.to_string())
}

fn refuse(error: &str) -> Response {
    reply::json(StatusCode::BAD_REQUEST, &Failure { error, ..Failure::default() })
}
