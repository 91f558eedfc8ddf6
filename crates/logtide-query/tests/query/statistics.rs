//! Counts, of servers 1.0.2 and 0.5.0 alike.

use chrono::{DateTime, Utc};
use logtide_core::Level;
use logtide_query::{
    AggregatedStats, AggregatedStatsOptions, Interval, QueryClient, QueryError, QueryOptions, StatsOptions,
};
use logtide_transport::{MemoryTransport, Reply};

use crate::setup::{client, client_with_paused_clock, paths, routed};

const SERIES: &str = r#"{"timeseries":[{"bucket":"2026-11-22T09:49:00.000Z","total":12,
    "by_level":{"critical":2,"debug":2,"error":3,"info":3,"notice":2},"rate":0.5}]}"#;

fn body(path: &str) -> String {
    let body = match path {
        "logs/aggregated" => SERIES,
        "logs/top-services" => r#"{"services":[{"service":"api","count":9,"share":0.9}]}"#,
        "logs/top-errors" => r#"{"errors":[{"message":"timeout","count":4}]}"#,
        "stats" => r#"{"total":8112,"by_level":{"info":8086,"warn":26},"since":"2026"}"#,
        other => panic!("{other}"),
    };
    body.to_owned()
}

fn times() -> (DateTime<Utc>, DateTime<Utc>) {
    ("2026-11-22T09:00:00.000999Z".parse().unwrap(), "2026-11-22T10:00:00Z".parse().unwrap())
}

#[tokio::test]
async fn counts_over_time_come_with_both_top_lists_of_the_same_time() {
    let (client, transport) = routed(body);
    let (from, to) = times();
    let options = AggregatedStatsOptions::new(from, to).interval(Interval::FiveMinutes).service("a b");
    let stats = client.get_aggregated_stats(options).await.unwrap();
    let bucket = &stats.timeseries[0];
    assert_eq!(bucket.bucket, "2026-11-22T09:49:00Z".parse::<DateTime<Utc>>().unwrap());
    assert_eq!((bucket.total, bucket.by_level.get(Level::Critical), bucket.by_level.total()), (12, 2, 12));
    assert_eq!((bucket.by_level.other["notice"], bucket.other["rate"].as_f64()), (2, Some(0.5)));
    assert_eq!((stats.top_services[0].service.as_str(), stats.top_services[0].count), ("api", 9));
    assert_eq!(stats.top_services[0].other["share"], 0.9);
    assert_eq!((stats.top_errors[0].message.as_str(), stats.top_errors[0].count), ("timeout", 4));

    let range = "from=2026-11-22T09%3A00%3A00.000000Z&to=2026-11-22T10%3A00%3A00.000000Z";
    let expected = [
        format!("logs/aggregated?{range}&interval=5m&service=a%20b"),
        format!("logs/top-errors?limit=10&{range}"),
        format!("logs/top-services?limit=10&{range}"),
    ];
    assert_eq!(paths(&transport), expected);
}

#[tokio::test]
async fn the_three_questions_are_asked_at_the_same_time() {
    let transport = MemoryTransport::responding(|_| Reply::hang());
    let (from, to) = times();
    let asking = tokio::spawn(client(&transport).get_aggregated_stats(AggregatedStatsOptions::new(from, to)));
    assert_eq!(transport.wait_for_requests(3).await.len(), 3);
    asking.abort();
}

#[tokio::test]
async fn every_interval_has_the_name_the_server_knows() {
    let (from, to) = times();
    let intervals = [
        (Interval::Minute, "1m"),
        (Interval::FiveMinutes, "5m"),
        (Interval::Hour, "1h"),
        (Interval::Day, "1d"),
    ];
    assert_eq!(Interval::default(), Interval::Hour);
    for (interval, name) in intervals {
        let (client, transport) = routed(body);
        client.get_aggregated_stats(AggregatedStatsOptions::new(from, to).interval(interval)).await.unwrap();
        assert!(paths(&transport)[0].ends_with(&format!("&interval={name}")));
    }
}

#[tokio::test]
async fn a_time_that_ends_before_it_begins_is_not_sent() {
    let (client, transport) = routed(body);
    let (from, to) = times();
    let aggregated = client.get_aggregated_stats(AggregatedStatsOptions::new(to, from)).await.unwrap_err();
    let counted = client.stats(StatsOptions::new().from_time(to).to_time(from)).await.unwrap_err();
    for error in [aggregated, counted] {
        assert!(matches!(error, QueryError::TimeRange { .. }));
        assert!(error.to_string().contains("swap them"), "{error}");
    }
    assert!(client.stats(StatsOptions::new().from_time(to).to_time(to)).await.is_ok());
    assert!(transport.requests().iter().all(|request| request.uri.path().ends_with("/stats")));
}

/// What a server says, apart from one path with an answer of its own.
fn except(path: &'static str, answer: impl Fn() -> Reply + Send + Sync + 'static) -> QueryClient {
    let transport = MemoryTransport::responding(move |request| {
        match request.uri.path().trim_start_matches("/logtide/api/v1/") {
            asked if asked == path => answer(),
            asked => Reply::json(body(asked)),
        }
    });
    client_with_paused_clock(&transport)
}

async fn aggregated(client: &QueryClient) -> Result<AggregatedStats, QueryError> {
    let (from, to) = times();
    client.get_aggregated_stats(AggregatedStatsOptions::new(from, to)).await
}

