//! The short way gives what the general way gives.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    CallSite, Content, ErrorFormat, EventId, Head, Identity, Json, Level, Metadata, PayloadLimits,
    RecordWriter, Redaction, SpanFields, SpanId, TraceId, Wire as _,
    bridge::Origin,
    record::{Fields, Record},
};

/// Some mean something special, or are those of fields that stand behind them.
const NAMES: [&str; 9] = ["a", "b\"", "token", "error", "host", "constructor", "logger", "env", "event_id"];

const PLAIN_NAMES: [&str; 9] =
    ["a", "b\"", "token", "c", "d", "e", "a name of more than sixteen bytes", "ä", "seq"];

const OTHER_NAMES: [&str; 9] = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];

fn call_site(names: [&'static str; 9]) -> &'static CallSite {
    let matches = |call_site: &CallSite| call_site.names().eq(names);
    let origin = || {
        let mut origin = Origin::default();
        (origin.logger, origin.module) = (Some("app::db"), Some("app::\"db\""));
        (origin.file, origin.line) = (Some("src/db.rs"), Some(7));
        origin
    };
    let make = || CallSite::new(origin(), names.map(Into::into)).service("svc \"1\"");
    CallSite::get_or_register(0x91a1_0001, matches, make).expect("there is room")
}

/// Spans with their names, of which some are those of other fields.
const SPANS: [(&str, [&str; SPAN_NAMES]); 5] = [
    ("request", ["request_id", "tenant", "f"]),
    ("\"query\"", ["table", "rows", "g"]),
    ("data:;base64,QUJD", ["a", "h", "token"]),
    ("", ["spans", "request_id", "env"]),
    ("seq", ["event_id", "k", "l"]),
];

const SPAN_NAMES: usize = 3;

fn span_site(place: usize) -> &'static CallSite {
    let (span, names) = SPANS[place];
    let matches = |call_site: &CallSite| call_site.names().eq(names);
    let make = || CallSite::new(Origin::default(), names.map(Into::into)).span_name(span);
    CallSite::get_or_register(0x91a1_1001 + 64 * place, matches, make).expect("there is room")
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        "[ -~]{0,40}".prop_map(Value::from),
        ".{0,9}".prop_map(Value::from),
        Just(json!("data:text/plain;base64,QUJD")),
        Just(json!("iVBORw0KGgoAAAANSUhEUgAA".repeat(5))),
        (90_usize..400).prop_map(|length| "long ".repeat(length).into()),
        any::<u64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|value| json!(value)),
        Just(Value::Null),
        Just(json!({"prototype": [1, {"password": "x"}]})),
    ]
}

/// The entry as the general way renders it, which makes a tree.
fn general(json: &mut Json, record: Record<'_>) -> Value {
    let entry = json.entry(record);
    json!({
        "time": entry.time.expect("it has one").to_string(), "service": entry.service, "level": entry.level,
        "message": entry.message, "trace_id": entry.trace_id, "span_id": entry.span_id,
        "metadata": Metadata::into_map(entry.metadata),
    })
}

fn rendered(json: &mut Json, record: Record<'_>) -> Value {
    let mut body = Vec::new();
    json.begin(&mut body);
    json.write(record, &mut body);
    json.end(&mut body);
    let mut entry = serde_json::from_slice::<Value>(&body).expect("a body is JSON")["logs"][0].take();
    for id in ["trace_id", "span_id"] {
        let given = entry[id].take();
        entry[id] = given;
    }
    entry
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_record_is_rendered_as_the_general_way_does(
        fields in prop::collection::vec((0..NAMES.len(), any_value()), 0..6), in_order: bool,
        message in "[ -~]{0,30}|.{0,9}", message_at in 0_usize..6, ending in 0_u8..3, inline in prop::option::of("[a-z]{1,6}"),
        spans in prop::collection::vec((0..SPANS.len(), prop::collection::vec((0..SPAN_NAMES, any_value()), 0..3)), 0..4),
        names_of_spans in prop::option::of(any::<bool>()), ids in prop::option::of(any::<(u128, u64)>()),
        global in prop::sample::subsequence(vec!["a", "env", "logger", "sdk", "region", "spans", "tenant", "seq", "event_id"], 0..4), nanos: u64, level in 0_usize..5,
        is_redacted: bool, has_plain_names: bool, event_id in prop::option::of(any::<(u64, u128)>()), sequence in prop::option::of(any::<u64>()),
    ) {
        let mut fields = fields;
        if in_order {
            fields.sort_by_key(|(index, _)| *index);
        }
        let mut head = Head::new(Level::ALL[level], "svc \"1\"");
        let names = if has_plain_names { PLAIN_NAMES } else { NAMES };
        (head.call_site, head.nanos) = (Some(call_site(names)), nanos);
        if let Some((trace, span)) = ids {
            head.ids.trace_id = Some(TraceId::from_random(trace).into());
            head.ids.span_id = Some(SpanId::from_random(span).into());
        }
        let identity = Identity { event_id: event_id.map(|(millis, random)| EventId::new(millis, random)), sequence };
        let mut writer = RecordWriter::default();
        let mut written = writer.begin_with(&head, nanos, &head.ids, Content::unchanged(), Some(&identity));
        let write_message = |at: usize, written: &mut Fields<'_>| {
            if at == message_at.min(fields.len()) {
                written.message(&message);
            }
        };
        for (at, (index, value)) in fields.iter().enumerate() {
            write_message(at, &mut written);
            written.indexed(*index, value);
        }
        write_message(fields.len(), &mut written);
        for (place, fields) in &spans {
            let fields: Vec<_> = fields.iter().map(|(index, value)| (SPANS[*place].1[*index], value)).collect();
            written.span(&SpanFields::new(Some(span_site(*place)), Content::unchanged(), fields), true);
        }
        if let Some(is_nested) = names_of_spans {
            written.span_names();
            if is_nested {
                written.nest_spans();
            }
        }
        if let Some(key) = &inline {
            written.field(key, &1);
        }
        match ending {
            0 => {}
            with_place => written.origin(with_place == 2),
        }
        let record = written.finish();
        let content = if is_redacted {
            Content::new(&PayloadLimits::default().exclude_fields(["seq"]), &Redaction::default())
        } else {
            Content::new(&PayloadLimits::none().max_field_bytes(30), &Redaction::off())
        };
        let global: Metadata = global.into_iter().map(|key| (key, "global")).collect();
        let mut json = Json::new(content).global_metadata(&global).error_format(ErrorFormat::Exception);
        // Twice, since the first time makes what is kept.
        for _ in 0..2 {
            let expected = general(&mut json, record);
            prop_assert_eq!(rendered(&mut json, record), expected);
        }
    }
}

