//! `GET /api/v1/logs/context`: the entries around a moment.

use axum::extract::{RawQuery, State as Extract};
use axum::response::Response;
use serde::Serialize;

use super::shown::Shown;
use crate::parameters::{Parameters, Refusal};
use crate::reply;
use crate::state::Shared;

#[derive(Debug, Serialize)]
struct Answer {
    before: Vec<Shown>,
    current: Option<Shown>,
    after: Vec<Shown>,
}

pub(super) async fn context(
    Extract(state): Extract<Shared>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let parameters = Parameters::parse(query.as_deref());
    let time = parameters.required_time("time")?;
    let before = parameters.number("before", 10, 1, 50)? as usize;
    let after = parameters.number("after", 10, 1, 50)? as usize;
    let context = state.query(move |store| store.context(time, before, after)).await?;
    Ok(reply::ok(&Answer {
        before: context.before.into_iter().map(Shown::from).collect(),
        current: context.current.map(Shown::from),
        after: context.after.into_iter().map(Shown::from).collect(),
    }))
}
