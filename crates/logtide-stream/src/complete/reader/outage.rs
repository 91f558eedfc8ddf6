//! A time in which queries fail.

use std::time::Duration;

use logtide_core::Backoff;
use tokio::time::Instant;

use crate::seed::seed;

/// How long queries may fail before it is said.
const PATIENCE: Duration = Duration::from_secs(30);

const RETRY_DELAY: Duration = Duration::from_secs(1);
const MAX_RETRY_DELAY: Duration = Duration::from_secs(30);

/// A time in which queries fail, if there is one.
#[derive(Debug)]
pub(super) struct Outage {
    backoff: Backoff,
    failures: u32,
    since: Option<Instant>,
    is_told: bool,
}

impl Outage {
    pub(super) fn new() -> Self {
        Self { backoff: Backoff::new(RETRY_DELAY, seed()), failures: 0, since: None, is_told: false }
    }

    /// A query was answered.
    pub(super) const fn end(&mut self) {
        (self.failures, self.since, self.is_told) = (0, None, false);
    }

    /// A query failed: says how long to wait.
    pub(super) fn delay(&mut self) -> Duration {
        self.since.get_or_insert_with(Instant::now);
        let delay = self.backoff.delay(self.failures).min(MAX_RETRY_DELAY);
        self.failures = self.failures.saturating_add(1);
        delay
    }

    /// Whether it has lasted so long that it is to be said; once.
    pub(super) fn is_to_be_told(&mut self) -> bool {
        let is_long = self.since.is_some_and(|since| since.elapsed() >= PATIENCE);
        is_long && !std::mem::replace(&mut self.is_told, true)
    }
}
