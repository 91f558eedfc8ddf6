//! Options of the spool.

use std::{fmt, path::PathBuf, time::Duration};

use logtide_core::spool::SpoolOptions;

use super::ClientOptions;

/// Which entries a crash of the program or the machine can lose, with a [spool](ClientOptions::spool).
///
/// In every mode, entries are written when the server is unavailable, when the buffer is full, and when the client
/// closes before they are delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Durability {
    /// None: a log call returns when its entry is synced to disk. Concurrent calls share one sync.
    ///
    /// The call blocks its thread for some milliseconds, depending on the disk, including in async tasks. If the entry
    /// cannot be written, the call returns and the entry stays in memory.
    Always,
    /// At most the entries of this interval: entries that have waited in memory for this long are written and synced.
    /// Writing takes some additional time. Range 1 ms to 1 day.
    Every(Duration),
    /// All entries that are only in memory. Nothing is synced, so a power failure can also lose entries that were
    /// written.
    Never,
}

impl Default for Durability {
    /// Returns `Every` with one second.
    fn default() -> Self {
        Self::Every(Duration::from_secs(1))
    }
}

/// The options of a spool as set so far.
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
    /// Gives spans a subfolder of their own. Spans never wait for a sync.
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
    /// Sets the directory for entries that cannot be sent. This process or a later one delivers them.
    ///
    /// Default none: entries wait only in memory, and those that are not delivered before the program ends are lost.
    ///
    /// The directory is created if it does not exist. Processes and clients can share it: each has its own subfolder,
    /// and takes over the subfolders of those that died. It must be on a file system that supports locks, and must not
    /// be cleared periodically. A relative path is relative to the working directory at the start of the client.
    /// [`spool`](crate::spool) describes the files.
    ///
    /// Entries are written as they would be sent, with limits and redaction applied. On Unix, only the program's user
    /// can read them.
    ///
    /// A directory that cannot be used does not stop the program: it is reported, and entries stay in memory.
    #[must_use]
    pub fn spool(mut self, dir: impl Into<PathBuf>) -> Self {
        self.spool.dir = Some(dir.into());
        self
    }

    /// Removes the spool, so that entries are kept in memory only. Use it in tests that start from a program's options.
    #[must_use]
    pub fn no_spool(self) -> Self {
        Self { spool: Spool::default(), ..self }
    }

    /// Sets which entries a crash can lose. Default [`Durability::Every`] second. Requires a [`spool`](Self::spool).
    #[must_use]
    pub fn durability(mut self, durability: Durability) -> Self {
        self.spool.durability = Some(durability);
        self
    }

    /// Sets the maximum total size of the files in the [`spool`](Self::spool), in bytes. Default 1 GiB, at least 1 MiB.
    #[must_use]
    pub fn spool_max_bytes(mut self, spool_max_bytes: u64) -> Self {
        self.spool.max_bytes = spool_max_bytes;
        self
    }

    /// Sets the maximum number of files in the [`spool`](Self::spool). Default 10,000, at least 2.
    #[must_use]
    pub fn spool_max_files(mut self, spool_max_files: usize) -> Self {
        self.spool.max_files = spool_max_files;
        self
    }

    /// Sets the maximum age of entries in the [`spool`](Self::spool). Older entries are dropped. Default 7 days, range
    /// 1 s to 10 years.
    #[must_use]
    pub fn spool_max_age(mut self, spool_max_age: Duration) -> Self {
        self.spool.max_age = spool_max_age;
        self
    }

    /// The spool options of the pipeline, `None` without a directory.
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
