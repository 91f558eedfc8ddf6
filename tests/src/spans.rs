//! Sent spans, decoded with the types of OpenTelemetry.

use std::io::Read as _;

use flate2::read::GzDecoder;
use logtide_transport::{MemoryTransport, RecordedRequest};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{AnyValue, any_value::Value as Any},
    trace::v1::Span as Written,
};
use prost::Message as _;
use serde_json::{Map, Value, json};

/// The path for spans on a LogTide server.
pub const PATH: &str = "/v1/otlp/traces";

/// A sent span. Ids are hexadecimal digits.
#[derive(Clone, Debug)]
pub struct SentSpan {
    /// The name.
    pub name: String,
    /// The kind: 2 is a server, 3 a client.
    pub kind: i32,
    /// The trace id.
    pub trace_id: String,
    /// The span id.
    pub span_id: String,
    /// The id of the parent span; empty for the root.
    pub parent: String,
    /// The `tracestate`.
    pub trace_state: String,
    /// The status code: 0 if it is not set, 2 for an error.
    pub status: i32,
    /// The description of the status.
    pub message: String,
    /// The trace and span id of each link.
    pub links: Vec<(String, String)>,
    /// The attributes, each of which must occur once.
    pub attributes: Map<String, Value>,
    /// The duration in nanoseconds.
    pub nanos: u64,
}

/// Returns the spans that were sent to memory.
///
/// # Panics
///
/// If a request is not OTLP.
#[must_use]
pub fn sent(transport: &MemoryTransport) -> Vec<SentSpan> {
    let requests = transport.requests();
    requests.iter().filter(|request| request.uri.path() == PATH).flat_map(of_request).collect()
}

fn of_request(request: &RecordedRequest) -> Vec<SentSpan> {
    let mut plain = Vec::new();
    if request.headers.contains_key("content-encoding") {
        GzDecoder::new(&*request.body).read_to_end(&mut plain).expect("the body is gzip");
    } else {
        plain.extend_from_slice(&request.body);
    }
    let request = ExportTraceServiceRequest::decode(&*plain).expect("a request of spans");
    let scopes = request.resource_spans.into_iter().flat_map(|resource| resource.scope_spans);
    scopes.flat_map(|scope| scope.spans).map(SentSpan::of).collect()
}

impl SentSpan {
    fn of(span: Written) -> Self {
        let (status, message) = span.status.map(|status| (status.code, status.message)).unwrap_or_default();
        let mut attributes = Map::new();
        for attribute in span.attributes {
            let former = attributes.insert(attribute.key.clone(), value(attribute.value));
            assert!(former.is_none(), "{} is there twice", attribute.key);
        }
        Self {
            name: span.name,
            kind: span.kind,
            trace_id: hex(&span.trace_id),
            span_id: hex(&span.span_id),
            parent: hex(&span.parent_span_id),
            trace_state: span.trace_state,
            links: span.links.iter().map(|link| (hex(&link.trace_id), hex(&link.span_id))).collect(),
            status,
            message,
            attributes,
            nanos: span.end_time_unix_nano - span.start_time_unix_nano,
        }
    }

    /// Asserts the names and values of all attributes.
    ///
    /// # Panics
    ///
    /// If there are others.
    pub fn assert_attributes(&self, expected: &Value) {
        assert_eq!(Value::Object(self.attributes.clone()), *expected, "{self:#?}");
    }
}

fn value(any: Option<AnyValue>) -> Value {
    match any.and_then(|any| any.value) {
        Some(Any::StringValue(text)) => json!(text),
        Some(Any::BoolValue(value)) => json!(value),
        Some(Any::IntValue(value)) => json!(value),
        Some(Any::DoubleValue(value)) => json!(value),
        other => panic!("an attribute of HTTP is no {other:?}"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
