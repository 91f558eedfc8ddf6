//! Entries that are too large.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{Content, Json, LogEntry, PayloadLimits, Record, RecordWriter, Redaction, Timestamp, Wire as _};

const NOW: Timestamp = Timestamp::from_micros(0);

fn encode(entry: &LogEntry, limits: &PayloadLimits) -> (Value, usize) {
    let content = Content::new(limits, &Redaction::default());
    let mut writer = RecordWriter::default();
    encode_record(record(entry, &content, &mut writer), content.clone())
}

/// The entry, and its size. What the entry would be as a value is checked with it.
fn encode_record(record: Record<'_>, content: Content) -> (Value, usize) {
    let mut json = Json::new(content);
    let text = json.text(record);
    let value: Value = serde_json::from_str(&text).expect("an entry is JSON");
    let entry = json.entry(record);
    assert_eq!((&value["message"], &value["metadata"]), (&json!(entry.message), &json!(entry.metadata)));
    (value, text.len())
}

fn record<'w>(entry: &'w LogEntry, content: &'w Content, writer: &'w mut RecordWriter) -> Record<'w> {
    let mut head = entry.head();
    (head.time, head.content) = (Some(NOW), content);
    let mut fields = writer.begin(&head);
    fields.message(&entry.message);
    fields.metadata(&entry.metadata);
    fields.finish()
}

fn entry(message: &str, metadata: Value) -> LogEntry {
    LogEntry::new(crate::Level::Error, "svc", message).metadata(metadata)
}

fn breadcrumbs(count: u32) -> Value {
    (0..count).map(|n| json!({"message": format!("crumb {n}"), "timestamp": n})).collect()
}

#[test]
fn exception_and_breadcrumbs_survive_what_does_not_fit() {
    let frames: Vec<Value> =
        (0..100).map(|n| json!({"file": "src/main.rs", "function": format!("f{n}"), "line": n})).collect();
    let exception = json!({"type": "E", "message": "m", "language": "rust", "stacktrace": frames});
    let filler: Vec<Value> = (0..30).map(|n| json!("some words ".repeat(900 + n))).collect();
    let (entry, size) = encode(
        &entry(
            "query failed",
            json!({"exception": exception, "breadcrumbs": breadcrumbs(100), "rows": filler, "user_id": 42}),
        ),
        &PayloadLimits::default(),
    );
    assert!(size <= 100 * 1024, "{size}");
    assert_eq!(entry["message"], "query failed");
    assert_eq!(entry["metadata"]["exception"], exception);
    assert_eq!(entry["metadata"]["breadcrumbs"], breadcrumbs(100));
    assert_eq!((&entry["metadata"]["user_id"], &entry["metadata"]["_truncated"]), (&json!(42), &json!(true)));
    assert!(entry["metadata"]["_original_size"].as_u64().unwrap() > 100 * 1024);
    assert!(entry["metadata"]["sdk"]["name"].is_string());
    assert!(!entry["metadata"]["rows"].as_array().unwrap().is_empty(), "what fits of the rest is kept");
}

#[test]
fn what_is_kept_is_cut_itself_where_it_is_too_large() {
    let frames: Vec<Value> = (0..1_000).map(|n| json!({"function": format!("f{n}"), "line": n})).collect();
    let exception = json!({"type": "E", "message": "m", "language": "rust", "stacktrace": frames});
    let (entry, size) = encode(
        &entry(&"long ".repeat(5_000), json!({"exception": exception, "breadcrumbs": breadcrumbs(1_000)})),
        &PayloadLimits::default().max_entry_bytes(8 * 1024),
    );
    assert!(size <= 8 * 1024, "{size}");
    let message = entry["message"].as_str().unwrap();
    assert!(message.ends_with(TRUNCATED) && message.len() > 3_000, "{}", message.len());
    let exception = &entry["metadata"]["exception"];
    assert_eq!((&exception["type"], &exception["message"]), (&json!("E"), &json!("m")));
    assert_eq!(exception["stacktrace"][0]["function"], "f0", "the innermost frames are kept");
    let breadcrumbs = entry["metadata"]["breadcrumbs"].as_array().unwrap();
    assert_eq!(breadcrumbs.last().unwrap()["message"], "crumb 999", "the latest breadcrumbs are kept");
    assert!(breadcrumbs.len() > 10);
}

