//! The `Retry-After` header, RFC 9110 section 10.2.3.

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, Utc};

use crate::{Timestamp, limits::MAX_RETRY_AFTER};

/// Parses `Retry-After`: seconds as digits with at most one dot, or an HTTP date in any of its three forms.
///
/// The result is at most [`MAX_RETRY_AFTER`]. A date in the past gives zero. Anything else, such as a sign, an
/// exponent or a unit, gives `None`.
///
/// ```
/// use std::time::Duration;
/// use logtide_core::{Timestamp, retry_after};
///
/// let now = Timestamp::from_micros(784_111_777_000_000); // Sun, 06 Nov 1994 08:49:37 GMT
/// assert_eq!(retry_after("7", now), Some(Duration::from_secs(7)));
/// assert_eq!(retry_after("Sun, 06 Nov 1994 08:49:47 GMT", now), Some(Duration::from_secs(10)));
/// ```
#[must_use]
pub fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    let wait = match seconds(value) {
        Some(seconds) => Duration::from_secs_f64(seconds.min(MAX_RETRY_AFTER.as_secs_f64())),
        None => Timestamp::from(http_date(value)?).since(now),
    };
    Some(wait.min(MAX_RETRY_AFTER))
}

/// Digits with at most one dot. [`f64`] also accepts `1e5` or `inf`, which are not valid here.
fn seconds(value: &str) -> Option<f64> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    value.parse().ok()
}

/// IMF-fixdate, and the obsolete forms of RFC 850 and asctime that a recipient must understand (RFC 9110 section 5.6.7).
fn http_date(value: &str) -> Option<DateTime<Utc>> {
    ["%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(value, format).ok())
        .map(|time| time.and_utc())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(784_111_777_000_000);

    #[test]
    fn seconds_with_and_without_fractions() {
        assert_eq!(retry_after(" 10 ", NOW), Some(Duration::from_secs(10)));
        assert_eq!(retry_after("0.4", NOW), Some(Duration::from_millis(400)));
        assert_eq!(retry_after("0", NOW), Some(Duration::ZERO));
        assert_eq!(retry_after("86400", NOW), Some(MAX_RETRY_AFTER));
        assert_eq!(retry_after("99999999999999999999", NOW), Some(MAX_RETRY_AFTER));
    }

    #[test]
    fn dates_in_all_three_forms() {
        for date in
            ["Sun, 06 Nov 1994 08:50:37 GMT", "Sunday, 06-Nov-94 08:50:37 GMT", "Sun Nov  6 08:50:37 1994"]
        {
            assert_eq!(retry_after(date, NOW), Some(Duration::from_secs(60)), "{date}");
        }
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:00:00 GMT", NOW), Some(Duration::ZERO));
        assert_eq!(retry_after("Sat, 06 Nov 1999 08:00:00 GMT", NOW), Some(MAX_RETRY_AFTER));
    }

    #[test]
    fn what_makes_no_sense_is_no_wait() {
        for value in [
            "",
            ".",
            "-1",
            "+1",
            "1e5",
            "1e999",
            "1.2.3",
            "1_000",
            "7 s",
            "soon",
            "NaN",
            "inf",
            "1e",
            "Sun, 31 Feb 1994 08:49:37 GMT",
        ] {
            assert_eq!(retry_after(value, NOW), None, "{value}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(value in any::<String>()) {
            prop_assert!(retry_after(&value, NOW).is_none_or(|wait| wait <= MAX_RETRY_AFTER));
        }
    }
}
