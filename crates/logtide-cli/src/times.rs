//! Times as people write them.

use std::time::Duration;

use chrono::{
    DateTime, Datelike as _, Days, Local, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta,
    TimeZone, Utc, Weekday,
};

/// The accepted forms of times, as `--help` shows them.
pub(crate) const TIMES: &str = "\
Times:
  10m, 1h30m, 2d, 1w         that long ago (ms, s, m, h, d, w)
  now, today, yesterday      start of the day for the last two
  monday, tue, ...           start of the last such day before today
  10:00, 10:00:30            today
  2026-11-22                 start of that day
  2026-11-22 10:00           minutes, seconds or milliseconds
  2026-11-22T10:00:00+01:00  with its own zone, Z for UTC
  1795341514                 seconds since 1970, or milliseconds with 13 digits
Times without a zone are local; TZ sets the zone.";

const DATE_AND_TIME: [&str; 4] =
    ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"];

/// Parses a time, relative to the current one, for clap.
pub(crate) fn parse(text: &str) -> Result<DateTime<Utc>, String> {
    parse_at(text, &Local::now())
}

/// Parses a duration such as `90s` or `1h30m`, for clap.
pub(crate) fn parse_duration(text: &str) -> Result<Duration, String> {
    duration(text.trim()).ok_or_else(|| "write a duration such as 30s, 10m or 1h30m".to_owned())
}

fn parse_at<Tz: TimeZone>(text: &str, now: &DateTime<Tz>) -> Result<DateTime<Utc>, String> {
    let text = text.trim().to_ascii_lowercase();
    let text = text.strip_suffix(" ago").unwrap_or(&text).trim_end();
    if let Some(duration) = duration(text.strip_prefix('-').unwrap_or(text)) {
        let ago = TimeDelta::from_std(duration).ok().and_then(|ago| now.clone().checked_sub_signed(ago));
        return ago.map(|time| time.to_utc()).ok_or_else(|| "the time is too far in the past".to_owned());
    }
    if let Some(time) = epoch(text) {
        return Ok(time);
    }
    if let Ok(time) = DateTime::parse_from_rfc3339(&text.to_ascii_uppercase().replace(' ', "T")) {
        return Ok(time.to_utc());
    }
    if text == "now" {
        return Ok(now.to_utc());
    }
    let unknown = "write a time such as 10m, today, 10:00, \"2026-11-22 10:00\" or 2026-11-22T10:00:00Z";
    let local = local_time(text, now.date_naive()).ok_or(unknown)?;
    Ok(in_zone(local, &now.timezone()))
}

/// A time without a zone.
fn local_time(text: &str, today: NaiveDate) -> Option<NaiveDateTime> {
    let day = match text {
        "today" => Some(today),
        "yesterday" => today.pred_opt(),
        _ => match text.parse::<Weekday>() {
            Ok(weekday) => {
                let ago = (7 + today.weekday().num_days_from_monday() - weekday.num_days_from_monday()) % 7;
                today.checked_sub_days(Days::new(if ago == 0 { 7 } else { ago.into() }))
            }
            Err(_) => NaiveDate::parse_from_str(text, "%Y-%m-%d").ok(),
        },
    };
    let with_t = text.to_ascii_uppercase();
    let of_day =
        || ["%H:%M", "%H:%M:%S%.f"].into_iter().find_map(|form| NaiveTime::parse_from_str(text, form).ok());
    day.map(|day| day.and_time(NaiveTime::MIN))
        .or_else(|| {
            DATE_AND_TIME.into_iter().find_map(|form| NaiveDateTime::parse_from_str(&with_t, form).ok())
        })
        .or_else(|| of_day().map(|time| today.and_time(time)))
}

/// Converts a local time to UTC. If the clock shows it twice because it is set back, the earlier moment counts. If the clock
/// skips it, the time that the clock shows instead counts.
fn in_zone<Tz: TimeZone>(local: NaiveDateTime, zone: &Tz) -> DateTime<Utc> {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(time) | LocalResult::Ambiguous(time, _) => time.to_utc(),
        LocalResult::None => {
            let before = zone.offset_from_utc_datetime(&(local - TimeDelta::days(1)));
            (local - chrono::Offset::fix(&before)).and_utc()
        }
    }
}

fn epoch(text: &str) -> Option<DateTime<Utc>> {
    let number = text.parse::<i64>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))?;
    match text.len() {
        9..=10 => DateTime::from_timestamp(number, 0),
        13 => DateTime::from_timestamp_millis(number),
        _ => None,
    }
}

fn duration(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut millis = 0_u64;
    while !rest.is_empty() {
        let digits = rest.find(|character: char| !character.is_ascii_digit())?;
        let number: u64 = rest[..digits].parse().ok()?;
        let end = rest[digits..].find(|character: char| character.is_ascii_digit());
        let end = end.map_or(rest.len(), |end| digits + end);
        let unit = match rest[digits..end].trim() {
            "ms" => 1,
            "s" | "sec" => 1_000,
            "m" | "min" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            "w" => 7 * 86_400_000,
            _ => return None,
        };
        millis = millis.checked_add(number.checked_mul(unit)?)?;
        rest = &rest[end..];
    }
    (!text.is_empty()).then(|| Duration::from_millis(millis))
}

#[cfg(test)]
mod tests {
    use chrono::FixedOffset;

    use super::*;

    /// Parses a text as on a Sunday at 10:30 in the zone +01:00.
    fn utc(text: &str) -> Result<String, String> {
        let now: DateTime<FixedOffset> = "2026-11-22T10:30:15.250+01:00".parse().unwrap();
        parse_at(text, &now).map(|time| time.format("%m-%d %H:%M:%S%.f").to_string())
    }

    #[test]
    fn each_form() {
        for (text, expected) in [
            ("10m", "11-22 09:20:15.250"),
            ("1h30m", "11-22 08:00:15.250"),
            ("-250ms", "11-22 09:30:15"),
            ("2d ago", "11-20 09:30:15.250"),
            ("1w", "11-15 09:30:15.250"),
            ("now", "11-22 09:30:15.250"),
            ("today", "11-21 23:00:00"),
            ("Yesterday", "11-20 23:00:00"),
            ("friday", "11-19 23:00:00"),
            ("sun", "11-14 23:00:00"),
            ("10:00", "11-22 09:00:00"),
            ("10:00:30.5", "11-22 09:00:30.500"),
            ("2026-11-22", "11-21 23:00:00"),
            ("2026-11-22 10:00", "11-22 09:00:00"),
            ("2026-11-22T10:00:30", "11-22 09:00:30"),
            ("2026-11-22 10:00:00.123", "11-22 09:00:00.123"),
            ("2026-11-22T10:00:00Z", "11-22 10:00:00"),
            ("2026-11-22 10:00:00+02:00", "11-22 08:00:00"),
            ("1795341514", "11-22 09:58:34"),
            ("1795341514843", "11-22 09:58:34.843"),
        ] {
            assert_eq!(utc(text), Ok(expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused_with_examples() {
        for text in
            ["", "10", "10 parsecs", "m", "2026-13-01", "25:00", "99999999999999999999d", "tomorrowish"]
        {
            assert!(utc(text).is_err(), "{text}");
        }
        assert!(utc("soon").unwrap_err().contains("write a time such as 10m"));
        assert!(parse_duration("").is_err() && parse_duration("5").is_err());
        assert_eq!(parse_duration("1m 30s"), Ok(Duration::from_secs(90)));
    }
}
