//! Spans in the form in which they are stored, and the fields that records and spans share.

use std::borrow::Cow;

use crate::json::{Object, Value};

/// A span that the server stores.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Span<'a> {
    pub(crate) trace_id: Cow<'a, str>,
    pub(crate) span_id: Cow<'a, str>,
    /// `None` at the root of a trace.
    pub(crate) parent_span_id: Option<Cow<'a, str>>,
    pub(crate) service: String,
    pub(crate) operation: Cow<'a, str>,
    /// Milliseconds since the epoch.
    pub(crate) start: i64,
    /// Milliseconds since the epoch.
    pub(crate) end: i64,
    /// Milliseconds.
    pub(crate) duration: i64,
    pub(crate) kind: Option<&'static str>,
    pub(crate) status_code: Option<&'static str>,
    pub(crate) status_message: Option<Cow<'a, str>>,
    /// An object as JSON text.
    pub(crate) attributes: String,
    /// An array as JSON text.
    pub(crate) events: String,
    /// An array as JSON text.
    pub(crate) links: String,
    /// An object as JSON text.
    pub(crate) resource: String,
    /// Whether the database accepts it. If not, its whole request is lost, although the status is 200.
    pub(crate) storable: bool,
}

/// Returns an id as sent, or `None` if it is empty or all zeros.
pub(super) fn id<'a>(fields: &'a Object<'a>, name: &str) -> Option<&'a str> {
    let id = fields.get(name).and_then(Value::as_text)?;
    Some(id).filter(|id| id.bytes().any(|byte| byte != b'0'))
}

/// Returns a time in nanoseconds since the epoch, sent as a string or a number, or `None` if it is 0.
pub(super) fn nanoseconds(fields: &Object<'_>, name: &str) -> Option<i128> {
    let time = match fields.get(name)? {
        Value::String(text) => text.text.parse().ok()?,
        Value::Number(number) => *number as i128,
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    Some(time).filter(|time| (1..=i128::from(u64::MAX)).contains(time))
}

/// Rounds down to whole milliseconds.
pub(super) fn milliseconds(nanoseconds: i128) -> i64 {
    (nanoseconds / 1_000_000) as i64
}
