//! What a stream hands out beside entries.

use std::{fmt, time::Duration};

use chrono::{DateTime, SecondsFormat, Utc};
use logtide_query::QueryError;
use logtide_transport::DriverError;

/// Why a stream ended, or what may be missing from it.
///
/// After a [final](Self::is_final) error the stream is over; after any other it goes on. No error holds the API key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// Entries may be missing.
    #[error(transparent)]
    Gap(#[from] Gap),
    /// There was no connection yet, or entries could not be read for half a minute. It is tried on; this is said once.
    #[error("the server cannot be read at the moment, trying on: {0}")]
    Unreachable(#[source] QueryError),
    /// The server refuses, and would again: the key is wrong or may not read, an option makes no sense to it, a quota is used up, an
    /// entry is too large to be read, or there is no LogTide server. Final.
    #[error(transparent)]
    Refused(QueryError),
    /// The look-back window is too long. Final.
    #[error("the look-back window is {0:?}: set one of at most 24 hours")]
    Lookback(Duration),
    /// A start in the past was asked for without the complete mode. Final.
    #[error("the server's stream begins with the connection: for an earlier start set `complete`, too")]
    FromTime,
    /// The buffer has no room. Final.
    #[error("the buffer holds 0 entries: set at least 1")]
    Buffer,
    /// The SDK's thread could not be started, or was stopped. Final.
    #[error(transparent)]
    Driver(#[from] DriverError),
}

/// A time from which entries may be missing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub struct Gap {
    /// Where it begins, as far as is known: the time of the last entry before it. Never later than `to`; where that entry carries a later
    /// time, the beginning is not known.
    pub from: Option<DateTime<Utc>>,
    /// Where it ends, as far as is known.
    pub to: Option<DateTime<Utc>>,
    /// Why there is one.
    pub cause: GapCause,
}

/// Why entries may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum GapCause {
    /// The server gave as many entries at once as it ever does, and leaves out what is more.
    Burst,
    /// There was no connection, and the server streams nothing that was logged meanwhile.
    Interruption,
    /// An event was longer than is read, or could not be read.
    Unreadable,
    /// There are more entries within the look-back window than ids are kept for: those that arrive late with such a time are left
    /// out.
    Lookback,
    /// The stream fell further behind than [`max_catch_up`](crate::StreamOptions::max_catch_up).
    CatchUp,
    /// The server's clock was set back, and what was logged until that was noticed looks old.
    Clock,
}

impl StreamError {
    /// Whether the stream is over.
    #[must_use]
    pub fn is_final(&self) -> bool {
        !matches!(self, Self::Gap(_) | Self::Unreachable(_))
    }
}

impl Gap {
    /// A gap between two times in milliseconds since 1970.
    ///
    /// The entry before it may carry a time that is later than its end: entries arrive late, and the clocks of those that log are not the
    /// server's. Such a time says nothing of where the gap begins.
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
            GapCause::Burst => ("may be", "there were more than the server streams at once"),
            GapCause::Interruption => ("may be", "the stream was interrupted"),
            GapCause::Unreadable => ("are", "the server sent what could not be read"),
            GapCause::Lookback => {
                ("may be", "more were logged than can be known again when others arrive late")
            }
            GapCause::CatchUp => ("were", "the stream had fallen too far behind"),
            GapCause::Clock => ("may be", "the clock of the server was set back"),
        };
        let advice = match self.cause {
            GapCause::CatchUp => "take entries faster, or raise `max_catch_up`",
            GapCause::Lookback => "follow fewer services, or shorten the look-back window",
            GapCause::Clock => "query them, and look after the clock",
            GapCause::Burst | GapCause::Interruption | GapCause::Unreadable => {
                "the `complete` mode leaves nothing out"
            }
        };
        write!(formatter, "{verb} left out: {cause}; {advice}")
    }
}

/// A time from milliseconds since 1970.
fn time(millis: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_that_would_end_before_it_begins_has_no_known_beginning() {
        let gap = Gap::new(GapCause::Burst, Some(2_000), Some(1_000));
        assert_eq!((gap.from, gap.to), (None, time(1_000)));
        assert!(gap.to_string().starts_with("entries to 1970-01-01T00:00:01.000Z may be left out"), "{gap}");
        let gap = Gap::new(GapCause::Burst, Some(1_000), Some(1_000));
        assert_eq!((gap.from, gap.to), (time(1_000), time(1_000)));
    }

    #[test]
    fn a_gap_says_when_why_and_what_to_do() {
        let gap = Gap::new(GapCause::Burst, Some(1_000), None);
        let expected = "entries from 1970-01-01T00:00:01.000Z may be left out: there were more than the server \
                        streams at once; the `complete` mode leaves nothing out";
        assert_eq!(gap.to_string(), expected);
        assert!(!StreamError::Gap(gap).is_final());
        assert!(StreamError::Buffer.is_final());
    }
}
