//! What a pipeline tells its driver.

use std::{fmt, time::Duration};

use crate::{DropReason, flush::Token};

/// Something that happened in a pipeline. Its `Display` is one line for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// Entries arrived.
    Delivered {
        /// How many.
        entries: usize,
        /// How long the request took.
        latency: Duration,
    },
    /// A batch failed and will be sent again.
    Retrying {
        /// How many entries it has.
        entries: usize,
        /// The number of the attempt to come; the first retry is 1.
        attempt: u32,
        /// How long it waits.
        delay: Duration,
        /// What happened.
        detail: String,
    },
    /// A batch has used up its attempts, or met something that is not a LogTide server. It is kept and sent again later.
    Parked {
        /// How many entries it has.
        entries: usize,
        /// How long nothing is sent.
        delay: Duration,
        /// What happened.
        detail: String,
    },
    /// A batch that was refused, or that the server failed on again and again, was divided in order to find its bad entries.
    Split {
        /// How many entries it had.
        entries: usize,
        /// What the server said.
        detail: String,
    },
    /// Entries were lost.
    Dropped {
        /// How many.
        entries: usize,
        /// Why.
        reason: DropReason,
        /// What happened; empty when the reason says it all.
        detail: String,
    },
    /// Entries were written to a file of the spool.
    Spooled {
        /// How many.
        entries: usize,
    },
    /// Entries that an earlier process left in a file were read, and are sent next.
    Recovered {
        /// How many.
        entries: usize,
    },
    /// A file of the spool is damaged. What could be read of it is sent, and then it is put aside.
    Damaged {
        /// How many entries are lost with it, as far as that is known.
        entries: u64,
        /// What happened.
        detail: String,
    },
    /// A file of the spool is left alone.
    LeftAlone {
        /// Why.
        detail: String,
    },
    /// Entries cannot be written to the spool, and stay in memory. Told once until it works again.
    SpoolFailed {
        /// What happened.
        detail: String,
    },
    /// Entries can be written to the spool again.
    SpoolWorks,
    /// The circuit breaker opened.
    CircuitOpened {
        /// When the server is tried again.
        reset: Duration,
        /// What happened last.
        detail: String,
    },
    /// The circuit breaker closed: the server is back.
    CircuitClosed,
    /// A function of the application's panicked. Told once for each.
    HookPanicked {
        /// Which one, by the name of its option.
        hook: &'static str,
    },
    /// A flush or close is done, or its time is up.
    Flushed {
        /// Which one.
        token: Token,
        /// How many of the entries before it are still pending.
        pending: u64,
        /// How many of the entries before it are not delivered, but in files.
        spooled: u64,
    },
}

impl fmt::Display for Event {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delivered { entries, latency } => {
                write!(formatter, "sent {} in {latency:.1?}", Entries(*entries))
            }
            Self::Retrying { entries, attempt, delay, detail } => {
                write!(
                    formatter,
                    "sending {} failed ({detail}), retry {attempt} in {delay:.1?}",
                    Entries(*entries)
                )
            }
            Self::Parked { entries, delay, detail } => {
                write!(formatter, "cannot send {} ({detail}), next attempt in {delay:.1?}", Entries(*entries))
            }
            Self::Split { entries, detail } => {
                write!(formatter, "splitting {} to find the invalid ones ({detail})", Entries(*entries))
            }
            Self::Dropped { entries, reason, detail } if detail.is_empty() => {
                write!(formatter, "dropped {}: {reason}", Entries(*entries))
            }
            Self::Dropped { entries, reason, detail } => {
                write!(formatter, "dropped {}: {reason} ({detail})", Entries(*entries))
            }
            Self::CircuitOpened { reset, detail } => {
                write!(formatter, "circuit breaker opened ({detail}), next attempt in {reset:.1?}")
            }
            Self::CircuitClosed => formatter.write_str("circuit breaker closed, the server is back"),
            Self::HookPanicked { hook } => {
                write!(formatter, "{hook} panicked: its input is sent unchanged")
            }
            Self::Spooled { entries } => write!(formatter, "wrote {} to the spool", Entries(*entries)),
            Self::Recovered { entries } => {
                write!(formatter, "read {} that an earlier process left in the spool", Entries(*entries))
            }
            Self::Damaged { entries: 0, detail } => {
                write!(formatter, "a spool file is damaged ({detail})")
            }
            Self::Damaged { entries, detail } => {
                let entries = Entries(usize::try_from(*entries).unwrap_or(usize::MAX));
                write!(formatter, "a spool file is damaged, {entries} are lost ({detail})")
            }
            Self::LeftAlone { detail } => write!(formatter, "a spool file is skipped ({detail})"),
            Self::SpoolFailed { detail } => {
                write!(formatter, "cannot write to the spool, entries stay in memory ({detail})")
            }
            Self::SpoolWorks => formatter.write_str("the spool can be written again"),
            Self::Flushed { pending, spooled: 0, .. } => write!(formatter, "flushed, {pending} pending"),
            Self::Flushed { pending, spooled, .. } => {
                write!(formatter, "flushed, {pending} pending, {spooled} in the spool")
            }
        }
    }
}

struct Entries(usize);

impl fmt::Display for Entries {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => formatter.write_str("1 entry"),
            entries => write!(formatter, "{entries} entries"),
        }
    }
}
