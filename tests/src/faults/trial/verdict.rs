//! The result of a trial.

use std::{collections::BTreeMap, fmt, sync::atomic::Ordering::Relaxed};

use super::{Seen, Trial};
use crate::faults::{Fault, judge::Count, program::Told, server::ServerRecord};

/// The most bytes of an endless response that may be taken. The client reads 64 KiB of body or 400 KiB of head, and the system
/// buffers the rest.
const MOST_TAKEN: u64 = 32 << 20;

/// The result of a trial.
#[derive(Clone, Debug)]
pub struct Verdict {
    pub(in crate::faults) logged: u64,
    /// Entries that the server stored, each counted once.
    pub(in crate::faults) stored: u64,
    /// Entries that the client counts as lost.
    pub(in crate::faults) told: u64,
    /// Repeated storage of the same entries.
    pub(in crate::faults) duplicates: u64,
    /// Requests that reached the server.
    pub(in crate::faults) requests: u64,
    pub(in crate::faults) retries: u64,
    /// Batches that were split.
    pub(in crate::faults) splits: u64,
    /// Batches that were parked.
    pub(in crate::faults) parks: u64,
    /// How often each fault was met.
    pub(in crate::faults) met: BTreeMap<&'static str, u64>,
    /// Describes what is wrong.
    pub(in crate::faults) failures: Vec<String>,
}

/// The failures so far.
#[derive(Debug, Default)]
pub(super) struct Trouble(Vec<String>);

impl Trouble {
    pub(super) fn add(&mut self, what: impl Into<String>) {
        self.0.push(what.into());
    }
}

impl Verdict {
    pub(super) fn new(
        trial: &Trial,
        told: &Told,
        record: &ServerRecord,
        seen: &Seen,
        retries: u64,
        Trouble(mut failures): Trouble,
    ) -> Self {
        let count = Count {
            logged: u64::from(trial.entries) + 1,
            stored: record.stored(),
            told: told.dropped + told.pending,
        };
        let met = met(trial, record, seen);
        failures.extend(count.judge(trial.promise, told, record));
        failures.extend(misconduct(record));
        if trial.meets_all {
            let unmet = met.iter().filter(|(_, times)| **times == 0);
            failures.extend(unmet.map(|(name, _)| format!("nothing met {name}")));
        }
        Self {
            logged: count.logged,
            stored: count.stored,
            told: count.told,
            duplicates: record.duplicates,
            requests: record.requests,
            retries,
            splits: seen.splits.load(Relaxed),
            parks: seen.parks.load(Relaxed),
            met,
            failures,
        }
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.failures.is_empty()
    }
}

/// Returns what a client must never do.
fn misconduct(record: &ServerRecord) -> Vec<String> {
    let mut failures = Vec::new();
    if record.fooled > 0 {
        failures.push(format!("{} requests to a server with a bad certificate", record.fooled));
    }
    if record.strayed > 0 {
        failures.push(format!("{} connections to another server", record.strayed));
    }
    if record.taken > MOST_TAKEN {
        failures.push(format!("{} MB of an answer were taken", record.taken >> 20));
    }
    failures
}

fn met(trial: &Trial, record: &ServerRecord, seen: &Seen) -> BTreeMap<&'static str, u64> {
    let mut met = BTreeMap::new();
    for (phase, name) in trial.names.iter().enumerate() {
        let Some(name) = name else { continue };
        // A closed port does not count its connections.
        let times = match trial.scenario.phase(phase).0 {
            Fault::Refuse => seen.refusals.load(Relaxed),
            _ => record.met(phase),
        };
        *met.entry(*name).or_default() += times;
    }
    met
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { logged, stored, told, duplicates, requests, retries, splits, .. } = self;
        write!(
            formatter,
            "{logged} logged, {stored} stored, {told} told as lost, {duplicates} duplicates, {requests} requests, {retries} retries, {splits} splits"
        )?;
        for failure in &self.failures {
            write!(formatter, "; {failure}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::Promise;

    /// Returns the failures of a trial of ten entries, with this many that met its fault and were stored.
    fn failures(
        promise: Promise,
        stored: u64,
        told: u64,
        change: impl FnOnce(&mut ServerRecord),
    ) -> Vec<String> {
        let mut trial = Trial::each_fault_quickly().remove(1);
        (trial.entries, trial.promise) = (9, promise);
        let mut record = ServerRecord::of(0..stored);
        record.meet(0);
        change(&mut record);
        let told = Told { logged: 10, sent: 10 - told, dropped: told, ..Told::default() };
        Verdict::new(&trial, &told, &record, &Seen::default(), 1, Trouble::default()).failures
    }

    #[test]
    fn a_loss_in_silence_fails_whatever_is_promised() {
        for promise in [Promise::NothingLost, Promise::LossesTold, Promise::NothingSilent] {
            assert_eq!(failures(promise, 10, 0, |_| {}), Vec::<String>::new());
            let failures = failures(promise, 8, 1, |_| {});
            assert!(failures.contains(&"1 lost in silence".to_owned()), "{failures:?}");
        }
    }

    #[test]
    fn an_entry_that_arrived_and_counts_as_lost_fails_where_every_answer_arrives() {
        let told = ["1 told as lost are stored"];
        assert_eq!(failures(Promise::NothingLost, 10, 1, |_| {}), told);
        assert_eq!(failures(Promise::LossesTold, 9, 2, |_| {}), told);
        assert_eq!(failures(Promise::NothingSilent, 9, 2, |_| {}), Vec::<String>::new());
    }

    #[test]
    fn what_a_client_must_never_do_fails() {
        let changes: [fn(&mut ServerRecord); 5] = [
            |record| record.foreign = 1,
            |record| record.garbled = 1,
            |record| record.fooled = 1,
            |record| record.strayed = 1,
            |record| record.taken = MOST_TAKEN + 1,
        ];
        for change in changes {
            assert_eq!(failures(Promise::NothingSilent, 10, 0, change).len(), 1);
        }
    }

    #[test]
    fn a_fault_that_nothing_met_proves_nothing() {
        let unmet = failures(Promise::NothingLost, 10, 0, |record| *record = ServerRecord::of(0..10));
        assert_eq!(unmet, ["nothing met reset-before-request"]);
    }
}
