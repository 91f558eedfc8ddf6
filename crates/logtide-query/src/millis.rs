//! Times that the server gives as numbers of milliseconds.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serializer;
use serde_json::Value;

const NANOS_IN_MILLI: f64 = 1e6;

/// Reads a number of milliseconds from 0, or its digits.
pub(crate) fn read(value: Value) -> Result<Duration, Value> {
    let whole = value.as_u64().or_else(|| value.as_str()?.parse().ok());
    let millis = value.as_f64().or_else(|| value.as_str()?.parse().ok());
    match (whole, millis) {
        (Some(whole), _) => Ok(Duration::from_millis(whole)),
        (None, Some(millis)) => Duration::try_from_secs_f64(millis / 1e3).map_err(|_| value),
        (None, None) => Err(value),
    }
}

/// The time from a start to an end, zero where the end is earlier.
pub(crate) fn between(start: DateTime<Utc>, end: DateTime<Utc>) -> Duration {
    (end - start).to_std().unwrap_or_default()
}

/// Writes a number of milliseconds, with a fraction where there is one.
pub(crate) fn write<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    match u64::try_from(duration.as_millis()) {
        Ok(whole) if duration.subsec_nanos().is_multiple_of(1_000_000) => serializer.serialize_u64(whole),
        _ => serializer.serialize_f64(duration.as_nanos() as f64 / NANOS_IN_MILLI),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn milliseconds_are_numbers_or_their_digits() {
        for (given, expected) in [
            (json!(0), Duration::ZERO),
            (json!(125), Duration::from_millis(125)),
            (json!("125"), Duration::from_millis(125)),
            (json!(0.25), Duration::from_micros(250)),
            (json!("0.25"), Duration::from_micros(250)),
            (json!(u64::MAX), Duration::from_millis(u64::MAX)),
        ] {
            assert_eq!(read(given.clone()), Ok(expected), "{given}");
        }
        for wrong in [json!(-1), json!(1e300), json!("NaN"), json!("inf"), json!(""), json!(true), json!([1])]
        {
            assert_eq!(read(wrong.clone()), Err(wrong));
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for duration in [Duration::ZERO, Duration::from_millis(1_500), Duration::from_micros(1_250)] {
            assert_eq!(read(write(&duration, serde_json::value::Serializer).unwrap()), Ok(duration));
        }
    }
}
