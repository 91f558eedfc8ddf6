//! The record of a server: the confirmed entries, and what else it saw.

use std::{collections::HashSet, io};

use serde::Deserialize;

use crate::payload;

/// The record of a server. It contains an entry before the response that confirms it is sent.
#[derive(Clone, Debug, Default)]
pub(in crate::faults) struct ServerRecord {
    stored: HashSet<u64>,
    /// Stored entries that had been stored before.
    pub(in crate::faults) duplicates: u64,
    /// Entries whose content does not match their number.
    pub(in crate::faults) foreign: u64,
    /// Requests that were read to the end.
    pub(in crate::faults) requests: u64,
    /// Requests that were read to the end, but are not a batch.
    pub(in crate::faults) garbled: u64,
    /// Handshakes with an invalid certificate that a client completed.
    pub(in crate::faults) fooled: u64,
    /// Connections to the server that only a redirect names.
    pub(in crate::faults) strayed: u64,
    /// Connections in which the server is silent while the client waits.
    pub(in crate::faults) hanging: u64,
    /// The most bytes of an endless response that a client took, including those in transit.
    pub(in crate::faults) taken: u64,
    /// How often each fault of the scenario was met.
    met: Vec<u64>,
}

/// The entries of a request body, by their `metadata.id`.
#[derive(Debug, Deserialize)]
pub(super) struct Batch {
    logs: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    message: String,
    metadata: Metadata,
}

#[derive(Debug, Deserialize)]
struct Metadata {
    id: u64,
    #[serde(default)]
    parts: Vec<String>,
}

impl Batch {
    pub(super) fn read(body: &[u8]) -> io::Result<Self> {
        Ok(serde_json::from_slice(body)?)
    }

    pub(super) fn len(&self) -> usize {
        self.logs.len()
    }
}

impl ServerRecord {
    /// Stores the first `entries` entries.
    pub(super) fn store(&mut self, batch: &Batch, entries: usize) {
        for Entry { message, metadata: Metadata { id, parts } } in batch.logs.iter().take(entries) {
            if !payload::is_right(*id, message, parts) {
                self.foreign += 1;
            } else if !self.stored.insert(*id) {
                self.duplicates += 1;
            }
        }
    }

    /// Counts that a fault was met.
    pub(in crate::faults) fn meet(&mut self, phase: usize) {
        if self.met.len() <= phase {
            self.met.resize(phase + 1, 0);
        }
        self.met[phase] += 1;
    }

    /// Creates a record with these entries.
    #[cfg(test)]
    pub(in crate::faults) fn of(ids: std::ops::Range<u64>) -> Self {
        Self { stored: ids.collect(), ..Self::default() }
    }

    /// Returns the number of distinct stored entries.
    pub(in crate::faults) fn stored(&self) -> u64 {
        self.stored.len() as u64
    }

    /// The numbers of the stored entries.
    pub(in crate::faults) const fn ids(&self) -> &HashSet<u64> {
        &self.stored
    }

    /// How often the fault with this number was met.
    pub(in crate::faults) fn met(&self, phase: usize) -> u64 {
        self.met.get(phase).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(ids: &[u64]) -> Batch {
        let logs: Vec<String> =
            ids.iter().map(|id| format!(r#"{{"message":"entry {id}","metadata":{{"id":{id}}}}}"#)).collect();
        Batch::read(format!(r#"{{"logs":[{}]}}"#, logs.join(",")).as_bytes()).unwrap()
    }

    #[test]
    fn an_entry_that_comes_again_is_a_duplicate() {
        let mut record = ServerRecord::default();
        record.store(&batch(&[1, 2]), 2);
        record.store(&batch(&[2, 3]), 2);
        assert_eq!((record.stored(), record.duplicates, record.foreign), (3, 1, 0));
    }

    #[test]
    fn a_part_of_a_batch_is_its_beginning() {
        let mut record = ServerRecord::default();
        record.store(&batch(&[1, 2, 3]), 2);
        assert_eq!(*record.ids(), HashSet::from([1, 2]));
    }

    #[test]
    fn an_entry_with_the_message_of_another_is_foreign() {
        let mut record = ServerRecord::default();
        let body = br#"{"logs":[{"message":"entry 2","metadata":{"id":1}}]}"#;
        record.store(&Batch::read(body).unwrap(), 1);
        assert_eq!((record.stored(), record.foreign), (0, 1));
    }

    #[test]
    fn a_body_of_something_else_is_no_batch() {
        assert!(Batch::read(b"{}").is_err());
        assert!(Batch::read(br#"{"logs":[{"message":"entry 1"}]}"#).is_err());
    }

    #[test]
    fn each_fault_is_counted_apart() {
        let mut record = ServerRecord::default();
        record.meet(2);
        record.meet(2);
        assert_eq!((record.met(0), record.met(2), record.met(3)), (0, 2, 0));
    }
}
