//! What a program logs, and how it ends.

use std::{path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};

/// What a program logs, and how it ends.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Load {
    /// How many entries it logs.
    pub entries: u32,
    /// Over how long it logs them, evenly.
    pub over: Duration,
    /// How long it then waits at most until nothing is pending.
    pub settles: Duration,
    /// What it does when the buffer is full.
    pub when_full: WhenFull,
    /// How it ends.
    pub ending: Ending,
    /// The directory of its spool, if it has one.
    pub spool: Option<PathBuf>,
}

impl Load {
    /// So many entries over some time, then `close`, with the client's default options.
    #[must_use]
    pub const fn new(entries: u32, over: Duration) -> Self {
        let (settles, when_full, ending) = (Duration::ZERO, WhenFull::Drops, Ending::Close);
        Self { entries, over, settles, when_full, ending, spool: None }
    }

    /// Waits before it ends until nothing is pending, as a service that goes on does, but at most this long.
    #[must_use]
    pub fn settling(mut self, at_most: Duration) -> Self {
        self.settles = at_most;
        self
    }

    /// Does so when the buffer is full.
    #[must_use]
    pub fn when_full(mut self, when_full: WhenFull) -> Self {
        self.when_full = when_full;
        self
    }

    /// Ends so.
    #[must_use]
    pub fn ending(mut self, ending: Ending) -> Self {
        self.ending = ending;
        self
    }
}

/// What a program does when the buffer is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WhenFull {
    /// Drops entries, as by default.
    Drops,
    /// Waits for space, for at most a minute.
    Waits,
}

/// How a program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// It closes its client.
    Close,
    /// It drops the last handle.
    Drop,
    /// The client is in a `static`, and `main` returns.
    Return,
    /// The client is in a `static`, and the program calls `std::process::exit`.
    Exit,
}

impl Ending {
    /// Whether the program can read its metrics after the last attempt to deliver.
    #[must_use]
    pub const fn is_told(self) -> bool {
        matches!(self, Self::Close | Self::Drop)
    }
}
