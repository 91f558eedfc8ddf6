//! The routes of the API.

mod aggregated;
mod context;
mod entry;
mod health;
mod heartbeat;
mod ingest;
mod lists;
mod logs;
mod otlp;
mod shown;
mod stats;
mod stream;
mod trace;
mod traces;

use axum::Router;
use axum::extract::Request;
use axum::middleware;
use axum::routing::{get, post};

use crate::control;
use crate::gate;
use crate::page;
use crate::reply;
use crate::state::Shared;

pub(crate) use logs::LEVELS;

/// The route for heartbeats, which accepts write keys and has its own rate limit.
pub(crate) const HEARTBEAT: &str = "/api/v1/monitors/{id}/heartbeat";

/// An hour in milliseconds.
const HOUR: i64 = 60 * 60 * 1000;

/// Milliseconds since the epoch.
pub(crate) fn now() -> i64 {
    chrono::Utc::now().timestamp_millis()
}

/// Creates all routes, with what every request passes before them.
pub(crate) fn router(state: Shared) -> Router {
    let missing = |request: Request| async move { reply::no_route(&request) };
    Router::new()
        .route("/health", get(health::health))
        .route("/api/v1/ingest", post(ingest::batch))
        .route("/api/v1/ingest/single", post(ingest::single))
        .route("/api/v1/stats", get(stats::stats))
        .route("/api/v1/logs", get(logs::logs))
        .route("/api/v1/logs/aggregated", get(aggregated::aggregated))
        .route("/api/v1/logs/context", get(context::context))
        .route("/api/v1/logs/hostnames", get(lists::hostnames))
        .route("/api/v1/logs/services", get(lists::services))
        .route("/api/v1/logs/stream", get(stream::stream))
        .route("/api/v1/logs/top-errors", get(lists::top_errors))
        .route("/api/v1/logs/top-services", get(lists::top_services))
        .route("/api/v1/logs/trace/{trace_id}", get(trace::trace))
        .route("/api/v1/logs/{id}", get(entry::entry))
        .route("/api/v1/logs/{id}/identifiers", get(entry::identifiers))
        .route("/api/v1/traces", get(traces::list))
        .route("/api/v1/traces/dependencies", get(traces::dependencies))
        .route("/api/v1/traces/services", get(traces::services))
        .route("/api/v1/traces/stats", get(traces::statistics))
        .route("/api/v1/traces/{trace_id}", get(traces::trace))
        .route("/api/v1/traces/{trace_id}/spans", get(traces::spans))
        .route(HEARTBEAT, post(heartbeat::heartbeat))
        .route("/v1/otlp/logs", get(otlp::ready).post(otlp::logs))
        .route("/v1/otlp/traces", get(otlp::ready).post(otlp::traces))
        .merge(control::router())
        .merge(page::router())
        .fallback(missing)
        .method_not_allowed_fallback(missing)
        .layer(middleware::from_fn_with_state(state.clone(), gate::pass))
        .with_state(state)
}
