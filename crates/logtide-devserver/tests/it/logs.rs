//! Searches.

use std::collections::BTreeSet;

use chrono::{Duration, SecondsFormat, Utc};
use logtide_devserver::DevServer;
use serde_json::{Value, json};

use crate::client::{Client, batch, numbered};

/// Starts a server with entries, and connects to it.
fn with(entries: &[Value]) -> (DevServer, Client) {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::new(&server);
    assert_eq!(client.ingest(&batch(entries)).json()["received"], entries.len());
    (server, client)
}

fn hours_ago(hours: i64) -> String {
    (Utc::now() - Duration::hours(hours)).to_rfc3339_opts(SecondsFormat::Millis, true)
}

#[test]
fn an_answer_has_the_servers_fields_in_their_order() {
    let (_server, mut client) = with(&[json!({
        "time": "2026-11-22T09:58:34.843Z", "metadata": {"bb": 1, "a": 2}, "trace_id": "t",
        "span_id": "b7ad6b7169203331", "session_id": "5f0c6f7e-0c1a-4d0a-9d8e-2c3b4a5d6e7f",
    })]);
    let answer = client.get("/api/v1/logs?from=2026-11-22T09:00:00Z&to=2026-11-22T12:00:00%2B01:00");
    let mut text = answer.text;
    for name in ["\"id\":\"", "\"projectId\":\""] {
        let start = text.find(name).expect("an id") + name.len();
        text.replace_range(start..start + 36, "ID");
    }
    assert_eq!(
        text,
        r#"{"logs":[{"id":"ID","time":"2026-11-22T09:58:34.843Z","projectId":"ID","service":"probe","level":"info","message":"hello","metadata":{"a":2,"bb":1},"traceId":"t","sessionId":"5f0c6f7e-0c1a-4d0a-9d8e-2c3b4a5d6e7f"}],"total":1,"hasMore":false,"limit":100,"offset":0}"#
    );
}

#[test]
fn each_filter_narrows() {
    let (_server, mut client) = with(&[
        json!({"message": "one", "service": "a", "level": "warn", "trace_id": "T", "metadata": {"hostname": "h1", "n": 5}}),
        json!({"message": "two", "service": "b", "level": "error", "metadata": {"host": "h2"}}),
        json!({"message": "three", "service": "c,d", "session_id": "5f0c6f7e-0c1a-4d0a-9d8e-2c3b4a5d6e7f"}),
    ]);
    for (query, expected) in [
        ("", vec!["one", "three", "two"]),
        ("service=a", vec!["one"]),
        ("service=a&service=b", vec!["one", "two"]),
        ("service=c,d", vec!["three"]),
        ("service=a,b", vec![]),
        ("level=warn&level=error", vec!["one", "two"]),
        ("hostname=h1&hostname=h2", vec!["one", "two"]),
        ("traceId=T", vec!["one"]),
        ("traceId=t", vec![]),
        ("sessionId=5f0c6f7e-0c1a-4d0a-9d8e-2c3b4a5d6e7f", vec!["three"]),
        ("level[]=warn&trace_id=x&spanId=x&foo=1", vec!["one", "three", "two"]),
        (
            "metadata_filters=%5B%7B%22key%22%3A%22n%22%2C%22op%22%3A%22equals%22%2C%22value%22%3A%225%22%7D%5D",
            vec!["one"],
        ),
        ("from=2020-01-01T00:00:00Z&to=2019-01-01T00:00:00Z", vec![]),
    ] {
        let mut messages = client.get(&format!("/api/v1/logs?{query}")).messages();
        messages.sort();
        assert_eq!(messages, expected, "{query}");
    }
}

