//! Reads other than searches.

use chrono::{Duration, SecondsFormat, Utc};
use logtide_devserver::DevServer;
use serde_json::{Value, json};

use crate::client::{Client, batch};

/// Starts a server with entries at second 0, 1, 2 … of a past minute.
fn with(entries: &[Value]) -> (DevServer, Client) {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::new(&server);
    let mut entries = entries.to_vec();
    for (second, entry) in entries.iter_mut().enumerate() {
        entry["time"] = json!(format!("2026-11-22T09:58:{second:02}.000Z"));
    }
    assert_eq!(client.ingest(&batch(&entries)).json()["received"], entries.len());
    (server, client)
}

fn messages(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().map(|log| log["message"].as_str().expect("a message")).collect()
}

#[test]
fn a_trace_is_told_oldest_first_and_cut_at_1000() {
    let (_server, mut client) = with(&[
        json!({"message": "a", "trace_id": "T 1/ü"}),
        json!({"message": "b", "trace_id": "t"}),
        json!({"message": "c", "trace_id": "T 1/ü", "span_id": "b7ad6b7169203331"}),
    ]);
    let answer = client.get("/api/v1/logs/trace/T%201%2F%C3%BC");
    assert_eq!(answer.messages(), ["a", "c"]);
    let fields: Vec<_> = answer.json()["logs"][0].as_object().expect("an entry").keys().cloned().collect();
    assert_eq!(fields, ["id", "level", "message", "metadata", "projectId", "service", "time", "traceId"]);
    assert_eq!(client.get("/api/v1/logs/trace/none").text, r#"{"logs":[]}"#);
    for _ in 0..2 {
        client.ingest(&batch(&vec![json!({"trace_id": "many"}); 600]));
    }
    assert_eq!(client.get("/api/v1/logs/trace/many").messages().len(), 1000);
}

#[test]
fn counts_over_time_leave_empty_buckets_out() {
    let (_server, mut client) =
        with(&[json!({"level": "error"}), json!({"level": "error", "service": "other"}), json!({})]);
    client.ingest(&batch(&[json!({"time": "2026-11-22T10:01:30.000Z"})]));
    let path = "/api/v1/logs/aggregated?from=2026-11-22T09:00:00Z&to=2026-11-22T11:00:00Z";
    assert_eq!(
        client.get(&format!("{path}&interval=1m&service=probe")).json(),
        json!({"timeseries": [
            {"bucket": "2026-11-22T09:58:00.000Z", "total": 2, "by_level": {"error": 1, "info": 1}},
            {"bucket": "2026-11-22T10:01:00.000Z", "total": 1, "by_level": {"info": 1}},
        ]})
    );
    for (interval, buckets) in [("1m", 2), ("5m", 2), ("1h", 2), ("1d", 1)] {
        let answer = client.get(&format!("{path}&interval={interval}")).json();
        assert_eq!(answer["timeseries"].as_array().map(Vec::len), Some(buckets), "{interval}");
    }
    for wrong in ["&interval=2m", "&service=a&service=b"] {
        assert_eq!(client.get(&format!("{path}{wrong}")).status, 400, "{wrong}");
    }
    assert_eq!(client.get("/api/v1/logs/aggregated?to=2026-11-22T11:00:00Z").status, 400);
}

#[test]
fn stats_count_levels_of_all_time() {
    let (_server, mut client) = with(&[json!({"level": "error"}), json!({}), json!({})]);
    assert_eq!(client.get("/api/v1/stats").text, r#"{"total":3,"by_level":{"error":1,"info":2}}"#);
    let range = "from=2026-11-22T09:58:01Z&to=2026-11-22T09:58:01Z";
    assert_eq!(client.get(&format!("/api/v1/stats?{range}")).json()["total"], 1);
}

#[test]
fn context_is_told_old_to_new() {
    let entries: Vec<_> = (0..10).map(|number| json!({"message": number.to_string()})).collect();
    let (_server, mut client) = with(&entries);
    let context = client.get("/api/v1/logs/context?time=2026-11-22T09:58:05.000Z&before=2&after=3").json();
    assert_eq!(messages(&context["before"]), ["3", "4"]);
    assert_eq!(context["current"]["message"], "5");
    assert_eq!(messages(&context["after"]), ["6", "7", "8"]);
    let between = client.get("/api/v1/logs/context?time=2026-11-22T09:58:05.500Z").json();
    assert_eq!((messages(&between["before"]).len(), &between["current"]), (6, &Value::Null));
    for wrong in ["", "?time=2026-11-22T09:58:05Z&before=0", "?time=2026-11-22T09:58:05Z&after=51"] {
        assert_eq!(client.get(&format!("/api/v1/logs/context{wrong}")).status, 400, "{wrong}");
    }
}

#[test]
fn one_entry_is_found_by_its_id() {
    let (server, mut client) = with(&[json!({"message": "a"}), json!({"message": "b"})]);
    let id = server.stored()[1].id;
    let found = client.get(&format!("/api/v1/logs/{id}"));
    assert_eq!(found.json()["log"]["message"], "b");
    let missing = client.get("/api/v1/logs/0af76519-16cd-43dd-8448-eb211c80319c");
    assert_eq!((missing.status, missing.text.as_str()), (404, r#"{"error":"Log not found"}"#));
    let wrong = client.get("/api/v1/logs/none");
    assert_eq!((wrong.status, &wrong.json()["error"]), (400, &json!("params/id must match format \"uuid\"")));
    let identifiers = client.get(&format!("/api/v1/logs/{id}/identifiers"));
    assert_eq!(identifiers.text, r#"{"success":true,"data":{"identifiers":[]}}"#);
}

#[test]
fn lists_name_services_hosts_and_frequent_errors() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::new(&server);
    let old = (Utc::now() - Duration::days(8)).to_rfc3339_opts(SecondsFormat::Millis, true);
    client.ingest(&batch(&[
        json!({"service": "b", "level": "error", "message": "broken", "metadata": {"hostname": 5}}),
        json!({"service": "b", "level": "critical", "message": "broken", "metadata": {"hostname": "h1"}}),
        json!({"service": "a", "level": "error", "message": "rare"}),
        json!({"service": "a", "message": "fine", "time": old, "metadata": {"hostname": "gone"}}),
    ]));
    for (path, expected) in [
        ("services", r#"{"services":["a","b"]}"#),
        ("hostnames", r#"{"hostnames":["5","h1"]}"#),
        ("top-services", r#"{"services":[{"service":"b","count":2},{"service":"a","count":1}]}"#),
        ("top-services?limit=1", r#"{"services":[{"service":"b","count":2}]}"#),
        ("top-errors", r#"{"errors":[{"message":"broken","count":2},{"message":"rare","count":1}]}"#),
    ] {
        assert_eq!(client.get(&format!("/api/v1/logs/{path}")).text, expected, "{path}");
    }
    assert_eq!(client.get("/api/v1/logs/top-services?limit=51").status, 400);
}
