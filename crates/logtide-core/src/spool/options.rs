//! How much a spool holds, and when it is written.

use std::time::Duration;

/// How a [`Pipeline`](crate::Pipeline) keeps entries in files.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SpoolOptions {
    /// Bytes of all files. Default 1 GiB.
    ///
    /// What has no place is kept in memory as long as that has space, or takes the place of the oldest files of which the entries are not
    /// in memory, as [`overflow`](crate::PipelineOptions::overflow) says.
    pub max_bytes: u64,
    /// Number of files. Default 10,000.
    pub max_files: usize,
    /// How old entries become before they are dropped. Default 7 days.
    pub max_age: Duration,
    /// How long an entry waits in memory alone, until it is written as well. Default 1 s.
    ///
    /// With `None` entries are written only when the server is away, when the buffer has no room, and at the end.
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
