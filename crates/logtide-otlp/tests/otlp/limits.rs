//! Values that are too large or nested too deep.

use logtide_core::{Content, Json, PayloadLimits, RecordWriter, Redaction, Wire as _};
use logtide_otlp::{Compression, Logs, Resource, Spans, Target};
use serde_json::{Value, json};

use crate::{
    decode,
    setup::{NANOS, body, head, logs},
};

const MOST: usize = 4 * 1024;

fn small() -> Json {
    let limits = PayloadLimits::none().max_entry_bytes(MOST);
    Json::new(Content::new(&limits, &Redaction::off()))
}

#[test]
fn values_are_not_nested_deeper_than_decoders_read() {
    for is_array in [false, true] {
        let mut value = json!("innermost");
        for _ in 0..95 {
            value = if is_array { json!([value, 7]) } else { json!({"a": value, "b": 7}) };
        }
        let mut writer = RecordWriter::default();
        let mut fields = writer.begin(&head("api"));
        fields.field("deep", &value);
        fields.field("after", &1);
        // The decoder refuses more than 100 levels of messages.
        let log = decode::log(&body(&mut logs(Target::LogTide), fields.finish()));
        let decoded = Value::Object(decode::fields(&log.attributes));
        assert!(decoded.to_string().contains("[nested too deep]"), "{decoded}");
        assert_eq!(decoded["after"], 1);
        let second = if is_array { &decoded["deep"][1] } else { &decoded["deep"]["b"] };
        assert_eq!(*second, 7);
    }
}

#[test]
fn an_entry_that_is_too_large_is_cut_as_in_json() {
    let mut writer = RecordWriter::default();
    let mut fields = writer.begin(&head("api"));
    fields.message("m".repeat(10_000));
    fields.field("long", &"x".repeat(10_000));
    fields.field("short", &1);
    let record = fields.finish();
    let mut wire = Logs::new(small(), Resource::new(), Target::LogTide, Compression::None);
    let request = body(&mut wire, record);
    let (log, cut) = (decode::log(&request), small().entry(record));
    assert!(request.len() < MOST + 512, "{}", request.len());
    assert_eq!(decode::text(log.body.as_ref()), cut.message);
    let mut metadata = cut.metadata;
    metadata.remove("sdk");
    assert_eq!(decode::fields(&log.attributes), metadata.into_map());
    assert_eq!(
        (log.time_unix_nano, log.observed_time_unix_nano),
        (NANOS / 1_000 * 1_000, NANOS.next_multiple_of(1_000_000))
    );
}

#[test]
fn a_span_that_is_too_large_tells_what_it_left_out() {
    use logtide_core::{SpanData, SpanFields, SpanId, SpanTimes, TraceId};
    let mut head = head("api");
    head.ids.trace_id = Some(TraceId::from_random(1).into());
    head.ids.span_id = Some(SpanId::from_random(2).into());
    let mut data = SpanData::default();
    for index in 0..10_u64 {
        let fields = [("text", "e".repeat(if index == 3 { 10_000 } else { 100 }))];
        data.event(index, "event", &SpanFields::new(None, Content::unchanged(), fields));
    }
    let (trace, span) = (TraceId::from_random(3), SpanId::from_random(4));
    data.link(trace, span, &SpanFields::new(None, Content::unchanged(), [("text", "l".repeat(10_000))]));
    data.link(trace, span, &SpanFields::new(None, Content::unchanged(), ()));
    let mut writer = RecordWriter::default();
    let mut fields = writer.begin(&head);
    fields.message("work");
    fields.field("long", &"x".repeat(10_000));
    fields.field("short", &1);
    fields.ended_span(&SpanTimes::new(1), &data);
    let mut wire = Spans::new(small(), Resource::new(), Target::LogTide, Compression::None);
    let request = body(&mut wire, fields.finish());
    assert!(request.len() < MOST + 512, "{}", request.len());
    let sent = decode::span(&request);
    assert_eq!(json!(decode::fields(&sent.attributes)), json!({"short": 1}));
    let dropped = (sent.dropped_attributes_count, sent.dropped_events_count, sent.dropped_links_count);
    assert_eq!((sent.events.len(), sent.links.len(), dropped), (9, 1, (1, 1, 1)));
}

#[test]
fn limits_of_a_request_are_those_that_collectors_take() {
    let wire = logs(Target::Collector);
    assert_eq!((wire.max_entries(), wire.max_body_bytes()), (10_000, 16 * 1024 * 1024));
}
