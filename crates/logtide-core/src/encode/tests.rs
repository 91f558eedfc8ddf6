//! The wire form of entries, and what is mended in them.

use serde_json::{Value, json};

use super::*;
use crate::{LogEntry, Metadata};

const NOW: Timestamp = Timestamp::from_micros(1_795_340_191_342_123);

fn encode(entry: &LogEntry) -> Value {
    let mut encoder = Encoder::default();
    serde_json::from_slice(entry.encode(&mut encoder, NOW, &BaseMetadata::default())).unwrap()
}

fn entry() -> LogEntry {
    LogEntry::new(Level::Info, "api", "hello")
}

#[test]
fn a_full_entry() {
    let entry = entry()
        .metadata(json!({"a": 1}))
        .trace_id("0af7651916cd43dd8448eb211c80319c")
        .span_id("b7ad6b7169203331")
        .session_id(uuid::uuid!("5f0c6f7e-0c1a-4d0a-9d8e-2c3b4a5d6e7f"));
    assert_eq!(
        encode(&entry),
        json!({
            "time": "2026-11-22T09:36:31.342123Z", "service": "api", "level": "info", "message": "hello",
            "trace_id": "0af7651916cd43dd8448eb211c80319c", "span_id": "b7ad6b7169203331",
            "session_id": "5f0c6f7e-0c1a-4d0a-9d8e-2c3b4a5d6e7f",
            "metadata": {"a": 1, "sdk": {"name": "logtide-rust", "version": env!("CARGO_PKG_VERSION")}},
        })
    );
}

#[test]
fn a_minimal_entry_has_no_nulls_and_the_stamp_alone() {
    let entry = encode(&entry());
    let keys: Vec<&str> = entry.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["level", "message", "metadata", "service", "time"]);
    assert_eq!(entry["metadata"].as_object().unwrap().len(), 1);
}

#[test]
fn empty_texts_are_replaced_and_long_services_cut() {
    let entry = encode(&LogEntry::new(Level::Info, "", ""));
    assert_eq!((&entry["service"], &entry["message"]), (&json!("unknown"), &json!("(empty message)")));
    let entry = encode(&LogEntry::new(Level::Info, "😀".repeat(60), " "));
    assert_eq!((&entry["service"], &entry["message"]), (&json!("😀".repeat(50)), &json!(" ")));
}

#[test]
fn ids_that_the_server_refuses_move_to_metadata() {
    let mut bad = entry().span_id("xyz").trace_id("t".repeat(3_000));
    bad.session_id = Some("not-a-uuid".to_owned());
    let bad = encode(&bad);
    assert_eq!(bad.get("span_id"), None);
    assert_eq!(bad.get("session_id"), None);
    assert_eq!(
        (&bad["metadata"]["span_id"], &bad["metadata"]["session_id"]),
        (&json!("xyz"), &json!("not-a-uuid"))
    );
    assert_eq!(bad["trace_id"].as_str().unwrap().len(), MAX_TRACE_ID_BYTES);

    let mut empty = entry().span_id("").trace_id("");
    empty.session_id = Some(String::new());
    assert_eq!(encode(&empty), encode(&entry()));
}

