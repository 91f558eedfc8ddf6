//! `POST /api/v1/monitors/:id/heartbeat`: reports that a program is alive.

use axum::extract::{Path, State as Extract};
use axum::response::Response;

use crate::reply;
use crate::state::Shared;

/// Responds with 500 for an unknown monitor, as the real server does.
pub(super) async fn heartbeat(Extract(state): Extract<Shared>, Path(id): Path<String>) -> Response {
    if state.monitors.beat(&id) { reply::no_content() } else { reply::failed() }
}
