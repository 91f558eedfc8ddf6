//! `GET /_page/summary`: counts by time, level and service.

use axum::extract::{RawQuery, State as Extract};
use axum::response::Response;

use super::filter;
use crate::parameters::{Parameters, Refusal};
use crate::reply;
use crate::routes::now;
use crate::state::Shared;

/// The most buckets of a histogram.
const MAX_BUCKETS: u32 = 500;

/// Counts the matches of a search. The counts by level and by service ignore the filter on that field.
pub(super) async fn summary(
    Extract(state): Extract<Shared>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let parameters = Parameters::parse(query.as_deref());
    let search = filter::read(&parameters)?;
    let buckets = parameters.number("buckets", 120, 1, MAX_BUCKETS)?;
    let summary = state.query(move |store| store.summary(search, buckets, now())).await?;
    Ok(reply::ok(&summary))
}
