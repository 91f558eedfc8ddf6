//! Traces as timelines.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::{
    canned::Canned,
    setup::{Logtide, entry, server_with},
};

fn span(
    id: &str,
    parent: Option<&str>,
    service: &str,
    operation: &str,
    times: (u32, u32),
    status: Value,
) -> Value {
    let time = |millis: u32| format!("2026-11-22T09:00:{:02}.{:03}Z", millis / 1_000, millis % 1_000);
    json!({
        "span_id": id, "trace_id": "t1", "parent_span_id": parent, "service_name": service, "operation_name": operation,
        "start_time": time(times.0), "end_time": time(times.1), "duration_ms": times.1 - times.0, "kind": "SERVER",
        "status_code": status["code"], "status_message": status["message"], "attributes": {}, "events": [], "links": [],
        "resource_attributes": {},
    })
}

fn log(id: &str, service: &str, millis: u32, message: &str) -> Value {
    let time = format!("2026-11-22T09:00:00.{millis:03}Z");
    json!({"id": id, "time": time, "service": service, "level": "info", "message": message, "traceId": "t1", "metadata": null})
}

fn server() -> Canned {
    let failed = json!({"code": "ERROR", "message": "the card was refused"});
    let spans = json!({"spans": [
        span("2", Some("1"), "shop", "SELECT orders", (20, 120), json!({})),
        span("1", None, "shop", "GET /orders/{id}", (0, 900), json!({"code": "OK"})),
        span("3", Some("1"), "payments", "charge the card with a name that is very long indeed and goes on and on", (150, 850), failed),
        span("5", Some("gone"), "mail", "send", (870, 871), json!({})),
    ]});
    let logs = json!({"logs": [
        log("e3", "payments", 840, "refused\nby the bank"),
        log("e2", "shop", 30, "reading"),
        log("e1", "other", 10, "elsewhere"),
    ], "total": 3, "hasMore": false});
    Canned::start(vec![("/api/v1/traces/t1/spans", 200, spans), ("/api/v1/logs?", 200, logs)])
}

fn trace(server: &Canned, columns: &str) -> String {
    Logtide::at(&server.url, "lp_key", "trace t1").env("COLUMNS", columns).output()
}

#[test]
fn spans_and_entries_stand_in_the_order_of_time() {
    assert_snapshot!(trace(&server(), "100"));
}

#[test]
fn a_narrow_terminal_has_no_bars() {
    let server = server();
    assert_snapshot!(trace(&server, "40"));
    for columns in ["20", "59", "60", "133"] {
        let width = columns.parse().expect("a number");
        for line in trace(&server, columns).lines() {
            assert!(line.chars().count() <= width, "{columns}: {line}");
        }
    }
}

#[test]
fn entries_without_spans() {
    let mut first = entry("09:00:00.000", "info", "first", json!({}));
    let mut second = entry("09:00:01.500", "error", "second", json!({}));
    (first["trace_id"], second["trace_id"]) = (json!("t1"), json!("t1"));
    let server = server_with(&[second, first]);
    assert_snapshot!(Logtide::with(&server, "trace t1").output());
}

#[test]
fn json_has_a_line_for_each() {
    let output = Logtide::at(&server().url, "lp_key", "trace t1 --output json").output();
    let kinds: Vec<_> = output
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["type"].as_str().map(str::to_owned))
        .collect();
    let expected = ["span"; 4].into_iter().chain(["entry"; 3]).map(|kind| Some(kind.to_owned()));
    assert_eq!(kinds, expected.collect::<Vec<_>>());
}
