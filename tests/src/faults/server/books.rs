//! Which entries a server confirmed.

use std::{collections::HashSet, io};

use serde::Deserialize;

use crate::payload;

/// The books of a server: an entry is in them once the answer that confirms it has been handed to the system.
#[derive(Clone, Debug, Default)]
pub(in crate::faults) struct Books {
    stored: HashSet<u64>,
    duplicates: u64,
    foreign: u64,
    requests: u64,
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

impl Books {
    /// Counts a request that was read to its end, whatever comes of it.
    pub(super) fn count_request(&mut self) {
        self.requests += 1;
    }

    /// Gives the answer, and stores the batch if that succeeds.
    ///
    /// Whoever reads the books after the client read the answer finds the batch in them.
    pub(super) fn store(&mut self, batch: &Batch, answer: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        answer()?;
        for Entry { message, metadata: Metadata { id, parts } } in &batch.logs {
            if !payload::is_right(*id, message, parts) {
                self.foreign += 1;
            } else if !self.stored.insert(*id) {
                self.duplicates += 1;
            }
        }
        Ok(())
    }

    /// Books with these entries.
    #[cfg(test)]
    pub(in crate::faults) fn of(ids: std::ops::Range<u64>) -> Self {
        Self { stored: ids.collect(), ..Self::default() }
    }

    /// Confirmed entries, each counted once.
    pub(in crate::faults) fn stored(&self) -> u64 {
        self.stored.len() as u64
    }

    /// The numbers of the stored entries.
    pub(in crate::faults) const fn ids(&self) -> &HashSet<u64> {
        &self.stored
    }

    /// Confirmed entries that had been confirmed before.
    pub(in crate::faults) const fn duplicates(&self) -> u64 {
        self.duplicates
    }

    /// Confirmed entries whose message is not that of their number.
    pub(in crate::faults) const fn foreign(&self) -> u64 {
        self.foreign
    }

    /// Requests that were read to their end.
    pub(in crate::faults) const fn requests(&self) -> u64 {
        self.requests
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
        let mut books = Books::default();
        books.store(&batch(&[1, 2]), || Ok(())).unwrap();
        books.store(&batch(&[2, 3]), || Ok(())).unwrap();
        assert_eq!((books.stored(), books.duplicates(), books.foreign()), (3, 1, 0));
    }

    #[test]
    fn nothing_is_stored_without_an_answer() {
        let mut books = Books::default();
        assert!(books.store(&batch(&[1]), || Err(io::ErrorKind::BrokenPipe.into())).is_err());
        assert_eq!(books.stored(), 0);
    }

    #[test]
    fn an_entry_with_the_message_of_another_is_foreign() {
        let mut books = Books::default();
        let body = br#"{"logs":[{"message":"entry 2","metadata":{"id":1}}]}"#;
        books.store(&Batch::read(body).unwrap(), || Ok(())).unwrap();
        assert_eq!((books.stored(), books.foreign()), (0, 1));
    }

    #[test]
    fn a_body_of_something_else_is_no_batch() {
        assert!(Batch::read(b"{}").is_err());
        assert!(Batch::read(br#"{"logs":[{"message":"entry 1"}]}"#).is_err());
    }
}
