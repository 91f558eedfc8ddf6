//! Times, if it is certain which moment they mean.

use std::str::FromStr;

use chrono::{Local, NaiveDate, TimeZone as _};
use logtide::Timestamp;

use super::super::parsed::Field;

/// The smallest number that is taken for a time, in seconds since 1970: a moment in 1973. Smaller numbers count something else.
const LEAST_SECONDS: f64 = 1e8;

/// The time zone for times without one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super) enum Zone {
    /// Unknown: such times are not parsed.
    #[default]
    Unknown,
    /// The zone of this machine.
    Local,
    /// This many seconds east of UTC.
    Fixed(i32),
}

impl FromStr for Zone {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "local" => Ok(Self::Local),
            "utc" | "UTC" | "Z" => Ok(Self::Fixed(0)),
            _ => match offset(text.as_bytes()) {
                Some((seconds, length)) if length == text.len() => Ok(Self::Fixed(seconds)),
                _ => Err("use local, utc, or an offset such as +02:00"),
            },
        }
    }
}

/// Reads the time of a field: a date with time and zone, or a number of seconds, milliseconds, microseconds or nanoseconds since
/// 1970.
pub(super) fn time_of(value: &Field<'_>, zone: Zone) -> Option<Timestamp> {
    match value {
        Field::Text(text) => {
            let text = text.trim();
            match leading(text, zone) {
                Some((time, length)) if length == text.len() => Some(time),
                _ if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') => {
                    match text.parse::<u64>() {
                        Ok(number) => of_integer(number),
                        Err(_) => of_seconds(text.parse().ok()?),
                    }
                }
                _ => None,
            }
        }
        Field::Unsigned(number) => of_integer(*number),
        Field::Float(number) => of_seconds(*number),
        _ => None,
    }
}

/// Parses the time at the start of a text, `2026-11-27T04:46:01.123Z` and its common variants. Returns it with its length in
/// bytes.
pub(super) fn leading(text: &str, zone: Zone) -> Option<(Timestamp, usize)> {
    let bytes = text.as_bytes();
    let number = |from: usize, digits: usize| -> Option<u32> {
        bytes
            .get(from..from + digits)?
            .iter()
            .try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
    };
    let year = number(0, 4)?;
    let separator = *bytes.get(4)?;
    let is_date = matches!(separator, b'-' | b'/') && bytes.get(7) == Some(&separator);
    let is_time = matches!(bytes.get(10)?, b'T' | b't' | b' ' | b'_') && bytes.get(13) == Some(&b':');
    if !is_date || !is_time || bytes.get(16) != Some(&b':') {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(year as i32, number(5, 2)?, number(8, 2)?)?;
    let (hour, minute, second) = (number(11, 2)?, number(14, 2)?, number(17, 2)?);
    let (micros, mut end) = fraction(bytes, 19);
    // A leap second counts as the second before it.
    let naive = date.and_hms_micro_opt(hour, minute, second.min(59), micros)?;
    let rest = &bytes[end..];
    let (rest, space) = rest.strip_prefix(b" ").map_or((rest, 0), |rest| (rest, 1));
    let seconds = match rest {
        [b'Z' | b'z', ..] => Some((0, 1)),
        [b'U', b'T', b'C', ..] => Some((0, 3)),
        _ => offset(rest),
    }
    .filter(|(_, length)| rest.get(*length).is_none_or(|byte| !byte.is_ascii_alphanumeric()));
    let utc = naive.and_utc().timestamp_micros();
    let time = match (seconds, zone) {
        (Some((seconds, length)), _) => {
            end += space + length;
            utc - i64::from(seconds) * 1_000_000
        }
        (None, _) if rest.first().is_some_and(u8::is_ascii_alphanumeric) && space == 0 => return None,
        (None, Zone::Unknown) => return None,
        (None, Zone::Fixed(seconds)) => utc - i64::from(seconds) * 1_000_000,
        (None, Zone::Local) => Local.from_local_datetime(&naive).single()?.timestamp_micros(),
    };
    Some((Timestamp::from_micros(time), end))
}

/// Parses the digits after a dot or comma as microseconds, and returns where they end.
fn fraction(bytes: &[u8], at: usize) -> (u32, usize) {
    if !matches!(bytes.get(at), Some(b'.' | b',')) {
        return (0, at);
    }
    let digits = bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 {
        return (0, at);
    }
    let micros = (0..6).fold(0, |micros, index| {
        let digit = if index < digits { bytes[at + 1 + index] - b'0' } else { 0 };
        micros * 10 + u32::from(digit)
    });
    (micros, at + 1 + digits)
}

/// Parses an offset from UTC in seconds, `+02:00` or `-0730`, and returns its length too.
fn offset(bytes: &[u8]) -> Option<(i32, usize)> {
    let sign = match bytes.first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let two = |at: usize| match bytes.get(at..at + 2)? {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => Some(i32::from((tens - b'0') * 10 + (ones - b'0'))),
        _ => None,
    };
    let hours = two(1)?;
    let (minutes, length) = match bytes.get(3) {
        Some(b':') => (two(4)?, 6),
        Some(byte) if byte.is_ascii_digit() => (two(3)?, 5),
        _ => (0, 3),
    };
    (hours < 24 && minutes < 60).then_some((sign * (hours * 3_600 + minutes * 60), length))
}

fn of_integer(number: u64) -> Option<Timestamp> {
    let micros = match number {
        0..100_000_000 => return None,
        100_000_000..100_000_000_000 => number * 1_000_000,
        100_000_000_000..100_000_000_000_000 => number * 1_000,
        100_000_000_000_000..100_000_000_000_000_000 => number,
        _ => number / 1_000,
    };
    i64::try_from(micros).ok().map(Timestamp::from_micros)
}

fn of_seconds(number: f64) -> Option<Timestamp> {
    if !number.is_finite() || number < LEAST_SECONDS {
        return None;
    }
    let micros = match number {
        ..1e11 => number * 1e6,
        ..1e14 => number * 1e3,
        ..1e17 => number,
        _ => number / 1e3,
    };
    Some(Timestamp::from_micros(micros.round() as i64))
}
