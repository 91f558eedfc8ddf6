//! Any entry and any span, decoded, equals what was logged.

use logtide_core::{Id, Json, LogEntry, RecordWriter, SpanId, SpanStatus, TraceId};
use logtide_otlp::{Compression, Logs, Resource, Spans, Target};
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::{
    arbitrary::{self, AnyFields, map_of},
    decode,
    setup::{NANOS, TARGETS, body, head, limited_json},
};

proptest! {
    #[test]
    fn any_entry_is_what_the_json_wire_sends(entry in arbitrary::entry(), is_limited: bool, is_collector: bool) {
        let json = || if is_limited { limited_json() } else { Json::default() };
        let target = TARGETS[usize::from(is_collector)];
        let mut writer = RecordWriter::default();
        let record = entry.record(NANOS, &mut writer);
        let mut wire = Logs::new(json(), Resource::new(), target, Compression::None);
        let body = body(&mut wire, record);
        let log = decode::log(&body);
        let sent = json().entry(record);
        prop_assert_eq!(&decode::messages(&body)[0].0, &sent.service);
        check_head(&log, &sent, entry.time, target)?;
        let decoded = Value::Object(decode::fields(&log.attributes));
        prop_assert!(!decoded.to_string().contains("\\u0000"), "{}", decoded);
        let expected = expected(sent, &log);
        prop_assert_eq!(rounded(decoded, target), Value::Object(expected));
    }

    #[test]
    fn any_span_is_what_was_recorded(span in arbitrary::span(), is_collector: bool) {
        let target = TARGETS[usize::from(is_collector)];
        let mut writer = RecordWriter::default();
        let record = span.record(&mut writer);
        let mut wire = Spans::new(Json::default(), Resource::new(), target, Compression::None);
        let sent = decode::span(&body(&mut wire, record));
        let mended = |text: &str| text.replace('\0', "\u{fffd}");
        prop_assert_eq!(sent.trace_id, TraceId::from_random(span.trace_id).number().to_be_bytes());
        prop_assert_eq!(sent.span_id, SpanId::from_random(span.span_id).number().to_be_bytes());
        let parent = span.times.parent.map(|id| id.number().to_be_bytes().to_vec()).unwrap_or_default();
        prop_assert_eq!(sent.parent_span_id, parent);
        let named = |name: &str| if name.is_empty() { "unnamed".to_owned() } else { mended(name) };
        prop_assert_eq!(sent.name, named(&span.name));
        prop_assert_eq!(sent.kind, span.times.kind as i32);
        prop_assert_eq!(sent.start_time_unix_nano, span.times.start);
        prop_assert_eq!(sent.end_time_unix_nano, span.end.max(span.times.start));
        prop_assert_eq!(sent.flags, u32::from(span.times.trace_flags));
        prop_assert_eq!(sent.trace_state, mended(span.trace_state.as_deref().unwrap_or_default()));
        prop_assert_eq!(sent.dropped_events_count, span.times.dropped_events);
        prop_assert_eq!(sent.dropped_links_count, span.times.dropped_links);
        prop_assert_eq!(sent.dropped_attributes_count, 0);
        let (code, said) = sent.status.map(|status| (status.code, status.message)).unwrap_or_default();
        prop_assert_eq!(code, span.status as i32);
        let is_said = span.status == SpanStatus::Error;
        prop_assert_eq!(said, if is_said { mended(&span.status_message) } else { String::new() });
        prop_assert_eq!(fields(&sent.attributes, target), written(&span.fields));
        prop_assert_eq!(sent.events.len(), span.events.len());
        for (event, (nanos, name, of_event)) in sent.events.iter().zip(&span.events) {
            prop_assert_eq!(event.time_unix_nano, *nanos);
            prop_assert_eq!(&event.name, &named(name));
            prop_assert_eq!(fields(&event.attributes, target), from_map(of_event));
        }
        prop_assert_eq!(sent.links.len(), span.links.len());
        for (link, (trace, id, of_link)) in sent.links.iter().zip(&span.links) {
            prop_assert_eq!(&link.trace_id, &TraceId::from_random(*trace).number().to_be_bytes());
            prop_assert_eq!(&link.span_id, &SpanId::from_random(*id).number().to_be_bytes());
            prop_assert_eq!(fields(&link.attributes, target), from_map(of_link));
        }
    }
}

