//! What a program logs, and how it ends.

use std::{path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};

/// What a program logs, and how it ends.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Load {
    /// How many entries it logs.
    pub entries: u32,
    /// The time over which it logs them evenly.
    pub over: Duration,
    /// The longest time that it then waits until nothing is pending.
    pub settles: Duration,
    /// What it does when the buffer is full.
    pub when_full: WhenFull,
    /// How it ends.
    pub ending: Ending,
    /// The directory of its spool, if it has one.
    pub spool: Option<PathBuf>,
}

impl Load {
    /// Creates a load of this many entries over some time, followed by `close`, with the client's default options.
    #[must_use]
    pub const fn new(entries: u32, over: Duration) -> Self {
        let (settles, when_full, ending) = (Duration::ZERO, WhenFull::Drops, Ending::Close);
        Self { entries, over, settles, when_full, ending, spool: None }
    }

    /// Waits before the end until nothing is pending, like a service that keeps running, but at most this long.
    #[must_use]
    pub fn settling(mut self, at_most: Duration) -> Self {
        self.settles = at_most;
        self
    }

    /// Sets what it does when the buffer is full.
    #[must_use]
    pub fn when_full(mut self, when_full: WhenFull) -> Self {
        self.when_full = when_full;
        self
    }

    /// Sets how it ends.
    #[must_use]
    pub fn ending(mut self, ending: Ending) -> Self {
        self.ending = ending;
        self
    }
}

/// What a program does when the buffer is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WhenFull {
    /// Drops entries; the default.
    Drops,
    /// Waits for capacity, for at most a minute.
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
