//! Spans that are sent.

mod concurrent;
mod events;
mod fields;
mod levels;
#[cfg(feature = "opentelemetry")]
mod opentelemetry;
mod own_threads;
mod parents;
mod sampling;
mod times;

use std::{collections::BTreeMap, io::Read as _};

use flate2::read::GzDecoder;
use logtide_tracing::Layer;
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{AnyValue, KeyValue, any_value},
    trace::v1::Span,
};
use prost::Message as _;
use serde_json::{Value, json};
use tracing::subscriber::with_default;
use tracing_subscriber::prelude::*;

use crate::setup::Memory;

type Attributes = BTreeMap<String, Value>;

/// A span as an OTLP receiver reads it.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    service: String,
    name: String,
    trace_id: String,
    span_id: String,
    /// Empty if there is none.
    parent: String,
    kind: i32,
    start: u64,
    end: u64,
    status: (i32, String),
    attributes: Attributes,
    events: Vec<(String, Attributes)>,
    links: Vec<(String, String)>,
    dropped_events: u32,
}

/// Runs a closure under a subscriber with a layer that sends spans.
fn run(configure: impl FnOnce(Layer) -> Layer, work: impl FnOnce(&Memory)) -> Memory {
    let memory = Memory::new();
    run_with(&memory, configure, work);
    memory
}

fn run_with(memory: &Memory, configure: impl FnOnce(Layer) -> Layer, work: impl FnOnce(&Memory)) {
    let layer = configure(memory.layer().spans(true));
    with_default(tracing_subscriber::registry().with(layer), || work(memory));
}

/// Returns the spans that a closure sends.
fn spans(work: impl FnOnce()) -> Vec<Sent> {
    run(|layer| layer, |_| work()).spans()
}

/// Returns the only span of that name.
fn named<'s>(spans: &'s [Sent], name: &str) -> &'s Sent {
    let found: Vec<_> = spans.iter().filter(|span| span.name == name).collect();
    assert_eq!(found.len(), 1, "{name}: {spans:#?}");
    found[0]
}

pub(crate) fn decode(body: &[u8]) -> Vec<Sent> {
    let mut plain = Vec::new();
    GzDecoder::new(body).read_to_end(&mut plain).expect("gzip");
    let request = ExportTraceServiceRequest::decode(&*plain).expect("OTLP");
    let of_resource = |of_resource: opentelemetry_proto::tonic::trace::v1::ResourceSpans| {
        let resource = attributes(&of_resource.resource.expect("a resource").attributes);
        let service = resource["service.name"].as_str().expect("a text").to_owned();
        let spans = of_resource.scope_spans.into_iter().flat_map(|scope| scope.spans);
        spans.map(move |span| sent(&service, span)).collect::<Vec<_>>()
    };
    request.resource_spans.into_iter().flat_map(of_resource).collect()
}

fn sent(service: &str, span: Span) -> Sent {
    let status = span.status.unwrap_or_default();
    Sent {
        service: service.to_owned(),
        name: span.name,
        trace_id: hex(&span.trace_id),
        span_id: hex(&span.span_id),
        parent: hex(&span.parent_span_id),
        kind: span.kind,
        start: span.start_time_unix_nano,
        end: span.end_time_unix_nano,
        status: (status.code, status.message),
        attributes: attributes(&span.attributes),
        events: span.events.iter().map(|event| (event.name.clone(), attributes(&event.attributes))).collect(),
        links: span.links.iter().map(|link| (hex(&link.trace_id), hex(&link.span_id))).collect(),
        dropped_events: span.dropped_events_count,
    }
}

fn attributes(attributes: &[KeyValue]) -> Attributes {
    let value = |value: &Option<AnyValue>| match value.as_ref().and_then(|value| value.value.as_ref()) {
        Some(any_value::Value::StringValue(text)) => json!(text),
        Some(any_value::Value::BoolValue(value)) => json!(value),
        Some(any_value::Value::IntValue(number)) => json!(number),
        Some(any_value::Value::DoubleValue(number)) => json!(number),
        other => json!(format!("{other:?}")),
    };
    let map: Attributes =
        attributes.iter().map(|attribute| (attribute.key.clone(), value(&attribute.value))).collect();
    assert_eq!(map.len(), attributes.len(), "keys are there once: {attributes:#?}");
    map
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
