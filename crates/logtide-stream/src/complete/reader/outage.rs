//! A time in which queries fail.

use std::time::Duration;

use logtide_core::Backoff;
use tokio::time::Instant;

use crate::backoff;

/// How long queries may fail before the consumer is told.
const REPORT_AFTER: Duration = Duration::from_secs(30);

const RETRY_DELAY: Duration = Duration::from_secs(1);
const MAX_RETRY_DELAY: Duration = Duration::from_secs(30);

/// The current outage, if there is one.
#[derive(Debug)]
pub(super) struct Outage {
    backoff: Backoff,
    failures: u32,
    since: Option<Instant>,
    is_reported: bool,
}

impl Outage {
    pub(super) fn new() -> Self {
        Self { backoff: backoff::seeded(RETRY_DELAY), failures: 0, since: None, is_reported: false }
    }

    /// Records that a query was answered.
    pub(super) const fn end(&mut self) {
        (self.failures, self.since, self.is_reported) = (0, None, false);
    }

    /// Records that a query failed. Returns how long to wait.
    pub(super) fn delay(&mut self) -> Duration {
        self.since.get_or_insert_with(Instant::now);
        let delay = self.backoff.delay(self.failures).min(MAX_RETRY_DELAY);
        self.failures = self.failures.saturating_add(1);
        delay
    }

    /// Whether to tell the consumer now: once for each outage, when it has lasted long enough.
    pub(super) fn should_report(&mut self) -> bool {
        let is_long = self.since.is_some_and(|since| since.elapsed() >= REPORT_AFTER);
        is_long && !std::mem::replace(&mut self.is_reported, true)
    }
}
