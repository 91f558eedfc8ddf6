//! The routes of the API.

mod health;
mod ingest;
mod logs;
mod shown;

use axum::Router;
use axum::routing::{get, post};

use crate::gate;
use crate::reply;
use crate::state::Shared;

/// Milliseconds since the epoch.
fn now() -> i64 {
    chrono::Utc::now().timestamp_millis()
}

/// All routes with what every request passes before them.
pub(crate) fn router(state: Shared) -> Router {
    let missing = |request: axum::extract::Request| async move {
        reply::no_route(request.method().as_str(), request.uri().path())
    };
    Router::new()
        .route("/health", get(health::health))
        .route("/api/v1/ingest", post(ingest::batch))
        .route("/api/v1/logs", get(logs::logs))
        .fallback(missing)
        .method_not_allowed_fallback(missing)
        .layer(axum::middleware::from_fn_with_state(state.clone(), gate::pass))
        .with_state(state)
}
