//! What it costs to find the bad entries of refused batches.

use std::{collections::HashSet, time::Duration};

use logtide_core::Tick;

/// Requests that may go out at once, and how often one more may.
const AT_ONCE: u64 = 128;
const INTERVAL: Duration = Duration::from_millis(125);

#[derive(Default)]
pub(crate) struct IsolationBook {
    refused: HashSet<u64>,
    requests: u64,
    ignored: bool,
}

impl IsolationBook {
    pub(super) fn refused(&mut self, ids: &[u64]) {
        if ids.len() > 1 {
            self.refused.extend(ids);
        }
    }

    /// The server takes small bodies only: what is divided for that cannot be told from what is divided to find bad entries.
    pub(super) const fn ignore(&mut self) {
        self.ignored = true;
    }

    /// Counts a request for a part of a refused batch, and says whether the budget was used up.
    pub(super) fn transmitted(&mut self, ids: &[u64], attempt: u32, now: Tick) -> bool {
        if self.ignored || attempt > 0 || !self.refused.contains(&ids[0]) {
            return false;
        }
        self.requests += 1;
        let regained = now.since(Tick::ZERO).as_millis() / INTERVAL.as_millis();
        let allowed = AT_ONCE + u64::try_from(regained).expect("a simulation is short");
        assert!(self.requests <= allowed, "{} requests to find bad entries in {now:?}", self.requests);
        self.requests > AT_ONCE
    }
}
