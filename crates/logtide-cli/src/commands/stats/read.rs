//! Reading the counts.

use chrono::{TimeDelta, Utc};
use logtide::{AggregatedStatsOptions, Client, Level, TimeBucket};

use super::{
    counts::Counts,
    summary::{List, Summary},
    tops::{SHOWN, Tops},
};
use crate::{failure::Failure, filters::Filters};

/// Counts the entries that match the filters.
///
/// The server counts entries of one service over time. For other filters, the entries themselves are read and counted.
pub(super) fn read(client: &Client, filters: &Filters, counts: Counts) -> Result<Summary, Failure> {
    match filters.are_simple() {
        true => counted_by_server(client, filters, counts),
        false => counted_here(client, filters, counts),
    }
}

fn counted_by_server(client: &Client, filters: &Filters, mut counts: Counts) -> Result<Summary, Failure> {
    let options = AggregatedStatsOptions::new(counts.from, counts.to).interval(counts.interval);
    let mut services = Tops::default();
    for service in &filters.service {
        let before = counts.total();
        let series = client.timeseries_blocking(options.clone().service(service))?;
        add(&mut counts, filters, series);
        services.add(service, counts.total() - before);
    }
    let services = if filters.service.is_empty() {
        let series = client.timeseries_blocking(options)?;
        add(&mut counts, filters, series);
        let most = client.top_services_blocking(SHOWN as u32)?;
        List {
            scope: "all levels, last 7 days",
            items: most.into_iter().map(|most| (most.service, most.count)).collect(),
            is_exact: true,
        }
    } else {
        List::of(services)
    };
    let most = client.top_errors_blocking(SHOWN as u32)?;
    let errors = List {
        scope: "all services, last 24 hours",
        items: most.into_iter().map(|most| (most.message, most.count)).collect(),
        is_exact: true,
    };
    Ok(Summary { counts, services, errors })
}

fn add(counts: &mut Counts, filters: &Filters, series: Vec<TimeBucket>) {
    for bucket in series {
        for level in Level::ALL.into_iter().filter(|level| filters.has_level(*level)) {
            counts.add(bucket.bucket, level, bucket.by_level.get(level));
        }
    }
}

fn counted_here(client: &Client, filters: &Filters, mut counts: Counts) -> Result<Summary, Failure> {
    let mut options = filters.query().from_time(counts.from);
    // Without an end, the server uses the current time of its own clock.
    if counts.to < Utc::now() - TimeDelta::seconds(1) {
        options = options.to_time(counts.to);
    }
    let (mut services, mut errors) = (Tops::default(), Tops::default());
    for record in client.query_all_blocking(options) {
        let record = record?;
        if !filters.admits(&record) {
            continue;
        }
        counts.add(record.time, record.level, 1);
        services.add(&record.service, 1);
        if record.level >= Level::Error {
            errors.add(&record.message, 1);
        }
    }
    Ok(Summary { counts, services: List::of(services), errors: List::of(errors) })
}