#[test]
fn the_entrys_key_wins_over_the_clients_and_none_is_written_twice() {
    let global: Metadata = [("region", "eu"), ("sdk", "custom")].into_iter().collect();
    let mut encoder = Encoder::default();
    let head = Head::new(NOW, Level::Info, "api");
    let text =
        encoder.encode(&head, "m", [("region", "us"), ("region", "asia")], &BaseMetadata::new(&global));
    let text = std::str::from_utf8(text).unwrap();
    assert!(text.ends_with(r#""metadata":{"region":"us","sdk":"custom"}}"#), "{text}");
    let text = encoder.encode(&head, "m", (("sdk", "mine"), ("region", 1)), &BaseMetadata::new(&global));
    assert!(std::str::from_utf8(text).unwrap().ends_with(r#""metadata":{"sdk":"mine","region":1}}"#));
    let text = encoder.encode(&head, "m", (), &BaseMetadata::empty());
    assert!(std::str::from_utf8(text).unwrap().ends_with(r#""metadata":{}}"#));
}

#[test]
fn keys_that_collide_after_mending_are_written_once() {
    let entry = encode(&entry().metadata(json!({"a\0": 1, "a\u{fffd}": 2, "__proto__": 3, "_proto_": 4})));
    assert_eq!(entry["metadata"].as_object().unwrap().len(), 3);
}

#[test]
fn host_names_are_cut_to_what_the_server_indexes() {
    let long = "ä".repeat(2_000);
    let entry = encode(&entry().metadata(json!({"hostname": long, "host": long, "other": long})));
    assert_eq!(entry["metadata"]["hostname"].as_str().unwrap().len(), MAX_HOSTNAME_BYTES_IN_TEST);
    assert_eq!(entry["metadata"]["host"].as_str().unwrap().len(), MAX_HOSTNAME_BYTES_IN_TEST);
    assert_eq!(entry["metadata"]["other"].as_str().unwrap(), long);
}

const MAX_HOSTNAME_BYTES_IN_TEST: usize = crate::limits::MAX_HOSTNAME_BYTES;

#[test]
fn metadata_that_is_no_object_goes_under_value() {
    for (given, expected) in
        [(json!([1, 2]), json!([1, 2])), (json!("text"), json!("text")), (json!(7), json!(7))]
    {
        assert_eq!(encode(&entry().metadata(given))["metadata"]["value"], expected);
    }
    assert_eq!(encode(&entry().metadata(json!(null))), encode(&entry()));
}

#[test]
fn a_thousand_keys_are_all_written() {
    let many: Metadata = (0..1_000).map(|n| (format!("key_{n:04}"), n)).collect();
    assert_eq!(encode(&entry().metadata(&many))["metadata"].as_object().unwrap().len(), 1_001);
}

fn encode_within(limits: &crate::PayloadLimits, metadata: Value) -> Value {
    let content = Content::new(limits, &crate::Redaction::default());
    let mut head = Head::new(NOW, Level::Info, "api");
    head.content = &content;
    let mut encoder = Encoder::default();
    let base = BaseMetadata::new(&[("api_key", "lp_base")].into_iter().collect());
    serde_json::from_slice::<Value>(encoder.encode(&head, "m", metadata, &base)).unwrap()["metadata"].take()
}

#[test]
fn secrets_are_redacted_at_any_depth() {
    let metadata = encode_within(
        &crate::PayloadLimits::default(),
        json!({"password": "hunter2", "request": {"headers": [{"Authorization": "Bearer x", "accept": "*"}]},
               "cookie": {"a": [1]}, "user": "ada"}),
    );
    assert_eq!(metadata["password"], "[REDACTED]");
    assert_eq!(metadata["request"]["headers"][0], json!({"Authorization": "[REDACTED]", "accept": "*"}));
    assert_eq!((&metadata["cookie"], &metadata["api_key"]), (&json!("[REDACTED]"), &json!("[REDACTED]")));
    assert_eq!(metadata["user"], "ada");
}

#[test]
fn long_texts_excluded_fields_and_data_are_left_out() {
    let limits = crate::PayloadLimits::default().max_field_bytes(200).exclude_fields(["body"]);
    let data = "iVBORw0KGgoAAAANSUhEUgAA".repeat(5);
    let metadata = encode_within(
        &limits,
        json!({"body": {"x": 1}, "page": "a b".repeat(100), "nested": [{"image": data, "body": 1}], "fine": "a b".repeat(60)}),
    );
    assert_eq!(metadata["body"], "[EXCLUDED]");
    assert_eq!(metadata["page"], format!("{}...[TRUNCATED]", &"a b".repeat(100)[..200]));
    assert_eq!(metadata["nested"], json!([{"image": "[BASE64 DATA REMOVED]", "body": "[EXCLUDED]"}]));
    assert_eq!(metadata["fine"], "a b".repeat(60));
}

#[test]
fn texts_that_are_formatted_and_keys_that_are_not_texts_are_limited_too() {
    struct Map;
    impl serde::Serialize for Map {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            use serde::ser::SerializeMap as _;
            let mut map = serializer.serialize_map(None)?;
            map.serialize_entry(&"secret", "x")?;
            map.serialize_entry(&7, &format_args!("{}", "\" ".repeat(100)))?;
            map.end()
        }
    }
    let content =
        Content::new(&crate::PayloadLimits::none().max_field_bytes(10), &crate::Redaction::default());
    let mut head = Head::new(NOW, Level::Info, "api");
    head.content = &content;
    struct Displayed;
    impl crate::IntoMetadata for Displayed {
        fn write_to(self, fields: &mut Fields<'_>) {
            fields.display("shown", "a\nb".repeat(9));
            fields.display("token", 5);
            fields.field("map", &Map);
        }
    }
    let mut encoder = Encoder::default();
    let text = encoder.encode(&head, "m", Displayed, &BaseMetadata::empty());
    let entry: Value = serde_json::from_slice(text).unwrap();
    assert_eq!(
        entry["metadata"],
        json!({
            "shown": "a\nba\nba\nba...[TRUNCATED]", "token": "[REDACTED]",
            "map": {"secret": "[REDACTED]", "7": "\" \" \" \" \" ...[TRUNCATED]"},
        })
    );
}
