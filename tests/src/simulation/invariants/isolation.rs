//! The cost of finding the invalid entries of rejected batches.

use std::{collections::HashSet, time::Duration};

use logtide_core::Tick;

/// The requests that may be sent at once, and the interval of further ones.
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

    /// Stops counting if the server accepts only small bodies, since both reasons for a split look the same.
    pub(super) const fn ignore(&mut self) {
        self.ignored = true;
    }

    /// Counts a request for a part of a rejected batch. Returns whether the budget was used up.
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
