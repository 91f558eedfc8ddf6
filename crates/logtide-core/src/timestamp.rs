//! The wall-clock time of an entry.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use chrono::{DateTime, TimeZone, Utc};

/// A wall-clock time: microseconds since 1970-01-01T00:00:00Z.
///
/// It is sent as RFC 3339 with six fraction digits and a `Z`. The server rejects every other zone, and years outside
/// of 0000 to 9999, so later and earlier times are clamped. The server keeps milliseconds.
///
/// ```
/// use logtide_core::Timestamp;
///
/// let time = Timestamp::from_micros(1_763_805_391_342_000);
/// assert_eq!(time.to_string(), "2025-11-22T09:56:31.342000Z");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// 0000-01-01T00:00:00.000000Z, the earliest time that the server accepts.
    pub const MIN: Self = Self(-62_167_219_200_000_000);
    /// 9999-12-31T23:59:59.999999Z, the latest time that the server accepts.
    pub const MAX: Self = Self(253_402_300_799_999_999);

    /// The time this many microseconds after 1970, or before it if negative.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        if micros < Self::MIN.0 {
            Self::MIN
        } else if micros > Self::MAX.0 {
            Self::MAX
        } else {
            Self(micros)
        }
    }

    /// Microseconds since 1970, negative before it.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// The duration since an earlier time. Zero if it is not earlier.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        let micros = self.0.saturating_sub(earlier.0);
        Duration::from_micros(if micros > 0 { micros.unsigned_abs() } else { 0 })
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        let micros = |duration: Duration| i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
        Self::from_micros(match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => micros(after),
            Err(before) => -micros(before.duration()),
        })
    }
}

impl<Tz: TimeZone> From<DateTime<Tz>> for Timestamp {
    fn from(time: DateTime<Tz>) -> Self {
        Self::from_micros(time.timestamp_micros())
    }
}

impl From<Timestamp> for DateTime<Utc> {
    fn from(time: Timestamp) -> Self {
        Self::from_timestamp_micros(time.0).unwrap_or(Self::UNIX_EPOCH)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = TimeText::default();
        formatter.pad(std::str::from_utf8(text.format(*self)).unwrap_or_default())
    }
}

/// Formats times. Consecutive times in the same second are faster.
#[derive(Clone, Debug)]
pub(crate) struct TimeText {
    second: i64,
    text: [u8; Self::LENGTH],
}

impl TimeText {
    const LENGTH: usize = "2026-11-22T09:56:31.342000Z".len();

    /// The time in ASCII.
    pub(crate) fn format(&mut self, time: Timestamp) -> &[u8; Self::LENGTH] {
        let (second, micros) = (time.0.div_euclid(1_000_000), time.0.rem_euclid(1_000_000));
        if second != self.second {
            self.second = second;
            self.write_second(second);
        }
        self.digits(20, 6, micros as u32);
        &self.text
    }

    fn write_second(&mut self, second: i64) {
        let (days, rest) = (second.div_euclid(86_400), second.rem_euclid(86_400));
        let (year, month, day) = civil(days);
        for (at, width, value) in [
            (0, 4, year),
            (5, 2, month),
            (8, 2, day),
            (11, 2, rest / 3_600),
            (14, 2, rest / 60 % 60),
            (17, 2, rest % 60),
        ] {
            self.digits(at, width, value as u32);
        }
    }

    /// An even number of digits, two at a time.
    fn digits(&mut self, at: usize, width: usize, mut value: u32) {
        for pair in self.text[at..at + width].as_chunks_mut::<2>().0.iter_mut().rev() {
            *pair = PAIRS[value as usize % 100];
            value /= 100;
        }
    }
}

/// 00 to 99.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[b'0'; 2]; 100];
    let mut number = 0;
    while number < 100 {
        pairs[number] = [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
        number += 1;
    }
    pairs
};

impl Default for TimeText {
    fn default() -> Self {
        Self { second: 0, text: *b"1970-01-01T00:00:00.000000Z" }
    }
}

/// Year, month and day of a day counted from 1970-01-01, in the proleptic Gregorian calendar.
///
/// Counts in eras of 400 years that begin on 1 March, so that the leap day is the last of its year.
const fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + (month <= 2) as i64;
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn offsets_become_utc() {
        let time = DateTime::parse_from_rfc3339("2026-11-22T10:00:00.5+01:00").unwrap();
        assert_eq!(Timestamp::from(time).to_string(), "2026-11-22T09:00:00.500000Z");
    }

    #[test]
    fn years_the_server_refuses_are_moved_to_the_nearest_it_takes() {
        assert_eq!(Timestamp::from(DateTime::<Utc>::MIN_UTC).to_string(), "0000-01-01T00:00:00.000000Z");
        assert_eq!(Timestamp::from(DateTime::<Utc>::MAX_UTC).to_string(), "9999-12-31T23:59:59.999999Z");
    }

    #[test]
    fn system_times_before_1970_count_down() {
        let time = SystemTime::UNIX_EPOCH - Duration::from_micros(1);
        assert_eq!(Timestamp::from(time).to_string(), "1969-12-31T23:59:59.999999Z");
    }

    proptest! {
        #[test]
        fn text_agrees_with_chrono(times in prop::collection::vec(Timestamp::MIN.0..=Timestamp::MAX.0, 1..4)) {
            let mut text = TimeText::default();
            for micros in times {
                let expected = DateTime::<Utc>::from_timestamp_micros(micros).unwrap();
                let text = String::from_utf8_lossy(text.format(Timestamp(micros)));
                prop_assert_eq!(text, expected.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string());
            }
        }
    }
}
