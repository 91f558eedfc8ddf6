//! How a pipeline delivers.

use std::time::Duration;

use crate::limits::DEFAULT_BATCH_BYTES;

/// What happens to an entry that finds the buffer full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overflow {
    /// It is dropped, and those that wait are kept.
    #[default]
    Newest,
    /// The oldest that wait and are not on their way are dropped to make room.
    Oldest,
}

/// How a [`Pipeline`](crate::Pipeline) delivers. The fields are read once, when the pipeline is made.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PipelineOptions {
    /// Entries that make a batch due at once. Default 100.
    pub batch_size: usize,
    /// How long an entry waits at most for others to join it. Default 5 s.
    pub flush_interval: Duration,
    /// Entries held, waiting and under way. Default 10,000.
    pub max_entries: usize,
    /// Bytes of entries held, waiting and under way. Default 64 MiB.
    pub max_bytes: usize,
    /// What happens when the buffer is full. Default [`Overflow::Newest`].
    pub overflow: Overflow,
    /// Bytes of a request body, unless a single entry is larger. Default 1 MB.
    pub max_batch_bytes: usize,
    /// Requests out at the same time. Default 1, which keeps the order of the entries.
    pub max_in_flight: usize,
    /// Attempts after the first. Default 3.
    pub max_retries: u32,
    /// The delay before the first retry; it doubles with each. Default 1 s.
    pub retry_delay: Duration,
    /// Batches given up in a row that open the circuit breaker. Default 5.
    pub circuit_breaker_threshold: u32,
    /// How long the circuit breaker stays open before a probe. Default 30 s.
    pub circuit_breaker_reset: Duration,
    /// Decides the jitter of the delays. Default 0.
    pub seed: u64,
}

impl Default for PipelineOptions {
    fn default() -> Self {
        Self {
            batch_size: 100,
            flush_interval: Duration::from_secs(5),
            max_entries: 10_000,
            max_bytes: 64 * 1024 * 1024,
            overflow: Overflow::Newest,
            max_batch_bytes: DEFAULT_BATCH_BYTES,
            max_in_flight: 1,
            max_retries: 3,
            retry_delay: Duration::from_secs(1),
            circuit_breaker_threshold: 5,
            circuit_breaker_reset: Duration::from_secs(30),
            seed: 0,
        }
    }
}
