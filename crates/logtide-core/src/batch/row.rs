//! Consecutive records.

use std::ops::Range;

use super::Size;
use crate::Record;

/// Consecutive records, and the end of each.
#[derive(Debug, Default)]
pub(crate) struct Row {
    bytes: Vec<u8>,
    /// The overhead of a record is four bytes.
    ends: Vec<u32>,
}

impl Row {
    /// Creates a row with capacity for records of this size.
    pub(crate) fn with_capacity(size: Size) -> Self {
        Self { bytes: Vec::with_capacity(size.bytes), ends: Vec::with_capacity(size.entries) }
    }

    /// Adds a record. The caller keeps the row below 4 GiB.
    #[inline]
    pub(crate) fn push(&mut self, record: Record<'_>) {
        self.bytes.extend_from_slice(record.as_bytes());
        self.ends.push(self.bytes.len() as u32);
    }

    /// Adds the text of an entry. A row has either records or texts.
    #[cfg(feature = "spool")]
    pub(crate) fn push_text(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len() as u32);
    }

    pub(crate) fn get(&self, index: usize) -> Option<Record<'_>> {
        Record::first(self.text(index))
    }

    /// The bytes of a record, or the text of an entry.
    pub(crate) fn text(&self, index: usize) -> &[u8] {
        &self.bytes[self.span(index..index + 1)]
    }

    /// The number of records or texts.
    #[cfg(feature = "spool")]
    pub(crate) const fn len(&self) -> usize {
        self.ends.len()
    }

    /// The size of some of its records in bytes.
    pub(crate) fn bytes_of(&self, records: Range<usize>) -> usize {
        self.span(records).len()
    }

    /// The size of all its records in bytes.
    pub(crate) const fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Creates a new row with some of the records.
    pub(crate) fn copy_of(&self, records: Range<usize>) -> Self {
        let span = self.span(records.clone());
        let ends = self.ends[records].iter().map(|end| end - span.start as u32).collect();
        Self { bytes: self.bytes[span].to_vec(), ends }
    }

    /// The capacity of its buffers in bytes.
    pub(crate) const fn capacity(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * size_of::<u32>()
    }

    /// Frees unused capacity, if it is more than a little.
    pub(crate) fn shrink(&mut self) {
        if self.capacity() - self.needed() > self.needed() / 16 {
            self.bytes.shrink_to_fit();
            self.ends.shrink_to_fit();
        }
    }

    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    const fn needed(&self) -> usize {
        self.bytes.len() + self.ends.len() * size_of::<u32>()
    }

    fn span(&self, records: Range<usize>) -> Range<usize> {
        self.start(records.start)..self.start(records.end)
    }

    fn start(&self, index: usize) -> usize {
        index.checked_sub(1).map_or(0, |before| self.ends[before] as usize)
    }
}
