//! Which of several fields of these names counts, and which rules apply.

use serde_json::{Value, json};

use crate::{
    CallSite, Content, EventId, Fields, Head, Identity, Json, Level, LogEntry, Metadata, PayloadLimits,
    RecordWriter, Redaction, Scope, SpanFields, bridge::Origin,
};

const EVENT_ID: &str = "017f22e2-79b0-7000-8000-00000000002a";

fn identity() -> Identity {
    Identity { event_id: Some(EventId::new(1_645_557_742_000, 42)), sequence: Some(7) }
}

/// Metadata as it is rendered, and as a hook sees it.
fn metadata(json: &mut Json, identity: Identity, write: impl FnOnce(&mut Fields<'_>)) -> Value {
    let head = Head::new(Level::Info, "svc");
    let mut writer = RecordWriter::default();
    let mut fields = writer.begin_with(&head, 0, &head.ids, head.content, Some(&identity));
    fields.message("m");
    write(&mut fields);
    let record = fields.finish();
    let mut entry: Value = serde_json::from_str(&json.text(record)).expect("an entry is JSON");
    let LogEntry { metadata, .. } = json.entry(record);
    let metadata = Value::Object(metadata.into_map());
    assert_eq!(entry["metadata"].take(), metadata);
    metadata
}

#[test]
fn each_has_a_field_of_its_own() {
    let mut json = Json::default().without_global();
    let both = identity();
    let (mut id, mut number) = (both, both);
    (id.sequence, number.event_id) = (None, None);
    assert_eq!(metadata(&mut json, both, |_| ()), json!({"event_id": EVENT_ID, "seq": 7}));
    assert_eq!(metadata(&mut json, id, |_| ()), json!({"event_id": EVENT_ID}));
    assert_eq!(metadata(&mut json, number, |fields| fields.field("a", &1)), json!({"a": 1, "seq": 7}));
    assert_eq!(metadata(&mut json, Identity::default(), |_| ()), json!({}));
}

#[test]
fn fields_of_the_entry_and_its_spans_win_and_those_of_scope_and_client_give_way() {
    let call_site = CallSite::new(Origin::default(), []).span_name("query").register(0x1d00_0001);
    let span = SpanFields::new(call_site, Content::unchanged(), [("event_id", "span's")]);
    let scope =
        Scope::new().with(|scope| scope.set_extras((("event_id", "scope's"), ("seq", 0), ("kept", 1))));
    let global: Metadata = [("event_id", "client's"), ("seq", "client's")].into_iter().collect();
    let mut json = Json::default().without_global();
    let mut with_global = Json::default().global_metadata(&global);

    let own = |fields: &mut Fields<'_>| {
        fields.field("seq", &None::<()>);
        fields.span(&span, true);
        fields.scope(&scope);
    };
    assert_eq!(metadata(&mut json, identity(), own), json!({"event_id": "span's", "seq": null, "kept": 1}));
    let nested = |fields: &mut Fields<'_>| {
        fields.nest_spans();
        own(fields);
    };
    let read = metadata(&mut json, identity(), nested);
    assert_eq!(read, json!({"query": {"event_id": "span's"}, "event_id": EVENT_ID, "seq": null, "kept": 1}));
    for json in [&mut json, &mut with_global] {
        for scope in [None, Some(&scope)] {
            let write = |fields: &mut Fields<'_>| scope.into_iter().for_each(|scope| fields.scope(scope));
            let read = metadata(json, identity(), write);
            assert_eq!((&read["event_id"], &read["seq"]), (&json!(EVENT_ID), &json!(7)));
        }
    }
}

#[test]
fn no_rule_of_the_application_is_for_them() {
    let limits = PayloadLimits::default().max_field_bytes(5).exclude_fields(["event_id", "seq"]);
    let mut json = Json::new(Content::new(&limits, &Redaction::default().keys(["event_id", "seq"])));
    let read = metadata(&mut json, identity(), |_| ());
    assert_eq!((&read["event_id"], &read["seq"]), (&json!(EVENT_ID), &json!(7)));
    let own = metadata(&mut json, identity(), |fields| fields.field("event_id", "own"));
    assert_eq!(
        own["event_id"], "[EXCLUDED]",
        "what the application writes under the name is under its rules"
    );
}

#[test]
fn an_entry_that_is_cut_keeps_them_whatever_else_it_has() {
    let limits = PayloadLimits::none().max_entry_bytes(PayloadLimits::MIN_ENTRY_BYTES);
    let mut json = Json::new(Content::new(&limits, &Redaction::off()));
    // Each character takes six bytes.
    let (service, trace_id) = ("\u{1}".repeat(100), "\u{1}".repeat(256));
    let mut head = Head::new(Level::Critical, &service);
    head.ids.trace_id = Some(trace_id.as_str().into());
    head.ids.session_id = Some("123e4567-e89b-42d3-a456-426614174000");
    for message in [String::new(), "message ".repeat(10_000)] {
        let error = "x".parse::<u16>().unwrap_err();
        let mut writer = RecordWriter::default();
        let mut fields = writer.begin_with(&head, 0, &head.ids, head.content, Some(&identity()));
        fields.message(&message);
        fields.field("exception", &json!({"type": "E", "message": "long ".repeat(10_000)}));
        fields.error(&error);
        (0..2_000).for_each(|at| fields.field(&format!("{at}"), &at));
        let text = json.text(fields.finish());
        assert!(text.len() <= PayloadLimits::MIN_ENTRY_BYTES, "{}", text.len());
        let entry: Value = serde_json::from_str(&text).expect("an entry is JSON");
        let read = &entry["metadata"];
        assert_eq!((&read["event_id"], &read["seq"]), (&json!(EVENT_ID), &json!(7)));
        assert!(read["_original_size"].is_u64() && read["exception"].is_object(), "{read}");
    }
}

#[test]
fn a_large_field_under_their_names_is_cut_as_any_other() {
    let mut json = Json::new(Content::default());
    let read = metadata(&mut json, identity(), |fields| {
        fields.field("seq", &json!(vec!["x".repeat(1_000); 200]));
        fields.field("exception", &json!({"type": "E", "message": "m", "stack": vec!["y".repeat(900); 100]}));
    });
    assert_eq!(read["exception"]["stack"].as_array().map(Vec::len), Some(100));
    assert_eq!(read["event_id"], EVENT_ID);
}
