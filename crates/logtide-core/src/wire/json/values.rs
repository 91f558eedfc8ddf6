//! Writes values of a record as JSON that the server accepts.

use std::borrow::Cow;

use super::{
    prototype::{fixed_key, fixed_key_of},
    sink::Sink,
};
use crate::{
    content::{Content, Limited, TRUNCATED},
    limits::{MAX_EXACT_INTEGER, MAX_METADATA_DEPTH},
    record::Value,
};

/// Replaces a value that is nested too deeply.
pub(super) const TOO_DEEP: &str = "[nested too deep]";

/// The maximum depth that is rendered. It is more than is written: the content of an enum's variant and the fields of
/// a nested span are each one level deeper than they were counted.
pub(super) const MAX_DEPTH: usize = MAX_METADATA_DEPTH + 2;

/// Writes a value inside this many objects and arrays.
#[inline]
pub(super) fn write_value<S: Sink>(sink: &mut S, content: &Content, depth: usize, value: Value<'_>) {
    match value {
        Value::Text(text) => write_text(sink, content, text),
        Value::Unsigned(value) if value <= MAX_EXACT_INTEGER => sink.integer(value as i64),
        value => write_other(sink, content, depth, value),
    }
}

fn write_other<S: Sink>(sink: &mut S, content: &Content, depth: usize, value: Value<'_>) {
    match value {
        Value::Null => sink.null(),
        Value::Bool(value) => sink.bool(value),
        Value::Unsigned(value) => write_integer(sink, value),
        Value::Signed(value) => write_integer(sink, value),
        Value::Unsigned128(value) => write_integer(sink, value),
        Value::Signed128(value) => write_integer(sink, value),
        Value::F32(value) => match text_of_special(value.into()) {
            None => sink.number(zmij::Buffer::new().format_finite(value)),
            Some(text) => sink.text(text),
        },
        Value::F64(value) => match text_of_special(value) {
            None => sink.float(value),
            Some(text) => sink.text(text),
        },
        Value::Text(text) => write_text(sink, content, text),
        Value::Number(text) if is_kept(text, sink.takes_large()) => sink.number(text),
        Value::Number(text) => sink.text(text),
        Value::Array(_) | Value::Object(_) if depth >= MAX_DEPTH => sink.text(TOO_DEEP),
        Value::Array(values) => {
            sink.open_array();
            for value in values {
                sink.element();
                write_value(sink, content, depth + 1, value);
            }
            sink.close_array();
        }
        Value::Object(entries) => {
            sink.open_object();
            for (key, value) in entries {
                write_entry(sink, content, depth + 1, key, value);
            }
            sink.close_object();
        }
        Value::TooDeep => sink.text(TOO_DEEP),
        Value::Unserializable(error) => {
            write_text(sink, content, &format!("[not serializable: {error}]"));
        }
    }
}

/// Writes a field of an object. Its value is inside this many objects and arrays.
pub(super) fn write_entry<S: Sink>(
    sink: &mut S,
    content: &Content,
    depth: usize,
    key: &str,
    value: Value<'_>,
) {
    match content.replacement(key) {
        Some(replacement) => {
            sink.key(fixed_key(key));
            sink.text(replacement);
        }
        None => {
            sink.key(fixed_key_of(key, &value));
            write_value(sink, content, depth, value);
        }
    }
}

/// Starts a field of an object. Returns false if it has a value already, because another one replaces it.
pub(super) fn begin_entry<S: Sink>(sink: &mut S, content: &Content, key: &str) -> bool {
    sink.key(key);
    let replacement = content.replacement(key);
    if let Some(replacement) = replacement {
        sink.text(replacement);
    }
    replacement.is_none()
}

/// Writes a text, truncated to the limits.
#[inline]
pub(super) fn write_text<S: Sink>(sink: &mut S, content: &Content, text: &str) {
    match content.limit(text) {
        None => sink.text(text),
        Some(Limited::Replaced(replacement)) => sink.text(replacement),
        Some(Limited::Cut(start)) => sink.text_and_end(start, TRUNCATED),
    }
}

/// A text, truncated to the limits.
pub(super) fn limited<'t>(content: &Content, text: &'t str) -> Cow<'t, str> {
    match content.limit(text) {
        None => text.into(),
        Some(Limited::Replaced(replacement)) => replacement.into(),
        Some(Limited::Cut(start)) => format!("{start}{TRUNCATED}").into(),
    }
}

/// A number that the sink does not support becomes a text: in JSON, one that an IEEE double cannot represent exactly.
fn write_integer<S: Sink>(sink: &mut S, value: impl itoa::Integer + Copy + TryInto<i64>) {
    match value.try_into() {
        Ok(value) if value.unsigned_abs() <= MAX_EXACT_INTEGER || sink.takes_large() => sink.integer(value),
        _ => sink.text(itoa::Buffer::new().format(value)),
    }
}

/// The text of a float that JSON does not support.
fn text_of_special(value: f64) -> Option<&'static str> {
    if value.is_finite() {
        None
    } else if value.is_nan() {
        Some("NaN")
    } else if value > 0.0 {
        Some("Infinity")
    } else {
        Some("-Infinity")
    }
}

/// Whether digits are a valid JSON number that the sink supports: an integer exactly, any other within the range of a
/// double.
fn is_kept(digits: &str, takes_large: bool) -> bool {
    let is_held = match digits.parse::<i128>() {
        Ok(integer) if takes_large => i64::try_from(integer).is_ok(),
        Ok(integer) => integer.unsigned_abs() <= MAX_EXACT_INTEGER.into(),
        Err(_) => digits.parse::<f64>().is_ok_and(f64::is_finite) && digits.contains(['.', 'e', 'E']),
    };
    // Rust parses numbers that JSON does not allow, such as `+1`.
    is_held && digits.parse::<serde_json::Number>().is_ok()
}

#[cfg(test)]
mod tests;
