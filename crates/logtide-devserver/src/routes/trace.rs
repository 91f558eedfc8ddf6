//! `GET /api/v1/logs/trace/:traceId`: the entries of a trace.

use axum::extract::{Path, State as Extract};
use axum::response::Response;

use super::shown::Logs;
use crate::parameters::Refusal;
use crate::reply;
use crate::state::Shared;

/// The most entries in a response, which does not show whether there were more.
const MAX_ENTRIES: usize = 1000;

pub(super) async fn trace(
    Extract(state): Extract<Shared>,
    Path(trace_id): Path<String>,
) -> Result<Response, Refusal> {
    let records = state.query(move |store| store.trace(&trace_id, MAX_ENTRIES)).await?;
    Ok(reply::ok(&Logs::from(records)))
}
