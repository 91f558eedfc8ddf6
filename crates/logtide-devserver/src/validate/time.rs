//! RFC 3339 times and UUIDs, as strict as the server.

use chrono::NaiveDate;

/// The most digits in a fraction of a second.
const MAX_FRACTION: usize = 12;

/// The zones that a time may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Zone {
    /// Only `Z`, and seconds may be left out: times of entries.
    Utc,
    /// `Z` or an offset, seconds required: times in queries.
    Any,
}

/// Parses a time to milliseconds since the epoch, truncating finer digits.
pub(crate) fn parse_time(text: &str, zone: Zone) -> Option<i64> {
    let (date, rest) = text.split_at_checked(10)?;
    let [year, month, day] = fields(date, b'-', [4, 2, 2])?;
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    let rest = rest.strip_prefix('T')?;
    let (clock, offset) = split_zone(rest, zone)?;
    let (clock, fraction) = match clock.split_once('.') {
        Some((clock, fraction)) if clock.len() == 8 => (clock, Some(fraction)),
        Some(_) => return None,
        None => (clock, None),
    };
    let [hour, minute, second] = match clock.len() {
        5 if zone == Zone::Utc => {
            let [hour, minute] = fields(clock, b':', [2, 2])?;
            [hour, minute, 0]
        }
        _ => fields(clock, b':', [2, 2, 2])?,
    };
    let milliseconds = fraction.map_or(Some(0), milliseconds)?;
    let time = date.and_hms_opt(hour, minute, second)?.and_utc().timestamp_millis();
    Some(time + milliseconds - offset)
}

/// Splits the clock from the zone, whose offset is in milliseconds.
fn split_zone(text: &str, zone: Zone) -> Option<(&str, i64)> {
    if let Some(clock) = text.strip_suffix('Z') {
        return Some((clock, 0));
    }
    let (clock, offset) = text.split_at_checked(text.len().checked_sub(6)?)?;
    let (sign, offset) = match offset.split_at_checked(1)? {
        ("+", offset) => (1, offset),
        ("-", offset) => (-1, offset),
        _ => return None,
    };
    let [hours, minutes] = fields(offset, b':', [2, 2])?;
    let offset = sign * 60_000 * i64::from(hours * 60 + minutes);
    (zone == Zone::Any && hours < 24 && minutes < 60).then_some((clock, offset))
}

fn milliseconds(fraction: &str) -> Option<i64> {
    let digits = fraction.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || fraction.is_empty() || fraction.len() > MAX_FRACTION {
        return None;
    }
    format!("{fraction:0<3}")[..3].parse().ok()
}

/// Parses numbers of fixed widths between separators.
fn fields<const N: usize>(text: &str, separator: u8, widths: [usize; N]) -> Option<[u32; N]> {
    let mut fields = [0; N];
    let mut parts = text.split(char::from(separator));
    for (field, width) in fields.iter_mut().zip(widths) {
        let part = parts.next()?;
        if part.len() != width || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *field = part.parse().ok()?;
    }
    parts.next().is_none().then_some(fields)
}

/// Whether a text is a UUID with dashes, of any version, in either case.
pub(crate) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_entries_are_utc_and_real() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", 0),
            ("1970-01-01T00:01Z", 60_000),
            ("1970-01-01T00:00:00.1239999Z", 123),
            ("1970-01-01T00:00:00.5Z", 500),
            ("1970-01-01T00:00:00.123456789012Z", 123),
            ("2024-02-29T00:00:00Z", 1_709_164_800_000),
            ("0000-01-01T00:00:00Z", -62_167_219_200_000),
            ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
        ] {
            assert_eq!(parse_time(text, Zone::Utc), Some(expected), "{text}");
        }
        for text in [
            "2026-11-22T09:00:00+00:00",
            "2026-11-22T09:00:00-00:00",
            "2026-11-22T09:00:00+01:00",
            "2026-11-22T09:00:00",
            "2026-11-22t09:00:00Z",
            "2026-11-22T09:00:00z",
            "2026-11-22 09:00:00Z",
            "2026-11-22",
            "2026-11-22T09:00:60Z",
            "2026-11-22T24:00:00Z",
            "2026-02-30T09:00:00Z",
            "2025-02-29T09:00:00Z",
            "2026-11-22T09:00:00.Z",
            "2026-11-22T09:00:00.1234567890123Z",
            "2026-11-22T09:00.5Z",
            "2026-11-22T9:00:00Z",
            "2026-11-22T+9:00:00Z",
            "10000-01-01T00:00:00Z",
            "1763802000",
            "",
            "ééééééééé",
        ] {
            assert_eq!(parse_time(text, Zone::Utc), None, "{text}");
        }
    }

    #[test]
    fn times_in_queries_may_carry_an_offset() {
        assert_eq!(parse_time("1970-01-01T01:00:00+01:00", Zone::Any), Some(0));
        assert_eq!(parse_time("1969-12-31T22:30:00.5-01:30", Zone::Any), Some(500));
        assert_eq!(parse_time("1970-01-01T00:00:00", Zone::Any), None);
        assert_eq!(parse_time("1970-01-01T00:00:00 01:00", Zone::Any), None);
    }
}
