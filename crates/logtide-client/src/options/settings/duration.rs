//! Text form of durations.

use std::time::Duration;

use super::text::FromText;

/// A duration read from `"5s"`, `"250ms"`, `"2m"`, `"1h"` or a number of seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Span(pub(super) Duration);

impl FromText for Span {
    const EXPECTED: &'static str =
        "a duration such as \"5s\", \"250ms\", \"2m\", \"1h\" or a number of seconds";

    fn from_text(text: &str) -> Option<Self> {
        // A plain number may have an exponent.
        let seconds = |number: f64| Duration::try_from_secs_f64(number).map(Self).ok();
        if let Ok(number) = text.parse() {
            return seconds(number);
        }
        let (number, unit) = text.split_at(text.find(|letter: char| letter.is_ascii_alphabetic())?);
        let divisor = match unit {
            "us" => 1e6,
            "ms" => 1e3,
            "s" => 1.0,
            "m" => 1.0 / 60.0,
            "h" => 1.0 / 3_600.0,
            _ => return None,
        };
        seconds(number.trim_end().parse::<f64>().ok()? / divisor)
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
            ("1e-1", 100),
        ] {
            assert_eq!(Span::from_text(text), Some(Span(Duration::from_millis(milliseconds))), "{text}");
        }
        assert_eq!(Span::from_text("30us"), Some(Span(Duration::from_micros(30))));
        for text in ["", "s", "5 seconds", "-1s", "1d", "inf", "NaN", "1e300", "5s5"] {
            assert_eq!(Span::from_text(text), None, "{text}");
        }
    }
}
