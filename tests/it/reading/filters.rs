//! Every filter of a search.

use std::time::Duration;

use chrono::{DateTime, Utc};
use logtide::{Level, MetadataFilter, QueryOptions, SearchMode};
use logtide_core::LogEntry;
use serde_json::json;
use uuid::Uuid;

use super::{MILLISECOND, ago, started, store};

#[test]
fn each_filter_finds_what_it_should_and_nothing_else() {
    let (_server, client) = started();
    let start = ago(Duration::from_secs(60));
    let at = |number: u32| start + MILLISECOND * number;
    let session = Uuid::from_u128(7);
    let entry = |number, level, service, message| LogEntry::new(level, service, message).time(at(number));
    let entries = [
        entry(0, Level::Info, "api", "the server started").metadata(json!({"tenant": "a", "status": 200})),
        entry(1, Level::Warn, "api", "Disk 100% full").metadata(json!({"tenant": "b", "hostname": "h1"})),
        entry(2, Level::Error, "web", "timeouts while starting").metadata(json!({"path": "/API/users"})),
        entry(3, Level::Critical, "a,b", "gone").trace_id("T1").session_id(session),
    ];
    store(&client, entries);

    let any = QueryOptions::new;
    let with = |filter| any().metadata(filter);
    let cases: [(QueryOptions, &[u32]); 28] = [
        (any(), &[3, 2, 1, 0]),
        (any().service("api"), &[1, 0]),
        (any().service("api").service("web"), &[2, 1, 0]),
        (any().services(["a,b"]), &[3]),
        (any().level(Level::Error), &[2]),
        (any().levels([Level::Error, Level::Critical]), &[3, 2]),
        (any().service("api").level(Level::Error), &[]),
        (any().hostname("h1").hostname("h2"), &[1]),
        (any().hostnames(["h2"]), &[]),
        (any().trace_id("T1"), &[3]),
        (any().trace_id("t1"), &[]),
        (any().session_id(session), &[3]),
        (any().from_time(at(2)), &[3, 2]),
        (any().to_time(at(1)), &[1, 0]),
        (any().from_time(at(1)).to_time(at(2)), &[2, 1]),
        (any().q("start"), &[2, 0]),
        (any().q("star"), &[]),
        (any().q("100%").search_mode(SearchMode::Substring), &[1]),
        (any().q("DISK").search_mode(SearchMode::Substring), &[1]),
        (any().limit(2), &[3, 2]),
        (any().offset(3), &[0]),
        (with(MetadataFilter::equals("tenant", "a")), &[0]),
        (with(MetadataFilter::equals("status", 200)), &[0]),
        (with(MetadataFilter::not_equals("tenant", "a")), &[1]),
        (with(MetadataFilter::not_equals("tenant", "a").include_missing()), &[3, 2, 1]),
        (with(MetadataFilter::is_in("tenant", ["a", "b"])).metadata(MetadataFilter::exists("status")), &[0]),
        (with(MetadataFilter::not_in("tenant", ["a"])).service("api"), &[1]),
        (with(MetadataFilter::contains("path", "/api")).metadata(MetadataFilter::not_exists("tenant")), &[2]),
    ];
    for (options, expected) in cases {
        let found = client.query_blocking(options.clone()).expect("the server takes the query").logs;
        let times: Vec<_> = found.iter().map(|record| record.time).collect();
        let expected: Vec<DateTime<Utc>> = expected.iter().map(|number| at(*number).into()).collect();
        assert_eq!(times, expected, "{options:?}");
    }
}

#[test]
fn what_was_logged_comes_back_as_it_was() {
    let (_server, client) = started();
    let session = Uuid::from_u128(9);
    let logged = LogEntry::new(Level::Warn, "api", "é \u{1F980}")
        .metadata((("id", u64::MAX), ("ratio", f64::INFINITY), ("nested", json!({"list": [1, null]}))))
        .session_id(session)
        .trace_id("0af7651916cd43dd8448eb211c80319c");
    store(&client, [logged]);
    let record = client.query_blocking(QueryOptions::new()).expect("the server answers").logs.remove(0);
    assert_eq!(
        (record.service.as_str(), record.level, record.message.as_str()),
        ("api", Level::Warn, "é \u{1F980}")
    );
    assert_eq!(record.trace_id.as_deref(), Some("0af7651916cd43dd8448eb211c80319c"));
    assert_eq!(record.session_id, Some(session));
    assert_eq!(record.get("id").expect("a number"), Some(u64::MAX));
    assert_eq!(record.get("ratio").expect("a number"), Some(f64::INFINITY));
    assert_eq!(record.metadata["nested"], json!({"list": [1, null]}));
    assert!(record.other.is_empty(), "{:?}", record.other);
}
