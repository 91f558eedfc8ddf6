//! `GET /api/v1/stats`: counts by level.

use axum::extract::{RawQuery, State as Extract};
use axum::response::Response;
use serde::Serialize;

use crate::parameters::{Parameters, Refusal};
use crate::reply;
use crate::state::Shared;
use crate::store::{Levels, Range};

#[derive(Debug, Serialize)]
struct Answer {
    total: u64,
    by_level: Levels,
}

pub(super) async fn stats(
    Extract(state): Extract<Shared>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let parameters = Parameters::parse(query.as_deref());
    let range = Range { from: parameters.time("from")?, to: parameters.time("to")? };
    let by_level = state.query(move |store| store.levels(range)).await?;
    Ok(reply::ok(&Answer { total: by_level.values().sum(), by_level }))
}
