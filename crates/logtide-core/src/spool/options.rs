//! Options of a spool.

use std::time::Duration;

/// Options for keeping entries of a [`Pipeline`](crate::Pipeline) in files.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SpoolOptions {
    /// The maximum size of all files in bytes. Default: 1 GiB.
    ///
    /// Further entries stay in memory while there is space. After that,
    /// [`overflow`](crate::PipelineOptions::overflow) decides whether the oldest files are removed, if their entries
    /// are not in memory.
    pub max_bytes: u64,
    /// The maximum number of files. Default: 10,000.
    pub max_files: usize,
    /// The maximum age of entries. Older ones are dropped. Default: 7 days.
    pub max_age: Duration,
    /// The longest time that an entry is only in memory before it is written. Default: 1 s.
    ///
    /// With `None`, entries are written only when the server is away, when the buffer is full, and at the end.
    pub write_after: Option<Duration>,
}

impl Default for SpoolOptions {
    fn default() -> Self {
        Self {
            max_bytes: 1 << 30,
            max_files: 10_000,
            max_age: Duration::from_secs(7 * 24 * 60 * 60),
            write_after: Some(Duration::from_secs(1)),
        }
    }
}
