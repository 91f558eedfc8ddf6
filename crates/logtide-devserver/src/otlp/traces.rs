//! The spans of a request.

use super::attributes::{attributes, resource, service};
use super::span::{Span, id, milliseconds, nanoseconds};
use super::{Item, Signal, items};
use crate::json::{self, Object, Text, Value};
use crate::store::format_time;
use crate::validate::{storable, without_nul};

/// Converts each span; `now` is in milliseconds since the epoch, for spans without times.
pub(crate) fn spans<'a>(request: &'a Value<'a>, now: i64) -> Vec<Span<'a>> {
    items(Signal::Traces, request).filter_map(|item| span(item, now)).collect()
}

/// Leaves out a span without an id, which belongs to no trace.
fn span(item: Item<'_>, now: i64) -> Option<Span<'_>> {
    let fields = item.fields;
    let text = |name| fields.get(name).and_then(Value::as_text).unwrap_or_default();
    let resource = resource(item);
    let attributes = attributes(fields);
    let events = list(fields, "events", event);
    let links = list(fields, "links", link);
    let now = i128::from(now) * 1_000_000;
    let start = nanoseconds(fields, "startTimeUnixNano").unwrap_or(now);
    let end = nanoseconds(fields, "endTimeUnixNano").unwrap_or(start);
    let status = fields.get("status").and_then(Value::as_object);
    let status_message = status.and_then(|status| status.get("message")).and_then(Value::as_text);
    let storable = [&resource, &attributes].into_iter().all(storable::metadata)
        && [&events, &links].into_iter().all(storable::value);
    Some(Span {
        trace_id: id(fields, "traceId").map(without_nul)?,
        span_id: id(fields, "spanId").map(without_nul)?,
        parent_span_id: id(fields, "parentSpanId").map(without_nul),
        service: service(&resource),
        operation: without_nul(text("name")),
        start: milliseconds(start),
        end: milliseconds(end),
        duration: milliseconds((end - start).max(0)),
        kind: number(fields, "kind").and_then(kind),
        status_code: status.and_then(|status| number(status, "code")).and_then(status_code),
        status_message: status_message.filter(|message| !message.is_empty()).map(without_nul),
        attributes: written(Value::Object(attributes)),
        events: written(events),
        links: written(links),
        resource: written(Value::Object(resource)),
        storable,
    })
}

fn list<'a>(fields: &'a Object<'a>, name: &str, read: fn(&'a Object<'a>) -> Value<'a>) -> Value<'a> {
    let items = fields.get(name).and_then(Value::as_array).unwrap_or_default();
    Value::Array(items.iter().filter_map(Value::as_object).map(read).collect())
}

fn event<'a>(event: &'a Object<'a>) -> Value<'a> {
    let time = nanoseconds(event, "timeUnixNano").map(milliseconds).map(format_time);
    object([
        ("name", event.get("name").cloned().unwrap_or(Value::Null)),
        ("time", time.map_or(Value::Null, |time| Value::String(time.into()))),
        ("attributes", Value::Object(attributes(event))),
    ])
}

fn link<'a>(link: &'a Object<'a>) -> Value<'a> {
    object([
        ("trace_id", link.get("traceId").cloned().unwrap_or(Value::Null)),
        ("span_id", link.get("spanId").cloned().unwrap_or(Value::Null)),
        ("attributes", Value::Object(attributes(link))),
    ])
}

fn object<'a, const N: usize>(members: [(&'static str, Value<'a>); N]) -> Value<'a> {
    Value::Object(Object { members: members.map(|(key, value)| (Text::from(key), value)).into() })
}

fn written(value: Value<'_>) -> String {
    let mut text = String::new();
    json::write(&value, &mut text);
    text
}

/// Reads a number. The name of an enum value, which JSON allows too, is not read.
fn number(fields: &Object<'_>, name: &str) -> Option<i64> {
    match fields.get(name)? {
        Value::Number(number) => Some(*number as i64),
        _ => None,
    }
}

fn kind(number: i64) -> Option<&'static str> {
    ["INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"].get(usize::try_from(number - 1).ok()?).copied()
}

fn status_code(number: i64) -> Option<&'static str> {
    ["OK", "ERROR"].get(usize::try_from(number - 1).ok()?).copied()
}