#[test]
fn text_is_found_by_stem_or_by_part() {
    let (_server, mut client) = with(&[
        json!({"message": "Connections to the database failed"}),
        json!({"message": "50% of a_b done"}),
        json!({"message": "Ünïcode CONNECT"}),
    ]);
    for (query, expected) in [
        ("q=connection", 2),
        ("q=failing+databases", 1),
        ("q=connect", 2),
        ("q=connec", 0),
        ("q=%22%20OR%20*%20(", 0),
        ("q=...", 0),
        ("q=connec&searchMode=substring", 2),
        ("q=%25&searchMode=substring", 1),
        ("q=a_b&searchMode=substring", 1),
        ("q=aab&searchMode=substring", 0),
        ("q=%C3%BCN%C3%8F&searchMode=substring", 1),
    ] {
        assert_eq!(client.get(&format!("/api/v1/logs?{query}")).messages().len(), expected, "{query}");
    }
}

#[test]
fn pages_show_each_entry_once_even_in_one_millisecond() {
    let time = hours_ago(1);
    let entries: Vec<_> =
        (0..25).map(|number| json!({"message": format!("{number}"), "time": time})).collect();
    let (_server, mut client) = with(&entries);
    let mut seen = BTreeSet::new();
    let mut sizes = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = client.get(&format!("/api/v1/logs?limit=10{cursor}"));
        sizes.push(page.messages().len());
        seen.extend(page.messages());
        let page = page.json();
        assert_eq!(page["hasMore"].as_bool(), Some(page.get("nextCursor").is_some()));
        assert!(sizes.len() <= 3, "the pages end");
        let Some(next) = page["nextCursor"].as_str() else { break };
        cursor = format!("&cursor={}", next.replace('=', "%3D").replace('+', "%2B"));
    }
    assert_eq!((sizes, seen.len()), (vec![10, 10, 5], 25));
    assert_eq!(client.get("/api/v1/logs?limit=25").json().get("nextCursor"), None);
    let first = client.get("/api/v1/logs?limit=10").messages();
    assert_eq!(client.get("/api/v1/logs?limit=10&cursor=rubbish").messages(), first);
    assert_eq!(client.get("/api/v1/logs?limit=10&offset=20").messages().len(), 5);
}

#[test]
fn the_newest_come_first_and_the_last_day_is_searched() {
    let entry = |hours| json!({"message": format!("{hours}"), "time": hours_ago(hours)});
    let (_server, mut client) = with(&[entry(30), entry(2), entry(-1), entry(1)]);
    assert_eq!(client.get("/api/v1/logs").messages(), ["1", "2"]);
    let everything = format!("/api/v1/logs?from={}&to={}", hours_ago(40), hours_ago(-2));
    assert_eq!(client.get(&everything).messages(), ["-1", "1", "2", "30"]);
}

#[test]
fn parameters_that_make_no_sense_are_refused() {
    let (_server, mut client) = with(&[json!({})]);
    for (query, status) in [
        ("limit=0", 400),
        ("limit=1001", 400),
        ("limit=x", 400),
        ("limit=1&limit=2", 400),
        ("limit=1.5", 500),
        ("level=WARN", 400),
        ("level=warn,error", 400),
        ("from=yesterday", 400),
        ("from=2026-11-22T09:00:00", 400),
        ("from=2026-11-22T09:00:00+01:00", 400),
        ("searchMode=regex&q=a", 400),
        ("metadata_filters=%7B%7D", 400),
    ] {
        let answer = client.get(&format!("/api/v1/logs?{query}"));
        assert_eq!(answer.status, status, "{query}: {}", answer.text);
    }
    let answer = client.get("/api/v1/logs?limit=0");
    assert_eq!(
        answer.json(),
        json!({"statusCode": 400, "error": "querystring/limit must be >= 1", "code": "FST_ERR_VALIDATION", "details": [{
            "instancePath": "/limit", "schemaPath": "#/properties/limit/minimum", "keyword": "minimum",
            "params": {"comparison": ">=", "limit": 1}, "message": "must be >= 1"}]})
    );
}

#[test]
fn entries_are_found_as_soon_as_they_are_answered() {
    let (_server, mut client) = with(&[json!({})]);
    for round in 1..20 {
        client.ingest(&numbered(5));
        assert_eq!(client.get("/api/v1/logs?limit=1000").messages().len(), 1 + round * 5);
    }
}
