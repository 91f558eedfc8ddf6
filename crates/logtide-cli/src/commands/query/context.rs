//! Entries logged around the matches.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use logtide::{Client, ContextOptions, LogRecord};

use crate::{
    failure::Failure,
    filters::Filters,
    output::{Mark, Output},
};

/// The most entries that the server returns for each side.
const MAX: u32 = 50;

/// Writes matches and the entries around them, each once.
#[derive(Debug)]
pub(super) struct Surroundings<'a> {
    client: &'a Client,
    filters: &'a Filters,
    entries: u32,
    /// The ids of the entries written around the last match.
    written: HashSet<String>,
    /// The id of the entry after these, if it is known.
    next: Option<String>,
    /// The time of the last entry that was written.
    last: Option<DateTime<Utc>>,
}

impl<'a> Surroundings<'a> {
    pub(super) fn new(client: &'a Client, filters: &'a Filters, entries: u32) -> Self {
        Self { client, filters, entries, written: HashSet::new(), next: None, last: None }
    }

    /// Writes a match with its context. Each match must be at least as new as those before.
    pub(super) fn write(&mut self, record: LogRecord, output: &mut Output) -> Result<(), Failure> {
        let options =
            ContextOptions::new(record.time).before(self.entries).after((self.entries + 1).min(MAX));
        let around = self.client.context_blocking(options)?;
        let (before, mut after) = (around.before, around.after);
        let next = after.split_off(after.len().min(self.entries as usize));
        // There are entries in between, unless the first of these was written or comes next.
        let first = before.first().unwrap_or(&record);
        let is_apart = self.last.is_some_and(|last| first.time > last)
            && !self.written.contains(&first.id)
            && self.next.as_ref() != Some(&first.id);
        if is_apart {
            output.separator()?;
        }
        let id = record.id.clone();
        let mut block = HashSet::new();
        for entry in before.into_iter().chain([record]).chain(after) {
            block.insert(entry.id.clone());
            let is_old = entry.id != id && self.last.is_some_and(|last| entry.time < last);
            if is_old || self.written.contains(&entry.id) {
                continue;
            }
            let mark =
                if entry.id == id || self.filters.matches(&entry) { Mark::Match } else { Mark::Context };
            output.entry(&entry, mark)?;
            self.last = self.last.max(Some(entry.time));
        }
        self.written = block;
        self.next = next.into_iter().next().map(|entry| entry.id);
        Ok(())
    }
}
