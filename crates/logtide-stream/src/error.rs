//! Errors and gaps.

use std::{fmt, time::Duration};

use chrono::{DateTime, SecondsFormat, Utc};
use logtide_query::QueryError;
use logtide_transport::DriverError;

/// Why a stream ended, or which entries may be missing.
///
/// After a [final](Self::is_final) error the stream has ended; after any other it continues. No error contains the API
/// key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// Entries may be missing.
    #[error(transparent)]
    Gap(#[from] Gap),
    /// No connection could be established yet, or queries of the complete mode have failed for 30 s. The stream keeps
    /// retrying, and reports this once for each outage.
    #[error("cannot read from the server, retrying: {0}")]
    Unreachable(#[source] QueryError),
    /// The server rejects the request, and would reject it again. Final.
    ///
    /// Possible causes: a wrong API key, or one that may not read; an invalid option; a quota that is used up; an
    /// entry that is too large to be read; an address without a LogTide server.
    #[error(transparent)]
    Refused(QueryError),
    /// The look-back window is too long. Final.
    #[error("the look-back window is {0:?}: set it to at most 24 hours")]
    Lookback(Duration),
    /// A start in the past was set without the complete mode. Final.
    #[error("the server streams only new entries: to start in the past, set `complete` too")]
    FromTime,
    /// The buffer has no capacity. Final.
    #[error("the buffer has a capacity of 0 entries: set it to at least 1")]
    Buffer,
    /// The SDK's thread could not be started, or has stopped. Final.
    #[error(transparent)]
    Driver(#[from] DriverError),
}

/// A period from which entries may be missing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub struct Gap {
    /// The start, if it is known: the time of the last entry before the gap. It is never later than `to`: if that entry
    /// has a later time, the start is not known.
    pub from: Option<DateTime<Utc>>,
    /// The end, if it is known.
    pub to: Option<DateTime<Utc>>,
    /// The cause.
    pub cause: GapCause,
}

/// Why entries may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum GapCause {
    /// The server sent 100 entries at once, which is its limit, and omits any further ones.
    Burst,
    /// There was no connection, and the server does not stream what was logged in the meantime.
    Interruption,
    /// An event was too long or could not be decoded.
    Unreadable,
    /// The look-back window has more entries than ids can be kept for. Entries that arrive late from this period are
    /// omitted.
    Lookback,
    /// The stream fell further behind than [`max_catch_up`](crate::StreamOptions::max_catch_up).
    CatchUp,
    /// The server's clock was set back. Entries that were logged before this was detected look like old ones.
    Clock,
}

impl StreamError {
    /// Whether the stream has ended.
    #[must_use]
    pub fn is_final(&self) -> bool {
        !matches!(self, Self::Gap(_) | Self::Unreachable(_))
    }
}

impl Gap {
    /// A gap between two times in milliseconds since 1970.
    ///
    /// The entry before the gap may have a time later than its end, because entries arrive late and clocks differ. Such a
    /// time does not tell where the gap starts.
    pub(crate) fn new(cause: GapCause, from: Option<i64>, to: Option<i64>) -> Self {
        let from = from.filter(|from| to.is_none_or(|to| *from <= to));
        Self { from: from.and_then(time), to: to.and_then(time), cause }
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("entries ")?;
        for (word, time) in [("from", self.from), ("to", self.to)] {
            if let Some(time) = time {
                write!(formatter, "{word} {} ", time.to_rfc3339_opts(SecondsFormat::Millis, true))?;
            }
        }
        let (verb, cause) = match self.cause {
            GapCause::Burst => ("may be", "the server streams at most 100 entries a second"),
            GapCause::Interruption => ("may be", "the stream was interrupted"),
            GapCause::Unreadable => ("are", "the server sent an event that cannot be read"),
            GapCause::Lookback => {
                ("may be", "there are too many entries in the look-back window to keep track of")
            }
            GapCause::CatchUp => ("are", "the stream fell further behind than `max_catch_up`"),
            GapCause::Clock => ("may be", "the server's clock was set back"),
        };
        let advice = match self.cause {
            GapCause::CatchUp => "take entries faster or raise `max_catch_up`",
            GapCause::Lookback => "follow fewer services or shorten the window",
            GapCause::Clock => "query the entries of that time, and synchronize the clock",
            GapCause::Burst | GapCause::Interruption | GapCause::Unreadable => {
                "use the `complete` mode to miss nothing"
            }
        };
        write!(formatter, "{verb} missing: {cause}; {advice}")
    }
}

/// A time from milliseconds since 1970.
fn time(millis: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(millis)
}

/// Whether a response may be from a proxy or another server. If there was a LogTide server before, it may soon be back.
pub(crate) fn is_not_from_logtide(error: &QueryError) -> bool {
    matches!(
        error,
        QueryError::Unreadable { .. }
            | QueryError::Undecodable(_)
            | QueryError::NotFound { .. }
            | QueryError::UnknownEndpoint { .. }
            | QueryError::Redirected { .. }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_that_would_end_before_its_start_has_no_start() {
        let gap = Gap::new(GapCause::Burst, Some(2_000), Some(1_000));
        assert_eq!((gap.from, gap.to), (None, time(1_000)));
        assert!(gap.to_string().starts_with("entries to 1970-01-01T00:00:01.000Z may be missing"), "{gap}");
        let gap = Gap::new(GapCause::Burst, Some(1_000), Some(1_000));
        assert_eq!((gap.from, gap.to), (time(1_000), time(1_000)));
    }

    #[test]
    fn a_gap_says_when_why_and_what_to_do() {
        let gap = Gap::new(GapCause::Burst, Some(1_000), None);
        let expected = "entries from 1970-01-01T00:00:01.000Z may be missing: the server streams at most 100 \
                        entries a second; use the `complete` mode to miss nothing";
        assert_eq!(gap.to_string(), expected);
        assert!(!StreamError::Gap(gap).is_final());
        assert!(StreamError::Buffer.is_final());
    }
}
