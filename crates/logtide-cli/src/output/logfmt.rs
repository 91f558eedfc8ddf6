//! Entries as lines of `key=value` pairs.

use std::fmt::Write as _;

use chrono::SecondsFormat;
use logtide::LogRecord;
use serde_json::Value;

use crate::sanitize;

/// Appends an entry as a line.
pub(super) fn write(out: &mut String, record: &LogRecord) {
    let time = record.time.to_rfc3339_opts(SecondsFormat::Millis, true);
    let _ = write!(out, "time={time} level={}", record.level);
    pair(out, "service", &record.service);
    pair(out, "msg", &record.message);
    for (key, value) in [("trace_id", &record.trace_id), ("span_id", &record.span_id)] {
        if let Some(value) = value {
            pair(out, key, value);
        }
    }
    for (key, value) in &record.metadata {
        pair(out, key, &text_of(value));
    }
    out.push('\n');
}

/// Returns a value of the metadata as text: strings as they are, all others as JSON.
pub(super) fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Formats a value for a pair, in quotes if it would be ambiguous.
pub(super) fn quoted(text: &str) -> String {
    let is_bare = |character: char| character > ' ' && !matches!(character, '"' | '=' | '\\');
    let safe = sanitize::line(text);
    if !text.is_empty() && safe == text && text.chars().all(is_bare) {
        return text.to_owned();
    }
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", sanitize::line(&escaped))
}

/// Formats a key for a pair. A key cannot be quoted.
pub(super) fn key_of(key: &str) -> String {
    let key = sanitize::line(key);
    match key.is_empty() {
        true => "_".to_owned(),
        false => key.replace([' ', '=', '"'], "_"),
    }
}

fn pair(out: &mut String, key: &str, value: &str) {
    let _ = write!(out, " {}={}", key_of(key), quoted(value));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_quoted_where_they_must_be() {
        for (text, expected) in [
            ("plain", "plain"),
            ("世界", "世界"),
            ("", "\"\""),
            ("two words", "\"two words\""),
            ("a=b", "\"a=b\""),
            ("say \"hi\"", "\"say \\\"hi\\\"\""),
            ("a\\b", "\"a\\\\b\""),
            ("a\nb", "\"a\\nb\""),
            ("\x1b[31m", "\"\\x1b[31m\""),
        ] {
            assert_eq!(quoted(text), expected);
        }
    }
}
