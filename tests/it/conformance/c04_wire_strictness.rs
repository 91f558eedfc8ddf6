//! Only the fields that the server knows are written.

use logtide_core::{Level, LogEntry};
use logtide_tests::{
    entries,
    setup::{TIMEOUT, memory_client, options},
};
use logtide_transport::MemoryTransport;
use serde_json::{Value, json};

/// Returns the entry as it is sent.
fn written(entry: LogEntry) -> Value {
    let transport = MemoryTransport::new();
    let client = memory_client(&transport, options("http://localhost"));
    client.log(entry);
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    entries::of_body(&transport.requests()[0].body).remove(0)
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[test]
fn c04_a_minimal_entry_has_no_absent_field_and_the_stamp_alone() {
    let entry = written(LogEntry::new(Level::Info, "svc", "hello"));
    assert_eq!(keys(&entry), ["level", "message", "metadata", "service", "time"]);
    assert_eq!(keys(&entry["metadata"]), ["sdk"]);
}

#[test]
fn c04_ids_are_at_the_top_and_not_in_metadata() {
    let session = "123e4567-e89b-42d3-a456-426614174000";
    let mut entry =
        LogEntry::new(Level::Info, "svc", "hello").trace_id("a".repeat(32)).span_id("b".repeat(16));
    entry.session_id = Some(session.to_owned());
    let entry = written(entry);
    assert_eq!(
        keys(&entry),
        ["level", "message", "metadata", "service", "session_id", "span_id", "time", "trace_id"]
    );
    assert_eq!((&entry["trace_id"], &entry["span_id"]), (&json!("a".repeat(32)), &json!("b".repeat(16))));
    assert_eq!((&entry["session_id"], keys(&entry["metadata"])), (&json!(session), vec!["sdk"]));
}

#[test]
fn c04_everything_else_stays_in_metadata() {
    let metadata = json!({
        "timestamp": 1, "event_id": "x", "tags": {"region": "eu-west-1"}, "breadcrumbs": [], "release": "1.2.3",
        "environment": "production", "server_name": "h", "time": "later", "level": "loud", "nothing": null,
    });
    let entry = written(LogEntry::new(Level::Info, "svc", "hello").metadata(metadata.clone()));
    assert_eq!(keys(&entry), ["level", "message", "metadata", "service", "time"]);
    assert_eq!((&entry["level"], &entry["service"]), (&json!("info"), &json!("svc")));
    for (key, value) in metadata.as_object().expect("an object") {
        assert_eq!(&entry["metadata"][key], value, "{key}");
    }
}

#[test]
fn c04_metadata_is_an_object_whatever_was_given() {
    for given in [json!([1, 2]), json!("text"), json!(7), json!(null), json!({})] {
        let entry = written(LogEntry::new(Level::Info, "svc", "hello").metadata(given));
        assert!(entry["metadata"].is_object());
    }
}
