//! Decodes requests with the types of OpenTelemetry.

use opentelemetry_proto::tonic::{
    collector::{logs::v1::ExportLogsServiceRequest, trace::v1::ExportTraceServiceRequest},
    common::v1::{AnyValue, KeyValue, any_value::Value as Any},
    logs::v1::LogRecord,
    resource::v1::Resource,
    trace::v1::Span,
};
use prost::Message as _;
use serde_json::{Map, Value, json};

pub(crate) fn logs(body: &[u8]) -> ExportLogsServiceRequest {
    ExportLogsServiceRequest::decode(body).expect("a request of logs")
}

pub(crate) fn spans(body: &[u8]) -> ExportTraceServiceRequest {
    ExportTraceServiceRequest::decode(body).expect("a request of spans")
}

/// Returns the only entry of a request.
pub(crate) fn log(body: &[u8]) -> LogRecord {
    let mut request = logs(body);
    assert_eq!(request.resource_logs.len(), 1);
    let mut records = request.resource_logs.remove(0).scope_logs.remove(0).log_records;
    assert_eq!(records.len(), 1);
    records.remove(0)
}

/// Returns the only span of a request.
pub(crate) fn span(body: &[u8]) -> Span {
    let mut request = spans(body);
    assert_eq!(request.resource_spans.len(), 1);
    let mut spans = request.resource_spans.remove(0).scope_spans.remove(0).spans;
    assert_eq!(spans.len(), 1);
    spans.remove(0)
}

/// Returns the services of a request, with the messages of their entries.
pub(crate) fn messages(body: &[u8]) -> Vec<(String, Vec<String>)> {
    let resources = logs(body).resource_logs.into_iter();
    resources
        .map(|of_service| {
            let records = of_service.scope_logs.into_iter().flat_map(|scope| scope.log_records);
            (
                service(of_service.resource.as_ref()),
                records.map(|record| text(record.body.as_ref())).collect(),
            )
        })
        .collect()
}

/// Returns the service of a resource.
pub(crate) fn service(resource: Option<&Resource>) -> String {
    let attributes = &resource.expect("a resource").attributes;
    fields(attributes)["service.name"].as_str().expect("a text").to_owned()
}

/// Returns a string value.
pub(crate) fn text(value: Option<&AnyValue>) -> String {
    match value.and_then(|value| value.value.as_ref()) {
        Some(Any::StringValue(text)) => text.clone(),
        other => panic!("{other:?}"),
    }
}

/// Returns attributes as JSON. Each name must occur once.
pub(crate) fn fields(attributes: &[KeyValue]) -> Map<String, Value> {
    let mut fields = Map::new();
    for attribute in attributes {
        let former = fields.insert(attribute.key.clone(), value(attribute.value.as_ref()));
        assert!(former.is_none(), "{} is there twice", attribute.key);
    }
    fields
}

fn value(any: Option<&AnyValue>) -> Value {
    match any.expect("an attribute has a value").value.as_ref() {
        None => Value::Null,
        Some(Any::StringValue(text)) => json!(text),
        Some(Any::BoolValue(value)) => json!(value),
        Some(Any::IntValue(value)) => json!(value),
        Some(Any::DoubleValue(value)) => json!(value),
        Some(Any::ArrayValue(array)) => array.values.iter().map(|element| value(Some(element))).collect(),
        Some(Any::KvlistValue(list)) => {
            let entries = list.values.iter();
            Value::Object(entries.map(|entry| (entry.key.clone(), value(entry.value.as_ref()))).collect())
        }
        Some(other) => panic!("{other:?}"),
    }
}
