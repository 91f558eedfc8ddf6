//! Options of a pipeline.

use std::{str::FromStr, time::Duration};

use crate::{ParseNameError, limits::DEFAULT_BATCH_BYTES};

/// What happens when the buffer is full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overflow {
    /// The new entry is dropped.
    #[default]
    Newest,
    /// The oldest entries that are not in flight are dropped for the new one.
    Oldest,
}

/// What happens to a batch that cannot be delivered for a reason other than its entries.
///
/// The server is away (network errors, timeouts, 408, 429, 5xx), or the response is not from a working LogTide
/// server: 401, 403, 404, a redirect, a page of a proxy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum GiveUp {
    /// It stays in the buffer and is retried until it is delivered. It is lost only if the buffer is full or closed.
    ///
    /// Once `max_retries` are used up, nothing else is sent before it. The delays keep doubling, up to 60 s or
    /// `circuit_breaker_reset`, whichever is shorter. Each further failure counts for the circuit breaker.
    #[default]
    Never,
    /// It is dropped and counted once `max_retries` are used up, like in the other LogTide SDKs. A request that is
    /// rejected because of its key or address is dropped at once.
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

/// Options of a [`Pipeline`](crate::Pipeline). They are read once, when the pipeline is created.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PipelineOptions {
    /// The number of entries that make a batch due at once. Default: 100.
    pub batch_size: usize,
    /// The longest time that an entry waits for others to join it. Default: 5 s.
    pub flush_interval: Duration,
    /// The maximum number of entries in the buffer, waiting and in flight. Default: 10,000.
    pub max_entries: usize,
    /// The maximum size of the records in the buffer, waiting and in flight, in bytes. Default: 64 MiB.
    pub max_bytes: usize,
    /// What happens when the buffer is full. Default: [`Overflow::Newest`].
    pub overflow: Overflow,
    /// The maximum size of a request body in bytes, unless a single entry is larger. Records of this size make a
    /// batch due at once. Default: 1 MB.
    pub max_batch_bytes: usize,
    /// The maximum number of requests in flight. Default: 1, which keeps the order of the entries.
    pub max_in_flight: usize,
    /// The number of retries before a batch is given up or parked. Default: 3.
    pub max_retries: u32,
    /// What happens when all attempts have failed. Default: [`GiveUp::Never`].
    pub give_up: GiveUp,
    /// The delay before the first retry. It doubles with each retry. Default: 1 s.
    pub retry_delay: Duration,
    /// The number of consecutive failures that open the circuit breaker. A batch counts once its attempts are used
    /// up. Default: 5.
    pub circuit_breaker_threshold: u32,
    /// How long the circuit breaker stays open before a probe. Default: 30 s.
    pub circuit_breaker_reset: Duration,
    /// The seed for the jitter of delays. Default: 0.
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
