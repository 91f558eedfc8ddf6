//! The lenient formats: a bare array, and what Fluent Bit sends.

use logtide_devserver::DevServer;
use serde_json::json;

use crate::client::Client;

#[test]
fn a_bare_array_loses_ids_levels_and_invalid_entries_silently() {
    let server = DevServer::start().expect("the server starts");
    let entries = json!([
        {"service": "s", "level": "fatal", "message": "a", "trace_id": "t", "span_id": "b7ad6b7169203331"},
        {"service": "s", "level": "loud", "message": "b"},
        {"service": "s", "level": "info"},
    ]);
    assert_eq!(Client::new(&server).ingest(&entries.to_string()).json()["received"], 2);
    let stored = server.stored();
    assert_eq!([&*stored[0].level, &*stored[1].level], ["critical", "info"]);
    assert_eq!((&stored[0].trace_id, &stored[0].span_id), (&None, &None));
}

#[test]
fn single_takes_an_object_or_lines() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::new(&server);
    let mut send = |content_type: &str, body: &str| {
        let headers = [("Content-Type", content_type)];
        client.request("POST", "/api/v1/ingest/single", &headers, body.as_bytes()).expect("an answer")
    };
    assert_eq!(send("application/json", r#"{"message":"m","date":1.25}"#).json()["received"], 1);
    let lines = "{\"message\":\"a\"}\n{bad\n{\"message\":\"b\"}\n";
    assert_eq!(send("application/x-ndjson", lines).json()["received"], 2);
    assert_eq!(send("application/json", lines).json()["received"], 2);
    assert_eq!(send("application/json", r#"{"level":"info"}"#).status, 400);
    assert_eq!(send("application/json", r#"{"message":"m","metadata":null}"#).status, 400);
    let headers = [("Content-Type", "application/json"), ("Content-Length", "11000000")];
    let large = Client::new(&server).request("POST", "/api/v1/ingest/single", &headers, b"{");
    assert_eq!(large.expect("an answer").status, 413);
    assert_eq!(server.stored_count(), 5);
    assert_eq!(server.stored()[0].time.timestamp_millis(), 1_250);
}
