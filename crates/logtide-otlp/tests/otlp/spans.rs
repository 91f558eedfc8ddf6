//! Requests of spans.

use logtide_core::{Json, Metadata, RecordWriter, SpanData, SpanId, SpanTimes, TraceId, Wire as _};
use logtide_otlp::{Compression, Resource, Spans, Target};
use serde_json::json;

use crate::{
    decode,
    setup::{NANOS, TARGETS, body, head, spans},
};

#[test]
fn global_metadata_is_in_the_resource_alone() {
    let global: Metadata = [("environment", json!("staging")), ("shard", json!(7))].into_iter().collect();
    let resource = Resource::new().attribute("environment", "production");
    let json = Json::default().global_metadata(&global);
    let mut wire = Spans::new(json, resource, Target::LogTide, Compression::None);
    let mut writer = RecordWriter::default();
    let mut fields = writer.begin(&head("api"));
    fields.ended_span(&SpanTimes::new(1), &SpanData::default());
    let request = body(&mut wire, fields.finish());
    assert!(decode::span(&request).attributes.is_empty());
    let resource = decode::spans(&request).resource_spans[0].resource.clone().unwrap();
    let mut attributes = decode::fields(&resource.attributes);
    attributes.retain(|name, _| !name.starts_with("telemetry.sdk."));
    assert_eq!(json!(attributes), json!({"service.name": "api", "environment": "production", "shard": 7}));
}

#[test]
fn a_span_without_ids_gets_some_that_stay() {
    for target in TARGETS {
        let mut of_records = Vec::new();
        for (trace, span) in [(None, None), (Some("no id"), Some("no id")), (Some("another"), None)] {
            let mut head = head("api");
            head.ids.trace_id = trace.map(Into::into);
            head.ids.span_id = span.map(Into::into);
            let [first, second] = [(); 2].map(|()| {
                let mut writer = RecordWriter::default();
                let mut fields = writer.begin(&head);
                fields.message("work");
                fields.ended_span(&SpanTimes::new(1), &SpanData::default());
                let span = decode::span(&body(&mut spans(target), fields.finish()));
                (span.trace_id, span.span_id)
            });
            assert_eq!(first, second);
            assert_eq!((first.0.len(), first.1.len()), (16, 8));
            of_records.push(first);
        }
        of_records.dedup();
        assert_eq!(of_records.len(), 3, "{of_records:?}");
    }
}

#[test]
fn a_record_that_is_no_span_ends_when_it_starts() {
    let mut writer = RecordWriter::default();
    let mut head = head("api");
    head.ids.trace_id = Some(TraceId::from_random(1).into());
    head.ids.span_id = Some(SpanId::from_random(2).into());
    let span = decode::span(&body(&mut spans(Target::LogTide), writer.begin(&head).finish()));
    assert_eq!((span.start_time_unix_nano, span.end_time_unix_nano), (NANOS, NANOS));
    assert_eq!((&*span.name, span.kind), ("unnamed", 1));
}

#[test]
fn long_names_are_cut_at_a_character() {
    let mut writer = RecordWriter::default();
    let mut fields = writer.begin(&head("api"));
    fields.message("é".repeat(1_000) + "\0");
    let mut data = SpanData::default();
    data.set_status(logtide_core::SpanStatus::Error, "\0é".repeat(1_000));
    fields.ended_span(&SpanTimes::new(1), &data);
    let span = decode::span(&body(&mut spans(Target::LogTide), fields.finish()));
    assert_eq!(span.name, "é".repeat(512));
    let said = span.status.unwrap().message;
    assert!(said.len() <= 1_024 && said.starts_with("\u{fffd}é"), "{said}");
}

#[test]
fn spans_and_logs_are_told_apart_in_files() {
    assert_ne!(spans(Target::LogTide).name(), crate::setup::logs(Target::LogTide).name());
}
