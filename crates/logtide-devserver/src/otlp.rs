//! Converting OTLP requests, as pure functions.
//!
//! Both encodings are decoded into the same JSON values, which become entries and spans.

mod attributes;
mod decode;
mod logs;
mod protobuf;
mod span;
mod traces;

use crate::json::{Object, Value};

pub(crate) use decode::{DecodeError, decode};
pub(crate) use logs::entries;
pub(crate) use span::Span;
pub(crate) use traces::spans;

/// The content of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    Logs,
    Traces,
}

/// A log record or a span with its resource and scope.
#[derive(Debug, Clone, Copy)]
struct Item<'a> {
    resource: Option<&'a Object<'a>>,
    scope: Option<&'a Object<'a>>,
    fields: &'a Object<'a>,
}

impl Signal {
    /// The names of the three nested lists of a request.
    fn lists(self) -> [&'static str; 3] {
        match self {
            Self::Logs => ["resourceLogs", "scopeLogs", "logRecords"],
            Self::Traces => ["resourceSpans", "scopeSpans", "spans"],
        }
    }
}

/// The number of records or spans in a request, stored or not.
pub(crate) fn count(signal: Signal, request: &Value<'_>) -> usize {
    items(signal, request).count()
}

/// Iterates over all records or spans of a request. Leaves out values of the wrong type.
fn items<'a>(signal: Signal, request: &'a Value<'a>) -> impl Iterator<Item = Item<'a>> {
    let [resources, scopes, fields] = signal.lists();
    let objects = |value: Option<&'a Value<'a>>, name: &str| {
        let list = value.and_then(Value::as_object).and_then(|object| object.get(name));
        list.and_then(Value::as_array).unwrap_or_default()
    };
    objects(Some(request), resources).iter().flat_map(move |of_resource| {
        let resource = member(of_resource, "resource");
        objects(Some(of_resource), scopes).iter().flat_map(move |of_scope| {
            let scope = member(of_scope, "scope");
            let fields = objects(Some(of_scope), fields).iter().filter_map(Value::as_object);
            fields.map(move |fields| Item { resource, scope, fields })
        })
    })
}

fn member<'a>(value: &'a Value<'a>, name: &str) -> Option<&'a Object<'a>> {
    value.as_object()?.get(name)?.as_object()
}
