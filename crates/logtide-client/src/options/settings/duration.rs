//! Durations as people write them.

use std::{fmt, str::FromStr, time::Duration};

use serde::{Deserialize, Deserializer, de};

/// A duration that is read from `"5s"`, `"250ms"`, `"2m"`, `"1h"` or a number of seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Span(pub(super) Duration);

const EXPECTED: &str = "a duration such as \"5s\", \"250ms\", \"2m\", \"1h\" or a number of seconds";

/// The text is not a duration.
#[derive(Debug, PartialEq)]
pub(super) struct NotASpan;

impl FromStr for Span {
    type Err = NotASpan;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let unit_at = text.find(|letter: char| letter.is_ascii_alphabetic()).unwrap_or(text.len());
        let (number, unit) = text.split_at(unit_at);
        let divisor = match unit {
            "us" => 1e6,
            "ms" => 1e3,
            "" | "s" => 1.0,
            "m" => 1.0 / 60.0,
            "h" => 1.0 / 3_600.0,
            _ => return Err(NotASpan),
        };
        let number: f64 = number.trim_end().parse().map_err(|_| NotASpan)?;
        Duration::try_from_secs_f64(number / divisor).map(Self).map_err(|_| NotASpan)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SpanVisitor)
    }
}

struct SpanVisitor;

impl de::Visitor<'_> for SpanVisitor {
    type Value = Span;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(EXPECTED)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Span, E> {
        text.parse().map_err(|NotASpan| E::invalid_value(de::Unexpected::Str(text), &self))
    }

    fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<Span, E> {
        Ok(Span(Duration::from_secs(seconds)))
    }

    fn visit_i64<E: de::Error>(self, seconds: i64) -> Result<Span, E> {
        let seconds = u64::try_from(seconds);
        seconds
            .map(|seconds| Span(Duration::from_secs(seconds)))
            .map_err(|_| E::custom(format_args!("use {EXPECTED}")))
    }

    fn visit_f64<E: de::Error>(self, seconds: f64) -> Result<Span, E> {
        Duration::try_from_secs_f64(seconds)
            .map(Span)
            .map_err(|_| E::invalid_value(de::Unexpected::Float(seconds), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_with_and_without_a_unit() {
        for (text, milliseconds) in [
            ("5s", 5_000),
            ("250ms", 250),
            ("0.5 s", 500),
            ("2m", 120_000),
            ("1h", 3_600_000),
            ("7", 7_000),
            ("0", 0),
            (" 1s ", 1_000),
        ] {
            assert_eq!(text.parse(), Ok(Span(Duration::from_millis(milliseconds))), "{text}");
        }
        assert_eq!("30us".parse(), Ok(Span(Duration::from_micros(30))));
        for text in ["", "s", "5 seconds", "-1s", "1d", "inf", "NaN", "1e300", "5s5"] {
            assert_eq!(text.parse::<Span>(), Err(NotASpan), "{text}");
        }
    }
}
