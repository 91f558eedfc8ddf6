//! Whether and how entries are kept in files.

use std::{fmt, path::PathBuf, time::Duration};

use logtide_core::spool::SpoolOptions;

use super::ClientOptions;

/// What a crash of the program or of the machine can cost, with a [spool](ClientOptions::spool).
///
/// Whichever it is, entries are written when the server is away, when the buffer has no room for them, and when the client closes before
/// they are delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Durability {
    /// Nothing that was logged: a log call returns when its entry is synced. Callers share one sync.
    ///
    /// The call blocks its thread for that, also that of an async task: some milliseconds, as long as the disk takes. When the entry
    /// cannot be written, the call returns without it, and the entry is kept in memory.
    Always,
    /// At most what was logged in this time: what has waited in memory for so long is written and synced. Writing takes some time on
    /// top. Range 1 ms to 1 day.
    Every(Duration),
    /// All that waits in memory alone. Nothing is synced, so that a power cut can cost what was written as well.
    Never,
}

impl Default for Durability {
    /// Every second.
    fn default() -> Self {
        Self::Every(Duration::from_secs(1))
    }
}

/// What is set of a spool.
#[derive(Clone)]
pub(crate) struct Spool {
    pub(crate) dir: Option<PathBuf>,
    pub(crate) durability: Option<Durability>,
    pub(crate) max_bytes: u64,
    pub(crate) max_files: usize,
    pub(crate) max_age: Duration,
}

impl Default for Spool {
    fn default() -> Self {
        let SpoolOptions { max_bytes, max_files, max_age, .. } = SpoolOptions::default();
        Self { dir: None, durability: None, max_bytes, max_files, max_age }
    }
}

#[cfg(feature = "otlp")]
impl ClientOptions {
    /// Spans have a folder of their own inside that of the entries. They are not worth a wait for each.
    pub(super) fn use_spool_of_spans(&mut self) {
        self.spool.dir = self.spool.dir.take().map(|dir| dir.join("spans"));
        if self.spool.durability == Some(Durability::Always) {
            self.spool.durability = None;
        }
    }
}

impl Spool {
    pub(super) fn debug(&self, debug: &mut fmt::DebugStruct<'_, '_>) {
        debug
            .field("spool", &self.dir)
            .field("durability", &self.durability.unwrap_or_default())
            .field("spool_max_bytes", &self.max_bytes)
            .field("spool_max_files", &self.max_files)
            .field("spool_max_age", &self.max_age);
    }
}

impl ClientOptions {
    /// Sets the directory in which entries are kept that cannot be sent, until this process or a later one delivers them. Default none: they
    /// wait in memory alone, and what is not delivered at the end is lost.
    ///
    /// The directory is made when there is none. Processes and clients can share one: each has a folder of its own in it, and the folders of
    /// those that died are taken over. It must be on a file system with locks, and must not be one that is emptied from time to time. A
    /// relative path is meant from the working directory in which the client starts. What is in it, is written in
    /// [`spool`](crate::spool).
    ///
    /// Entries are written as they would be sent: with limits and redaction applied. On Unix they can be read by the program's user alone.
    ///
    /// A directory that cannot be used keeps no program from starting: it is told, and entries are kept in memory.
    #[must_use]
    pub fn spool(mut self, dir: impl Into<PathBuf>) -> Self {
        self.spool.dir = Some(dir.into());
        self
    }

    /// Keeps entries in memory alone, whatever was set of a spool before: for tests with the options of a program, whose files must stay as
    /// they are.
    #[must_use]
    pub fn no_spool(self) -> Self {
        Self { spool: Spool::default(), ..self }
    }

    /// Sets what a crash can cost. Default [`Durability::Every`] second. It needs a [`spool`](Self::spool).
    #[must_use]
    pub fn durability(mut self, durability: Durability) -> Self {
        self.spool.durability = Some(durability);
        self
    }

    /// Sets how many bytes the files of the [`spool`](Self::spool) have at most. Default 1 GiB, at least 1 MiB.
    #[must_use]
    pub fn spool_max_bytes(mut self, spool_max_bytes: u64) -> Self {
        self.spool.max_bytes = spool_max_bytes;
        self
    }

    /// Sets how many files the [`spool`](Self::spool) has at most. Default 10,000, at least 2.
    #[must_use]
    pub fn spool_max_files(mut self, spool_max_files: usize) -> Self {
        self.spool.max_files = spool_max_files;
        self
    }

    /// Sets how old entries in the [`spool`](Self::spool) become before they are dropped. Default 7 days, range 1 s to 10 years.
    #[must_use]
    pub fn spool_max_age(mut self, spool_max_age: Duration) -> Self {
        self.spool.max_age = spool_max_age;
        self
    }

    /// How the pipeline keeps entries in files, `None` without a directory.
    pub(crate) fn spool_options(&self) -> Option<SpoolOptions> {
        let Spool { dir: Some(_), durability, max_bytes, max_files, max_age } = self.spool else {
            return None;
        };
        let mut options = SpoolOptions::default();
        (options.max_bytes, options.max_files, options.max_age) = (max_bytes, max_files, max_age);
        options.write_after = match durability.unwrap_or_default() {
            Durability::Always => Some(Duration::ZERO),
            Durability::Every(interval) => Some(interval),
            Durability::Never => None,
        };
        Some(options)
    }
}

#[cfg(test)]
mod tests;
