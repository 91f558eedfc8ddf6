//! A file of a spool.

use std::ops::Range;

use super::FileId;
use crate::{DropReason, Timestamp};

/// A file, and what is known of its entries.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) id: FileId,
    pub(crate) bytes: u64,
    /// The numbers of its entries, including those that are being written. `None` until a file that was found is
    /// read.
    pub(crate) entries: Option<Range<u64>>,
    /// Entries below this number are certainly in the file.
    pub(crate) written_end: u64,
    /// Entries that are certainly in the file, and not settled.
    pub(crate) stored: u64,
    /// Entries that are being written, and not settled.
    pub(crate) writing: u64,
    /// When it was last written.
    pub(crate) written: Timestamp,
    /// Whether its entries are in memory too.
    pub(crate) in_memory: bool,
    /// How many times it could not be read.
    pub(crate) failures: u32,
    /// Whether it is renamed when it is done, because it is damaged.
    pub(crate) is_damaged: bool,
    /// Why its entries are dropped when they are counted.
    pub(crate) doomed: Option<DropReason>,
}

impl File {
    /// Creates a file of which only the name is known.
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

    /// Creates a file that is about to be written with entries of these numbers, `unsettled` of which are to be
    /// delivered.
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

    /// Records that entries are settled. Returns how many of them were certainly in the file.
    pub(crate) fn resolve(&mut self, settled: &Range<u64>) -> u64 {
        let Some(entries) = &self.entries else { return 0 };
        let written = overlap(settled, &(entries.start..self.written_end));
        let writing = overlap(settled, &(self.written_end..entries.end));
        self.stored = self.stored.saturating_sub(written);
        self.writing = self.writing.saturating_sub(writing);
        written
    }

    /// Whether none of it is to be delivered.
    pub(crate) const fn is_done(&self) -> bool {
        self.entries.is_some() && self.stored == 0 && self.writing == 0
    }

    /// Its entries, if all of them are certainly in it and none is settled.
    pub(crate) fn whole(&self) -> Option<Range<u64>> {
        let entries = self.entries.clone()?;
        let is_whole = self.writing == 0 && self.stored == entries.end - entries.start;
        is_whole.then_some(entries)
    }
}

/// The number of common numbers.
fn overlap(one: &Range<u64>, other: &Range<u64>) -> u64 {
    one.end.min(other.end).saturating_sub(one.start.max(other.start))
}
