//! Events of a pipeline.

use std::{fmt, time::Duration};

use crate::{DropReason, flush::Token};

/// An event of a pipeline. `Display` gives one line for people.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// Entries were delivered.
    Delivered {
        /// How many.
        entries: usize,
        /// How long the request took.
        latency: Duration,
    },
    /// A batch failed and will be retried.
    Retrying {
        /// How many entries it has.
        entries: usize,
        /// The number of the next attempt. The first retry is 1.
        attempt: u32,
        /// The delay before it.
        delay: Duration,
        /// What happened.
        detail: String,
    },
    /// A batch has used up its attempts, or the response is not from a LogTide server. It is kept and sent later.
    Parked {
        /// How many entries it has.
        entries: usize,
        /// Whether the server rejected the key: it answered 401 or 403, and not with a web page, as proxies do.
        key_rejected: bool,
        /// How long nothing is sent.
        delay: Duration,
        /// What happened.
        detail: String,
    },
    /// A batch that was rejected, or that the server failed on repeatedly, was split to find the bad entries.
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
        /// What happened. Empty if the reason says everything.
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
    /// A spool file is damaged. Its readable entries are sent, and then it is renamed.
    Damaged {
        /// How many entries are lost, as far as that is known.
        entries: u64,
        /// What happened.
        detail: String,
    },
    /// A spool file is skipped, and stays in its folder.
    Skipped {
        /// Why.
        detail: String,
    },
    /// Entries cannot be written to the spool and stay in memory. Reported once, until it works again.
    SpoolFailed {
        /// What happened.
        detail: String,
    },
    /// Entries can be written to the spool again.
    SpoolWorks,
    /// The circuit breaker opened.
    CircuitOpened {
        /// The delay before the next attempt.
        reset: Duration,
        /// What happened last.
        detail: String,
    },
    /// The circuit breaker closed because the server is back.
    CircuitClosed,
    /// A hook of the application panicked. Reported once for each hook.
    HookPanicked {
        /// The name of its option.
        hook: &'static str,
    },
    /// A flush or close has ended, or its deadline has passed.
    Flushed {
        /// Which one.
        token: Token,
        /// How many of the entries before it are still pending.
        pending: u64,
        /// How many of the entries before it are in files and not delivered.
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
            Self::Parked { entries, delay, detail, .. } => {
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
            Self::Skipped { detail } => write!(formatter, "a spool file is skipped ({detail})"),
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