#[test]
fn an_entry_at_the_bound_is_left_alone() {
    let entry = entry(&"hello".repeat(1_000), json!({"k": "v"}));
    let whole = encode(&entry, &PayloadLimits::none());
    let limits = PayloadLimits::none();
    assert_eq!(encode(&entry, &limits.clone().max_entry_bytes(whole.1)), whole);
    let (cut, _) = encode(&entry, &limits.max_entry_bytes(whole.1 - 1));
    assert_eq!(cut["metadata"]["_truncated"], true);
}

#[test]
fn refused_ids_do_not_come_back() {
    let mut entry = entry("hello", json!({"long": "word ".repeat(2_000)})).span_id("s".repeat(4_000));
    entry.session_id = Some("t".repeat(4_000));
    let (_, size) = encode(&entry, &PayloadLimits::none().max_entry_bytes(PayloadLimits::MIN_ENTRY_BYTES));
    assert!(size <= PayloadLimits::MIN_ENTRY_BYTES, "{size}");
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        (any::<char>(), 0usize..4_000).prop_map(|(letter, count)| letter.to_string().repeat(count).into()),
    ];
    leaf.prop_recursive(4, 60, 8, |inner| {
        let key = prop_oneof![
            "\\PC{0,9}",
            Just("exception".to_owned()),
            Just("breadcrumbs".to_owned()),
            Just("sdk".to_owned())
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::btree_map(key, inner, 0..8).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn no_entry_is_over_the_bound(
        metadata in any_json(), letter in any::<char>(), count in 0usize..9_000, service in "\\PC{0,120}",
        trace in any::<char>(), field in 1usize..3_000, limit in PayloadLimits::MIN_ENTRY_BYTES..9_000,
    ) {
        let mut entry = LogEntry::new(crate::Level::Info, service, letter.to_string().repeat(count)).metadata(metadata);
        entry.trace_id = Some(trace.to_string().repeat(300));
        let limits = PayloadLimits::default().max_field_bytes(field).max_entry_bytes(limit);
        let (value, size) = encode(&entry, &limits);
        prop_assert!(size <= limit, "{} > {}", size, limit);
        prop_assert!(value["metadata"].is_object());
    }
}

#[test]
fn an_entry_that_is_cut_again_keeps_its_first_size() {
    let content = Content::new(&PayloadLimits::none().max_entry_bytes(5_000), &Redaction::off());
    for (before, expected) in [(1_000_000, 1_000_000), (10, 9_000)] {
        let entry =
            entry("m", json!({"long": "x".repeat(9_000), "_original_size": before, "_truncated": true}));
        let mut writer = RecordWriter::default();
        let mut head = entry.head();
        head.content = &content;
        let mut fields = writer.begin(&head);
        fields.metadata(&entry.metadata);
        fields.set_final();
        let (cut, size) = encode_record(fields.finish(), content.clone());
        assert!(size <= 5_000, "{size}");
        assert!(cut["metadata"]["_original_size"].as_u64().unwrap() >= expected, "{cut}");
        assert_eq!(cut["metadata"]["_original_size"] == before, before == 1_000_000);
        assert!(cut["metadata"]["long"].as_str().unwrap().ends_with(TRUNCATED));
    }
}

#[test]
fn an_entry_among_others_is_cut_as_one_alone() {
    let large = entry(&"hello ".repeat(3_000), json!({"long": "word ".repeat(2_000)}));
    let small = entry("hello", json!({"k": "v"}));
    let content = Content::new(&PayloadLimits::none().max_entry_bytes(5_000), &Redaction::off());
    let (mut json, mut writer, mut body) = (Json::new(content), RecordWriter::default(), Vec::new());
    json.begin(&mut body);
    for entry in [&small, &large, &large, &small] {
        json.write(entry.record(&mut writer, NOW), &mut body);
    }
    json.end(&mut body);
    let body: Value = serde_json::from_slice(&body).expect("a body is JSON");
    let alone = [&small, &large].map(|entry| json.value_of(entry, NOW));
    assert_eq!(body, json!({"logs": [alone[0], alone[1], alone[1], alone[0]]}));
}
