//! The lenient rules for entries outside a batch: a bare array, or what Fluent Bit sends.
//!
//! No entry is rejected for its level or a missing service, and the three ids are dropped.

use super::{Entry, Invalid, Level, MAX_SERVICE, Zone, parse_time, without_nul};
use crate::json::{Object, Value};

/// Reads one entry; `now` is in milliseconds since the epoch.
pub(crate) fn entry<'a>(item: &'a Value<'a>, now: i64) -> Result<Entry<'a>, Invalid> {
    let item = item.as_object().ok_or(Invalid)?;
    let message = item.get("message").and_then(Value::as_text).filter(|text| !text.is_empty());
    let service = item.get("service").and_then(Value::as_text).filter(|text| !text.is_empty());
    let service = service.unwrap_or("unknown");
    let metadata = item.get("metadata").map(|value| value.as_object().ok_or(Invalid)).transpose()?;
    if service.encode_utf16().count() > MAX_SERVICE {
        return Err(Invalid);
    }
    let entry = Entry {
        time: time(item, now)?,
        service: without_nul(service),
        level: item.get("level").map_or(Level::Info, level),
        message: without_nul(message.ok_or(Invalid)?),
        metadata: None,
        hostname: None,
        trace_id: None,
        span_id: None,
        session_id: None,
        storable: true,
    };
    Ok(entry.with_metadata(metadata))
}

/// Reads `time` as in a batch, or Fluent Bit's `date` in seconds.
fn time(item: &Object<'_>, now: i64) -> Result<i64, Invalid> {
    match (item.get("time"), item.get("date")) {
        (Some(time), _) => time.as_text().and_then(|text| parse_time(text, Zone::Utc)).ok_or(Invalid),
        (None, Some(Value::Number(seconds))) => Ok((seconds * 1000.0) as i64),
        _ => Ok(now),
    }
}

/// Reads a level by any of its common names, or by its number in pino.
fn level(value: &Value<'_>) -> Level {
    match value {
        Value::String(text) => Level::named(&text.text).unwrap_or(Level::Info),
        Value::Number(number) if *number >= 60.0 => Level::Critical,
        Value::Number(number) if *number >= 50.0 => Level::Error,
        Value::Number(number) if *number >= 40.0 => Level::Warn,
        Value::Number(number) if *number < 30.0 => Level::Debug,
        _ => Level::Info,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[test]
    fn mends_what_a_batch_refuses() {
        for (text, expected) in [
            (r#"{"message":"m"}"#, Some((7, "unknown", Level::Info))),
            (r#"{"message":"m","level":"FATAL","service":"s"}"#, Some((7, "s", Level::Critical))),
            (r#"{"message":"m","level":50}"#, Some((7, "unknown", Level::Error))),
            (r#"{"message":"m","level":"loud"}"#, Some((7, "unknown", Level::Info))),
            (r#"{"message":"m","date":1.5}"#, Some((1_500, "unknown", Level::Info))),
            (
                r#"{"message":"m","time":"1970-01-01T00:00:01Z","trace_id":null}"#,
                Some((1_000, "unknown", Level::Info)),
            ),
            (r#"{"message":"m","time":"1970-01-01T00:00:01+00:00"}"#, None),
            (r#"{"message":"m","metadata":null}"#, None),
            (r#"{"level":"info"}"#, None),
            ("1", None),
        ] {
            let value = json::parse(text).expect("valid JSON");
            let read = entry(&value, 7).ok();
            let read = read.as_ref().map(|entry| (entry.time, &*entry.service, entry.level));
            assert_eq!(read, expected, "{text}");
        }
    }
}
