//! Checking a promise.

use super::{Promise, program::Told, server::ServerRecord};

/// Counts of the program and the server.
#[derive(Clone, Copy, Debug)]
pub(super) struct Count {
    pub(super) logged: u64,
    pub(super) stored: u64,
    /// Entries that the program counts as lost.
    pub(super) told: u64,
}

impl Count {
    /// Entries that the server did not store.
    pub(super) const fn lost(self) -> u64 {
        self.logged.saturating_sub(self.stored)
    }

    /// Describes what is wrong with the entries.
    pub(super) fn judge(self, promise: Promise, told: &Told, record: &ServerRecord) -> Vec<String> {
        let (lost, mut failures) = (self.lost(), Vec::new());
        let reasons: Vec<String> =
            told.reasons.iter().map(|(reason, entries)| format!("{entries} {reason}")).collect();
        if promise == Promise::NothingLost && lost > 0 {
            failures.push(format!(
                "lost {lost} ({})",
                if reasons.is_empty() { "no reason given".to_owned() } else { reasons.join(", ") }
            ));
        }
        if promise != Promise::EndsInTime && lost > self.told {
            failures.push(format!("{} lost in silence", lost - self.told));
        }
        if !matches!(promise, Promise::EndsInTime | Promise::NothingSilent) && self.told > lost {
            failures.push(format!("{} told as lost are stored", self.told - lost));
        }
        if told.logged != self.logged || told.logged != told.sent + told.dropped + told.pending {
            let Told { logged, sent, dropped, pending, .. } = told;
            failures.push(format!(
                "the metrics say {logged} logged, {sent} sent, {dropped} dropped, {pending} pending"
            ));
        }
        if record.foreign > 0 {
            failures.push(format!("{} stored that were not logged so", record.foreign));
        }
        if record.garbled > 0 {
            failures.push(format!("{} requests were no batch", record.garbled));
        }
        failures
    }
}
