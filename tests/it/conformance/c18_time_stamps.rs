//! The time is that of the log call.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, FixedOffset, Utc};
use logtide_core::{Level, LogEntry};
use logtide_tests::{
    entries,
    scripted::{ScriptedServer, Step},
    setup::{TIMEOUT, client, memory_client, options},
};
use logtide_transport::MemoryTransport;
use serde_json::Value;

fn time(entry: &Value) -> DateTime<Utc> {
    let text = entry["time"].as_str().expect("a time is a text");
    assert!(text.ends_with('Z') && text.len() == "2026-11-22T10:00:00.123456Z".len(), "{text}");
    text.parse().expect("a time is RFC 3339")
}

#[test]
fn c18_the_time_is_that_of_the_call_and_not_of_the_flush_or_the_retry() {
    let server = ScriptedServer::start([Step::retry_after(503, "1")]);
    let client = client(options(&server.url()));
    let before = Utc::now() - Duration::from_micros(1);
    client.info("svc", "hello", ());
    let after = Utc::now();
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    for request in requests {
        let time = time(&request.entries()[0]);
        assert!(time >= before && time <= after, "{time} is not in {before} to {after}");
    }
}

#[test]
fn c18_times_of_one_thread_ascend() {
    let transport = MemoryTransport::new();
    let client = memory_client(&transport, options("http://localhost"));
    for _ in 0..50 {
        client.info("svc", "hello", ());
    }
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let entries = entries::of_body(&transport.requests()[0].body);
    assert!(entries.iter().map(time).is_sorted());
}

#[test]
fn c18_a_given_time_is_kept_in_utc() {
    let given: DateTime<FixedOffset> = "2026-11-22T11:00:00.123456+01:00".parse().expect("a time");
    let system = SystemTime::UNIX_EPOCH + Duration::from_micros(1_500_000_000_000_001);
    let transport = MemoryTransport::new();
    let client = memory_client(&transport, options("http://localhost"));
    client.log(LogEntry::new(Level::Info, "svc", "zone").time(given));
    client.log(LogEntry::new(Level::Info, "svc", "utc").time(given.to_utc()));
    client.log(LogEntry::new(Level::Info, "svc", "system").time(system));
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let entries = entries::of_body(&transport.requests()[0].body);
    let times: Vec<_> = entries.iter().map(|entry| &entry["time"]).collect();
    assert_eq!(
        times,
        ["2026-11-22T10:00:00.123456Z", "2026-11-22T10:00:00.123456Z", "2017-07-14T02:40:00.000001Z"]
    );
}

#[test]
fn c18_times_the_server_refuses_are_moved_to_the_nearest_it_takes() {
    let transport = MemoryTransport::new();
    let client = memory_client(&transport, options("http://localhost"));
    for time in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
        client.log(LogEntry::new(Level::Info, "svc", "far away").time(time));
    }
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let entries = entries::of_body(&transport.requests()[0].body);
    let times: Vec<_> = entries.iter().map(|entry| &entry["time"]).collect();
    assert_eq!(times, ["0000-01-01T00:00:00.000000Z", "9999-12-31T23:59:59.999999Z"]);
}
