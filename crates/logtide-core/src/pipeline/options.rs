//! How a pipeline delivers.

use std::{str::FromStr, time::Duration};

use crate::{ParseNameError, limits::DEFAULT_BATCH_BYTES};

/// What happens to an entry that finds the buffer full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overflow {
    /// It is dropped, and those that wait are kept.
    #[default]
    Newest,
    /// The oldest that wait and are not on their way are dropped to make room.
    Oldest,
}

/// What happens to a batch that cannot be delivered for a reason that is not in its entries.
///
/// Such reasons are a server that is away (network errors, timeouts, 408, 429, 5xx), and an answer that is not of a working LogTide
/// server: 401, 403, 404, a redirect, a page of a proxy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum GiveUp {
    /// It stays in the buffer and is sent again until it arrives. Only a full buffer or a close loses it.
    ///
    /// Once `max_retries` are used up, nothing else is sent before it. The delays go on to double, up to 60 s or
    /// `circuit_breaker_reset`, whichever is shorter, and each further failure counts for the circuit breaker.
    #[default]
    Never,
    /// It is dropped and counted once `max_retries` are used up, as the other LogTide SDKs do. A request that is refused for its key
    /// or address is dropped at once.
    AfterRetries,
}

/// Reads the name of an option's value, in any case.
impl FromStr for GiveUp {
    type Err = ParseNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.to_ascii_lowercase().as_str() {
            "never" => Ok(Self::Never),
            "after_retries" => Ok(Self::AfterRetries),
            _ => Err(ParseNameError::new("way to give up", "never or after_retries")),
        }
    }
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
    /// Bytes of records held, waiting and under way. Default 64 MiB.
    pub max_bytes: usize,
    /// What happens when the buffer is full. Default [`Overflow::Newest`].
    pub overflow: Overflow,
    /// Bytes of a request body, unless a single entry is larger. As many bytes of records make a batch due at once. Default 1 MB.
    pub max_batch_bytes: usize,
    /// Requests out at the same time. Default 1, which keeps the order of the entries.
    pub max_in_flight: usize,
    /// Attempts after the first, before a batch is given up or parked. Default 3.
    pub max_retries: u32,
    /// What happens when all attempts failed. Default [`GiveUp::Never`].
    pub give_up: GiveUp,
    /// The delay before the first retry; it doubles with each. Default 1 s.
    pub retry_delay: Duration,
    /// Failures in a row that open the circuit breaker, counted once a batch has used up its attempts. Default 5.
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
            give_up: GiveUp::Never,
            retry_delay: Duration::from_secs(1),
            circuit_breaker_threshold: 5,
            circuit_breaker_reset: Duration::from_secs(30),
            seed: 0,
        }
    }
}
