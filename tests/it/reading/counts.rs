//! Counts, top lists, context and names.

use std::time::Duration;

use chrono::{DateTime, Utc};
use logtide::{AggregatedStatsOptions, ContextOptions, Interval, Level, QueryOptions, StatsOptions};
use logtide_core::LogEntry;

use super::{HOUR, MILLISECOND, ago, started, store};

#[test]
fn counts_over_time_and_by_level_agree_with_what_was_logged() {
    let (_server, client) = started();
    let start = ago(HOUR * 3);
    let entry = |number: u32| {
        let level = if number.is_multiple_of(3) { Level::Error } else { Level::Info };
        let service = if number < 20 { "api" } else { "web" };
        LogEntry::new(level, service, format!("message {}", number % 2)).time(start + HOUR * (number / 20))
    };
    store(&client, (0..30).map(entry));

    let options = AggregatedStatsOptions::new(start, start + HOUR * 2);
    let stats = client.get_aggregated_stats_blocking(options.clone()).expect("the server answers");
    let totals: Vec<u64> = stats.timeseries.iter().map(|bucket| bucket.total).collect();
    assert_eq!(totals, [20, 10]);
    let errors: Vec<u64> = stats.timeseries.iter().map(|bucket| bucket.by_level.get(Level::Error)).collect();
    assert_eq!(errors, [7, 3]);
    let services: Vec<_> = stats.top_services.iter().map(|top| (top.service.as_str(), top.count)).collect();
    assert_eq!(services, [("api", 20), ("web", 10)]);
    let errors: Vec<_> = stats.top_errors.iter().map(|top| (top.message.as_str(), top.count)).collect();
    assert_eq!(errors, [("message 0", 5), ("message 1", 5)]);

    let series = client.timeseries_blocking(options.clone()).expect("the server answers");
    assert_eq!(series, stats.timeseries);

    let web = client.get_aggregated_stats_blocking(options.interval(Interval::Day).service("web"));
    assert_eq!(
        web.expect("the server answers").timeseries.iter().map(|bucket| bucket.total).sum::<u64>(),
        10
    );

    let all = client.stats_blocking(StatsOptions::new()).expect("the server answers");
    assert_eq!((all.total, all.by_level.get(Level::Error), all.by_level.total()), (30, 10, 30));
    let first = StatsOptions::new().from_time(start).to_time(start + HOUR - MILLISECOND);
    assert_eq!(client.stats_blocking(first).expect("the server answers").total, 20);

    assert_eq!(client.top_services_blocking(1).expect("the server answers").len(), 1);
    assert_eq!(client.top_errors_blocking(50).expect("the server answers").len(), 2);
    // The top lists cover the same time as the counts.
    let later = AggregatedStatsOptions::new(start + HOUR, start + HOUR * 2);
    let later = client.get_aggregated_stats_blocking(later).expect("the server answers");
    assert_eq!(later.top_services[0].service, "web");
}

#[test]
fn an_entry_is_found_again_with_what_is_around_it() {
    let (_server, client) = started();
    let start = ago(Duration::from_secs(60));
    let at = |number: u32| start + MILLISECOND * number;
    let entry = |number| LogEntry::new(Level::Info, "api", format!("{number}")).time(at(number));
    store(&client, (0..10).map(entry));
    let page = client.query_blocking(QueryOptions::new().offset(5).limit(1)).expect("the server answers");
    let record = &page.logs[0];
    assert_eq!(record.message, "4");

    let found = client.log_by_id_blocking(&record.id).expect("the server answers").expect("it is there");
    assert_eq!((found.id.as_str(), found.message.as_str()), (record.id.as_str(), "4"));
    let nobody = client.log_by_id_blocking("8d7f0f1e-6c0a-4b7e-9d44-0c7c0d1f2a3b");
    assert_eq!(nobody.expect("the server answers"), None);

    let context = client
        .context_blocking(ContextOptions::new(record.time).before(2).after(3))
        .expect("the server answers");
    let times = |records: &[logtide::LogRecord]| records.iter().map(|record| record.time).collect::<Vec<_>>();
    let expected =
        |numbers: &[u32]| numbers.iter().map(|number| at(*number).into()).collect::<Vec<DateTime<Utc>>>();
    assert_eq!(times(&context.before), expected(&[2, 3]));
    assert_eq!(context.current.map(|current| current.id).as_deref(), Some(record.id.as_str()));
    assert_eq!(times(&context.after), expected(&[5, 6, 7]));
}

#[test]
fn services_and_hosts_are_listed() {
    let (_server, client) = started();
    let entry = |service, host| LogEntry::new(Level::Info, service, "hello").metadata([("hostname", host)]);
    store(&client, [entry("web", "h2"), entry("api", "h1"), entry("api", "h1")]);
    assert_eq!(client.services_blocking().expect("the server answers"), ["api", "web"]);
    assert_eq!(client.hostnames_blocking().expect("the server answers"), ["h1", "h2"]);
}