fn check_head(
    log: &LogRecord,
    sent: &LogEntry,
    time: Option<i64>,
    target: Target,
) -> Result<(), TestCaseError> {
    let call = if target == Target::LogTide { NANOS / 1_000 * 1_000 } else { NANOS };
    let nanos = time.map_or(call, |micros| u64::try_from(micros).unwrap_or_default() * 1_000);
    prop_assert_eq!(log.time_unix_nano, nanos);
    prop_assert_eq!(log.observed_time_unix_nano, NANOS.next_multiple_of(1_000_000));
    prop_assert_eq!(log.severity_number, 5 + 4 * sent.level as i32);
    prop_assert_eq!(&log.severity_text, sent.level.as_str());
    prop_assert_eq!(&decode::text(log.body.as_ref()), &sent.message);
    let trace = sent.trace_id.as_ref().and_then(|id| id.to_ascii_lowercase().parse::<TraceId>().ok());
    let span = sent.span_id.as_ref().and_then(|id| id.to_ascii_lowercase().parse::<SpanId>().ok());
    prop_assert_eq!(&log.trace_id, &trace.map(|id| id.number().to_be_bytes().to_vec()).unwrap_or_default());
    prop_assert_eq!(&log.span_id, &span.map(|id| id.number().to_be_bytes().to_vec()).unwrap_or_default());
    Ok(())
}

/// Returns the expected attributes of an entry, from what the JSON wire sends.
fn expected(sent: LogEntry, log: &LogRecord) -> Map<String, Value> {
    let mut fields = flat(sent.metadata.into_map());
    let ids = [
        ("trace_id", sent.trace_id.filter(|_| log.trace_id.is_empty())),
        ("span_id", sent.span_id.filter(|_| log.span_id.is_empty())),
        ("session.id", sent.session_id),
    ];
    for (name, id) in ids {
        if let Some(id) = id {
            fields.entry(name).or_insert(json!(id));
        }
    }
    fields
}

/// Adds the attributes that describe an error, and removes the SDK's stamp.
fn flat(mut fields: Map<String, Value>) -> Map<String, Value> {
    let stamp = json!({"name": "logtide-rust", "version": env!("CARGO_PKG_VERSION")});
    if fields.get("sdk") == Some(&stamp) {
        fields.remove("sdk");
    }
    let text = |field: &str, name: &str| match fields.get(field) {
        Some(Value::Object(entries)) => entries.get(name).filter(|value| value.is_string()).cloned(),
        _ => None,
    };
    if let Some(kind) = text("exception", "type") {
        let of_error = [
            ("exception.type", Some(kind)),
            ("exception.message", text("exception", "message")),
            ("exception.stacktrace", text("exception", "raw").or_else(|| text("error", "stack"))),
        ];
        for (name, value) in of_error {
            if let Some(value) = value {
                fields.entry(name).or_insert(value);
            }
        }
    }
    fields
}

fn written(fields: &AnyFields) -> Value {
    sent(|of_record| fields.iter().for_each(|(key, value)| value.write(key, of_record)))
}

fn from_map(fields: &AnyFields) -> Value {
    sent(|of_record| of_record.metadata(map_of(fields)))
}

/// Returns what the JSON wire sends for fields.
fn sent(write: impl FnOnce(&mut logtide_core::Fields<'_>)) -> Value {
    let mut writer = RecordWriter::default();
    let mut fields = writer.begin(&head("api"));
    write(&mut fields);
    Value::Object(flat(Json::default().entry(fields.finish()).metadata.into_map()))
}

fn fields(attributes: &[opentelemetry_proto::tonic::common::v1::KeyValue], target: Target) -> Value {
    rounded(Value::Object(decode::fields(attributes)), target)
}

/// Turns integers that JSON would round into strings. Those for LogTide have none.
fn rounded(value: Value, target: Target) -> Value {
    match value {
        Value::Number(number) if number.as_i64().is_some_and(|value| value.unsigned_abs() > 1 << 53) => {
            assert_eq!(target, Target::Collector, "{number}");
            json!(number.to_string())
        }
        Value::Array(values) => values.into_iter().map(|value| rounded(value, target)).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(key, value)| (key, rounded(value, target))).collect()
        }
        value => value,
    }
}

#[test]
fn ids_are_bytes_in_any_case_of_their_digits() {
    let mut writer = RecordWriter::default();
    let mut head = head("api");
    head.ids.trace_id = Some(Id::Text("4BF92F3577B34DA6A3CE929D0E0E4736"));
    head.ids.span_id = Some(Id::Text("00F067AA0BA902B7"));
    let log = decode::log(&body(&mut crate::setup::logs(Target::LogTide), writer.begin(&head).finish()));
    assert_eq!(log.trace_id, 0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736_u128.to_be_bytes());
    assert_eq!(log.span_id, 0x00f0_67aa_0ba9_02b7_u64.to_be_bytes());
}
