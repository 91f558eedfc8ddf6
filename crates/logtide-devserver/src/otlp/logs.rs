//! Log records as entries.

use std::borrow::Cow;

use super::attributes::{attributes, plain, resource, service};
use super::{Item, Signal, items, span};
use crate::json::{Object, Text, Value};
use crate::validate::{Entry, Level, shown, without_nul};

/// Converts each record to an entry; `now` is in milliseconds since the epoch, for records without a time.
pub(crate) fn entries<'a>(request: &'a Value<'a>, now: i64) -> Vec<Entry<'a>> {
    items(Signal::Logs, request).map(|item| entry(item, now)).collect()
}

fn entry(item: Item<'_>, now: i64) -> Entry<'_> {
    let record = item.fields;
    let time = |name| span::nanoseconds(record, name).map(span::milliseconds);
    let resource = resource(item);
    let body = record.get("body").map_or(Value::Null, plain);
    let message = shown(&body).unwrap_or_default();
    let entry = Entry {
        time: time("timeUnixNano").or_else(|| time("observedTimeUnixNano")).unwrap_or(now),
        service: service(&resource).into(),
        level: level(record),
        message: Cow::Owned(message),
        metadata: None,
        hostname: None,
        trace_id: span::id(record, "traceId").map(without_nul),
        span_id: record.get("spanId").and_then(Value::as_text).filter(|id| !id.is_empty()),
        session_id: None,
        storable: true,
    };
    let metadata = metadata(item, resource, body);
    let metadata = Some(&metadata).filter(|metadata| !metadata.members.is_empty());
    entry.with_metadata(metadata)
}

/// Returns the attributes, and the fields of the record that an entry does not have.
fn metadata<'a>(item: Item<'a>, resource: Object<'a>, body: Value<'a>) -> Object<'a> {
    let mut metadata = attributes(item.fields);
    let mut add = |key: &'static str, value| metadata.members.push((Text::from(key), value));
    if !resource.members.is_empty() {
        add("resource", Value::Object(resource));
    }
    if matches!(body, Value::Array(_) | Value::Object(_)) {
        add("otel.body", body);
    }
    let scope = |name| item.scope.and_then(|scope| scope.get(name));
    for (key, value) in [
        ("otel.severity_number", item.fields.get("severityNumber")),
        ("otel.severity_text", item.fields.get("severityText")),
        ("otel.scope.name", scope("name")),
        ("otel.scope.version", scope("version")),
    ] {
        if let Some(value) = value.filter(|value| is_set(value)) {
            add(key, value.clone());
        }
    }
    metadata
}

/// Whether a field differs from the default of protobuf, which stands for a field that was not sent.
fn is_set(value: &Value<'_>) -> bool {
    match value {
        Value::Null => false,
        Value::Number(number) => *number != 0.0,
        Value::String(text) => !text.text.is_empty(),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => true,
    }
}

/// Returns the level that the text names, or else that of the number.
fn level(record: &Object<'_>) -> Level {
    let named = record.get("severityText").and_then(Value::as_text).and_then(Level::named);
    let number = match record.get("severityNumber") {
        Some(Value::Number(number)) => *number as i64,
        _ => 0,
    };
    named.unwrap_or(match number {
        1..=8 => Level::Debug,
        13..=16 => Level::Warn,
        17..=20 => Level::Error,
        21..=24 => Level::Critical,
        _ => Level::Info,
    })
}
