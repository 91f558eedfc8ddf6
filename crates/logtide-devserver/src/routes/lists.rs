//! Names of services and hosts, and the most frequent services and errors.

use axum::extract::{RawQuery, State as Extract};
use axum::response::Response;
use serde::Serialize;

use super::{HOUR, now};
use crate::parameters::{Parameters, Refusal};
use crate::reply;
use crate::state::Shared;
use crate::store::Range;

/// The length of a list if the request does not set a limit.
const DEFAULT_LIMIT: u32 = 5;

#[derive(Debug, Serialize)]
struct Services<T> {
    services: Vec<T>,
}

#[derive(Debug, Serialize)]
struct Hostnames {
    hostnames: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Errors {
    errors: Vec<CountedMessage>,
}

#[derive(Debug, Serialize)]
struct CountedService {
    service: String,
    count: u64,
}

#[derive(Debug, Serialize)]
struct CountedMessage {
    message: String,
    count: u64,
}

pub(super) async fn services(
    Extract(state): Extract<Shared>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let range = range(&Parameters::parse(query.as_deref()), None)?;
    let services = state.query(move |store| store.services(range)).await?;
    Ok(reply::ok(&Services { services }))
}

/// The server searches only the last six hours.
pub(super) async fn hostnames(
    Extract(state): Extract<Shared>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let mut range = range(&Parameters::parse(query.as_deref()), None)?;
    range.from = range.from.max(Some(now() - 6 * HOUR));
    let hostnames = state.query(move |store| store.hostnames(range)).await?;
    Ok(reply::ok(&Hostnames { hostnames }))
}

pub(super) async fn top_services(
    Extract(state): Extract<Shared>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let parameters = Parameters::parse(query.as_deref());
    let range = range(&parameters, Some(7 * 24 * HOUR))?;
    let limit = parameters.number("limit", DEFAULT_LIMIT, 1, 50)? as usize;
    let top = state.query(move |store| store.top_services(range, limit)).await?;
    let services = top.into_iter().map(|(service, count)| CountedService { service, count }).collect();
    Ok(reply::ok(&Services { services }))
}

pub(super) async fn top_errors(
    Extract(state): Extract<Shared>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let parameters = Parameters::parse(query.as_deref());
    let range = range(&parameters, Some(24 * HOUR))?;
    let limit = parameters.number("limit", DEFAULT_LIMIT, 1, 50)? as usize;
    let top = state.query(move |store| store.top_errors(range, limit)).await?;
    let errors = top.into_iter().map(|(message, count)| CountedMessage { message, count }).collect();
    Ok(reply::ok(&Errors { errors }))
}

/// Returns the requested range. Without a start it begins `window` milliseconds before its end.
fn range(parameters: &Parameters, window: Option<i64>) -> Result<Range, Refusal> {
    let from = parameters.time("from")?.or_else(|| window.map(|window| now() - window));
    Ok(Range { from, to: parameters.time("to")? })
}