#[test]
fn an_entry_in_spans_takes_the_short_way_unless_names_may_meet() {
    let span =
        |place: usize, key: &str| SpanFields::new(Some(span_site(place)), Content::unchanged(), [(key, 7)]);
    for (outer, is_short) in [(span(1, "table"), true), (span(2, "a"), false), (span(0, "f"), false)] {
        let mut head = Head::new(Level::Info, "svc \"1\"");
        head.call_site = Some(call_site(PLAIN_NAMES));
        head.ids.trace_id = Some(TraceId::from_random(5).into());
        let mut writer = RecordWriter::default();
        let mut fields = writer.begin(&head);
        fields.message("m");
        fields.field("a", &1);
        fields.span(&span(0, "tenant"), true);
        fields.span(&outer, true);
        fields.span_names();
        fields.origin(true);
        let mut out = Vec::new();
        let short = Json::new(Content::default()).render_plain(fields.finish(), &mut out);
        assert_eq!((short.is_some(), out.is_empty()), (is_short, !is_short));
    }
}

#[test]
fn an_entry_of_plain_fields_takes_the_short_way() {
    let mut head = Head::new(Level::Info, "svc \"1\"");
    head.call_site = Some(call_site(PLAIN_NAMES));
    let mut writer = RecordWriter::default();
    let mut fields = writer.begin(&head);
    fields.message("m");
    fields.field("a", &1);
    fields.field("token", "secret");
    fields.origin(true);
    let (mut json, mut out) = (Json::new(Content::default()), Vec::new());
    assert!(json.render_plain(fields.finish(), &mut out).is_some());
    let entry: Value = serde_json::from_slice(&out).expect("an entry");
    assert_eq!(entry["metadata"]["token"], "[REDACTED]");
    assert_eq!(entry["metadata"]["line"], 7);
}

#[test]
fn an_entry_with_an_identity_takes_the_short_way_unless_a_field_has_its_names() {
    let identity = Identity { event_id: Some(EventId::new(1, 2)), sequence: Some(3) };
    let both = r#""event_id":"00000000-0001-7000-8000-000000000002","seq":3"#;
    for (names, own, trace_id, is_short) in [
        (NAMES, None, None, false),
        (PLAIN_NAMES, Some("seq"), None, false),
        (OTHER_NAMES, None, None, true),
        (OTHER_NAMES, Some("a"), None, true),
        (OTHER_NAMES, Some("a"), Some(5), true),
    ] {
        let mut head = Head::new(Level::Info, "svc \"1\"");
        head.call_site = Some(call_site(names));
        head.ids.trace_id = trace_id.map(|id| TraceId::from_random(id).into());
        let mut writer = RecordWriter::default();
        let mut fields = writer.begin_with(&head, 0, &head.ids, Content::unchanged(), Some(&identity));
        fields.message("m");
        own.into_iter().for_each(|own| fields.field(own, &1));
        fields.origin(true);
        let record = fields.finish();
        let (mut json, mut out) = (Json::new(Content::default()), Vec::new());
        let short = json.render_plain(record, &mut out);
        assert_eq!((short.is_some(), out.is_empty()), (is_short, !is_short));
        let text = String::from_utf8(out).expect("an entry is UTF-8");
        assert_eq!(text.contains(both), is_short, "{text}");
        assert_eq!(text.contains(r#"{"event_id""#), is_short && own.is_none(), "{text}");
        let mut global = Json::default().global_metadata(&[("seq", 4)].into_iter().collect());
        assert!(global.render_plain(record, &mut Vec::new()).is_none(), "a global field has the name");
    }
}
