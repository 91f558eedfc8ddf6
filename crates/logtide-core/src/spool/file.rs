//! A file of a spool.

use std::ops::Range;

use super::FileId;
use crate::{DropReason, Timestamp};

/// A file, and what is known of its entries.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) id: FileId,
    pub(crate) bytes: u64,
    /// The numbers of its entries, also of those that are being written; `None` until a file that was found is read.
    pub(crate) entries: Option<Range<u64>>,
    /// Entries below this number are in the file for certain.
    pub(crate) written_end: u64,
    /// Entries that are in the file for certain, and not settled.
    pub(crate) stored: u64,
    /// Entries that are being written, and not settled.
    pub(crate) writing: u64,
    /// When it was written last.
    pub(crate) written: Timestamp,
    /// Whether its entries are in memory too.
    pub(crate) in_memory: bool,
    /// How often it could not be read.
    pub(crate) failures: u32,
    /// Whether it is put aside when it is done.
    pub(crate) is_damaged: bool,
    /// Why its entries are dropped once they are counted.
    pub(crate) doomed: Option<DropReason>,
}

impl File {
    /// A file of which only the name is known.
    pub(crate) const fn found(id: FileId, bytes: u64, written: Timestamp) -> Self {
        Self {
            id,
            bytes,
            entries: None,
            written_end: 0,
            stored: 0,
            writing: 0,
            written,
            in_memory: false,
            failures: 0,
            is_damaged: false,
            doomed: None,
        }
    }

    /// A file that is about to be written with entries of these numbers, `unsettled` of which are to be delivered.
    pub(crate) const fn new(id: FileId, entries: Range<u64>, unsettled: u64, written: Timestamp) -> Self {
        let start = entries.start;
        Self {
            entries: Some(entries),
            written_end: start,
            writing: unsettled,
            in_memory: true,
            ..Self::found(id, 0, written)
        }
    }

    /// Notes that entries are settled, and says how many of them were in the file for certain.
    pub(crate) fn resolve(&mut self, settled: &Range<u64>) -> u64 {
        let Some(entries) = &self.entries else { return 0 };
        let written = overlap(settled, &(entries.start..self.written_end));
        let writing = overlap(settled, &(self.written_end..entries.end));
        self.stored = self.stored.saturating_sub(written);
        self.writing = self.writing.saturating_sub(writing);
        written
    }

    /// Whether nothing of it is still to be delivered.
    pub(crate) const fn is_done(&self) -> bool {
        self.entries.is_some() && self.stored == 0 && self.writing == 0
    }

    /// Its entries, if all of them are in it for certain and none is settled.
    pub(crate) fn whole(&self) -> Option<Range<u64>> {
        let entries = self.entries.clone()?;
        let is_whole = self.writing == 0 && self.stored == entries.end - entries.start;
        is_whole.then_some(entries)
    }
}

/// How many numbers are in both.
fn overlap(one: &Range<u64>, other: &Range<u64>) -> u64 {
    one.end.min(other.end).saturating_sub(one.start.max(other.start))
}