#[tokio::test]
async fn a_list_that_fails_is_empty_says_why_and_costs_nothing_else() {
    let failures: [fn() -> Reply; 4] = [
        || Reply::status(500),
        || Reply::json(r#"{"services":[{"service":"api","count":"many"}],"errors":7}"#),
        || Reply::status(404).body(r#"{"message":"Route GET:/ not found","error":"Not Found"}"#),
        Reply::hang,
    ];
    for failure in failures {
        let client = except("logs/top-services", failure);
        let stats = aggregated(&client).await.unwrap();
        assert_eq!((stats.timeseries[0].total, stats.top_errors[0].count), (12, 4));
        assert!(stats.top_services.is_empty() && stats.top_services_failure.is_some());
        assert!(stats.top_errors_failure.is_none());

        let client = except("logs/top-errors", failure);
        let stats = aggregated(&client).await.unwrap();
        assert_eq!((stats.timeseries[0].total, stats.top_services[0].count), (12, 9));
        assert!(stats.top_errors.is_empty() && stats.top_errors_failure.is_some());
        assert!(stats.top_services_failure.is_none());
    }
    let stats = aggregated(&except("logs/top-errors", || Reply::status(500))).await.unwrap();
    let failure = stats.top_errors_failure.as_deref();
    assert!(matches!(failure, Some(QueryError::Status { status, .. }) if *status == 500), "{failure:?}");
    let written = serde_json::to_value(&stats).unwrap();
    assert_eq!(written["top_errors_failure"], failure.unwrap().to_string());
    assert_eq!(
        (written.get("top_services_failure"), &written["top_services"][0]["count"]),
        (None, &9.into())
    );
}

#[tokio::test]
async fn without_the_series_there_is_nothing() {
    let error = aggregated(&except("logs/aggregated", || Reply::status(500))).await.unwrap_err();
    assert!(matches!(error, QueryError::Status { .. }), "{error}");
}

#[tokio::test]
async fn the_series_alone_is_one_request() {
    let (client, transport) = routed(body);
    let (from, to) = times();
    let series = client.timeseries(AggregatedStatsOptions::new(from, to).service("api")).await.unwrap();
    assert_eq!((series.len(), series[0].total), (1, 12));
    let range = "from=2026-11-22T09%3A00%3A00.000000Z&to=2026-11-22T10%3A00%3A00.000000Z";
    assert_eq!(paths(&transport), [format!("logs/aggregated?{range}&interval=1h&service=api")]);
}

#[tokio::test]
async fn counts_that_come_as_texts_are_counts() {
    let (client, _) = routed(|path| {
        let counts = ["12", "9", "4", "8112", "8086", "26", "1", "2", "3"];
        counts.iter().fold(body(path), |body, count| {
            [",", "}"].iter().fold(body, |body, end| {
                body.replace(&format!(":{count}{end}"), &format!(":\"{count}\"{end}"))
            })
        })
    });
    let stats = aggregated(&client).await.unwrap();
    let bucket = &stats.timeseries[0];
    assert_eq!((bucket.total, bucket.by_level.error, bucket.by_level.other["notice"]), (12, 3, 2));
    assert_eq!((stats.top_services[0].count, stats.top_errors[0].count), (9, 4));
    assert!(stats.top_services_failure.is_none() && stats.top_errors_failure.is_none());
    assert_eq!(
        (client.top_services(1).await.unwrap()[0].count, client.top_errors(1).await.unwrap()[0].count),
        (9, 4)
    );
    let stats = client.stats(StatsOptions::new()).await.unwrap();
    assert_eq!((stats.total, stats.by_level.info, stats.by_level.warn), (8112, 8086, 26));

    let (client, _) = routed(|_| r#"{"logs":[],"total":"25"}"#.to_owned());
    assert_eq!(client.query(QueryOptions::new()).await.unwrap().total, 25);
}

#[tokio::test]
async fn top_lists_alone_have_a_length_from_1_to_50() {
    let (client, transport) = routed(body);
    assert_eq!(client.top_services(50).await.unwrap()[0].count, 9);
    assert_eq!(client.top_errors(1).await.unwrap()[0].message, "timeout");
    assert_eq!(paths(&transport), ["logs/top-errors?limit=1", "logs/top-services?limit=50"]);
    for limit in [0, 51] {
        let errors =
            [client.top_services(limit).await.unwrap_err(), client.top_errors(limit).await.unwrap_err()];
        for error in errors {
            assert!(error.to_string().contains("from 1 to 50"), "{error}");
        }
    }
    assert_eq!(transport.requests().len(), 2);
}

#[tokio::test]
async fn counts_by_level_are_of_all_time_unless_told() {
    let (client, transport) = routed(body);
    let stats = client.stats(StatsOptions::new()).await.unwrap();
    assert_eq!(
        (stats.total, stats.by_level.get(Level::Info), stats.by_level.get(Level::Warn)),
        (8112, 8086, 26)
    );
    assert_eq!(stats.other["since"], "2026");
    let (from, to) = times();
    client.stats(StatsOptions::new().from_time(from).to_time(to)).await.unwrap();
    let range = "from=2026-11-22T09%3A00%3A00.000000Z&to=2026-11-22T10%3A00%3A00.000000Z";
    assert_eq!(paths(&transport), ["stats".to_owned(), format!("stats?{range}")]);
}
