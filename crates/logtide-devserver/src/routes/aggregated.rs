//! `GET /api/v1/logs/aggregated`: counts over time.

use axum::extract::{RawQuery, State as Extract};
use axum::response::Response;
use serde::Serialize;

use super::HOUR;
use crate::parameters::{Parameters, Refusal};
use crate::reply;
use crate::state::Shared;
use crate::store::{Levels, Search, format_time};

#[derive(Debug, Serialize)]
struct Answer {
    timeseries: Vec<Counted>,
}

#[derive(Debug, Serialize)]
struct Counted {
    bucket: String,
    total: u64,
    by_level: Levels,
}

pub(super) async fn aggregated(
    Extract(state): Extract<Shared>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let parameters = Parameters::parse(query.as_deref());
    let search = Search {
        services: parameters.text("service")?.map(String::from).into_iter().collect(),
        from: Some(parameters.required_time("from")?),
        to: Some(parameters.required_time("to")?),
        ..Search::default()
    };
    let width = match parameters.one_of("interval", &["1m", "5m", "1h", "1d"])? {
        Some("1m") => HOUR / 60,
        Some("5m") => HOUR / 12,
        Some("1d") => HOUR * 24,
        _ => HOUR,
    };
    let buckets = state.query(move |store| store.buckets(&search, width)).await?;
    let timeseries = buckets.into_iter().map(|bucket| Counted {
        bucket: format_time(bucket.start),
        total: bucket.levels.values().sum(),
        by_level: bucket.levels,
    });
    Ok(reply::ok(&Answer { timeseries: timeseries.collect() }))
}
