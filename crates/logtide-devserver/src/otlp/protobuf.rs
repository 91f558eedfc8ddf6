//! Decoding protobuf to the values of a request's JSON form.

mod messages;

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use prost::{DecodeError, Message};

use super::Signal;
use crate::json::{Object, Value};
use messages::{
    AnyValue, AnyValueKind, ArrayValue, Event, KeyValue, KeyValueList, Link, LogRecord, LogsRequest,
    Resource, ResourceLogs, ResourceSpans, Scope, ScopeLogs, ScopeSpans, Span, Status, TracesRequest,
};

/// Decodes a request.
pub(super) fn decode(signal: Signal, bytes: &[u8]) -> Result<Value<'static>, DecodeError> {
    Ok(match signal {
        Signal::Logs => object([("resourceLogs", LogsRequest::decode(bytes)?.resource_logs.into_json())]),
        Signal::Traces => {
            object([("resourceSpans", TracesRequest::decode(bytes)?.resource_spans.into_json())])
        }
    })
}

/// The JSON form of a message or a field.
trait IntoJson {
    fn into_json(self) -> Value<'static>;
}

impl<T: IntoJson> IntoJson for Vec<T> {
    fn into_json(self) -> Value<'static> {
        Value::Array(self.into_iter().map(T::into_json).collect())
    }
}

impl<T: IntoJson> IntoJson for Option<T> {
    fn into_json(self) -> Value<'static> {
        self.map_or(Value::Null, T::into_json)
    }
}

impl IntoJson for String {
    fn into_json(self) -> Value<'static> {
        Value::String(self.into())
    }
}

/// Times are strings of digits, because a JSON number cannot represent 64 bits.
impl IntoJson for u64 {
    fn into_json(self) -> Value<'static> {
        self.to_string().into_json()
    }
}

impl IntoJson for i32 {
    fn into_json(self) -> Value<'static> {
        Value::Number(self.into())
    }
}

impl IntoJson for ResourceLogs {
    fn into_json(self) -> Value<'static> {
        object([("resource", self.resource.into_json()), ("scopeLogs", self.scope_logs.into_json())])
    }
}

impl IntoJson for ScopeLogs {
    fn into_json(self) -> Value<'static> {
        object([("scope", self.scope.into_json()), ("logRecords", self.log_records.into_json())])
    }
}

impl IntoJson for LogRecord {
    fn into_json(self) -> Value<'static> {
        object([
            ("timeUnixNano", self.time_unix_nano.into_json()),
            ("observedTimeUnixNano", self.observed_time_unix_nano.into_json()),
            ("severityNumber", self.severity_number.into_json()),
            ("severityText", self.severity_text.into_json()),
            ("body", self.body.into_json()),
            ("attributes", self.attributes.into_json()),
            ("traceId", hex(&self.trace_id)),
            ("spanId", hex(&self.span_id)),
        ])
    }
}

impl IntoJson for ResourceSpans {
    fn into_json(self) -> Value<'static> {
        object([("resource", self.resource.into_json()), ("scopeSpans", self.scope_spans.into_json())])
    }
}

impl IntoJson for ScopeSpans {
    fn into_json(self) -> Value<'static> {
        object([("scope", self.scope.into_json()), ("spans", self.spans.into_json())])
    }
}

impl IntoJson for Span {
    fn into_json(self) -> Value<'static> {
        object([
            ("traceId", hex(&self.trace_id)),
            ("spanId", hex(&self.span_id)),
            ("parentSpanId", hex(&self.parent_span_id)),
            ("name", self.name.into_json()),
            ("kind", self.kind.into_json()),
            ("startTimeUnixNano", self.start_time_unix_nano.into_json()),
            ("endTimeUnixNano", self.end_time_unix_nano.into_json()),
            ("attributes", self.attributes.into_json()),
            ("events", self.events.into_json()),
            ("links", self.links.into_json()),
            ("status", self.status.into_json()),
        ])
    }
}

impl IntoJson for Event {
    fn into_json(self) -> Value<'static> {
        object([
            ("timeUnixNano", self.time_unix_nano.into_json()),
            ("name", self.name.into_json()),
            ("attributes", self.attributes.into_json()),
        ])
    }
}

impl IntoJson for Link {
    fn into_json(self) -> Value<'static> {
        object([
            ("traceId", hex(&self.trace_id)),
            ("spanId", hex(&self.span_id)),
            ("attributes", self.attributes.into_json()),
        ])
    }
}

impl IntoJson for Status {
    fn into_json(self) -> Value<'static> {
        object([("message", self.message.into_json()), ("code", self.code.into_json())])
    }
}

impl IntoJson for Resource {
    fn into_json(self) -> Value<'static> {
        object([("attributes", self.attributes.into_json())])
    }
}

impl IntoJson for Scope {
    fn into_json(self) -> Value<'static> {
        object([("name", self.name.into_json()), ("version", self.version.into_json())])
    }
}

impl IntoJson for KeyValue {
    fn into_json(self) -> Value<'static> {
        object([("key", self.key.into_json()), ("value", self.value.into_json())])
    }
}

impl IntoJson for AnyValue {
    fn into_json(self) -> Value<'static> {
        match self.value {
            None => object([]),
            Some(AnyValueKind::String(text)) => object([("stringValue", text.into_json())]),
            Some(AnyValueKind::Bool(flag)) => object([("boolValue", Value::Bool(flag))]),
            Some(AnyValueKind::Int(number)) => object([("intValue", number.to_string().into_json())]),
            Some(AnyValueKind::Double(number)) => object([("doubleValue", Value::Number(number))]),
            Some(AnyValueKind::Array(ArrayValue { values })) => object([("arrayValue", values_of(values))]),
            Some(AnyValueKind::KeyValueList(KeyValueList { values })) => {
                object([("kvlistValue", values_of(values))])
            }
            Some(AnyValueKind::Bytes(bytes)) => object([("bytesValue", STANDARD.encode(bytes).into_json())]),
        }
    }
}

fn values_of(values: Vec<impl IntoJson>) -> Value<'static> {
    object([("values", values.into_json())])
}

fn object<const N: usize>(members: [(&'static str, Value<'static>); N]) -> Value<'static> {
    let members = members.into_iter().map(|(key, value)| (key.into(), value)).collect();
    Value::Object(Object { members })
}

/// An id as lower-case hexadecimal digits.
fn hex(bytes: &[u8]) -> Value<'static> {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        write!(text, "{byte:02x}").expect("writing to a string does not fail");
    }
    text.into_json()
}
