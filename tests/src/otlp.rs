//! Requests over OTLP, decoded with the official types.

use std::io::Read as _;

use opentelemetry_proto::tonic::{
    collector::logs::v1::ExportLogsServiceRequest,
    common::v1::{AnyValue, KeyValue, any_value},
    logs::v1::LogRecord,
};
use prost::Message as _;
use serde_json::{Map, Value, json};

/// Decodes the entries of a logs request into the form of LogTide's own format.
///
/// # Panics
///
/// If the body is not such a request.
#[must_use]
pub fn entries(body: &[u8]) -> Vec<Value> {
    let mut plain = Vec::new();
    flate2::read::MultiGzDecoder::new(body).read_to_end(&mut plain).expect("the body is gzip");
    let request = ExportLogsServiceRequest::decode(&*plain).expect("the body is a request for logs");
    let mut entries = Vec::new();
    for logs in request.resource_logs {
        let resource = fields(logs.resource.expect("each has a resource").attributes);
        for record in logs.scope_logs.into_iter().flat_map(|scope| scope.log_records) {
            entries.push(entry(&resource["service.name"], record));
        }
    }
    entries
}

fn entry(service: &Value, record: LogRecord) -> Value {
    let message = record.body.map_or(Value::Null, value);
    let mut entry = json!({
        "service": service,
        "level": record.severity_text.to_lowercase(),
        "message": message,
        "metadata": fields(record.attributes),
    });
    for (name, id) in [("trace_id", record.trace_id), ("span_id", record.span_id)] {
        if !id.is_empty() {
            entry[name] = id.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into();
        }
    }
    entry
}

fn fields(attributes: Vec<KeyValue>) -> Value {
    let fields = attributes.into_iter().map(|field| (field.key, field.value.map_or(Value::Null, value)));
    Value::Object(fields.collect::<Map<_, _>>())
}

fn value(value: AnyValue) -> Value {
    match value.value {
        None => Value::Null,
        Some(any_value::Value::StringValue(text)) => text.into(),
        Some(any_value::Value::BoolValue(value)) => value.into(),
        Some(any_value::Value::IntValue(value)) => value.into(),
        Some(any_value::Value::DoubleValue(value)) => value.into(),
        Some(any_value::Value::ArrayValue(array)) => array.values.into_iter().map(self::value).collect(),
        Some(any_value::Value::KvlistValue(list)) => fields(list.values),
        Some(other) => panic!("no value of an entry is written as {other:?}"),
    }
}
