//! Records, one behind the other.

use std::ops::Range;

use super::Size;
use crate::Record;

/// Records, one behind the other, and where each ends.
#[derive(Debug, Default)]
pub(crate) struct Row {
    bytes: Vec<u8>,
    /// Four bytes for each record is all that a record costs beyond its own.
    ends: Vec<u32>,
}

impl Row {
    /// Room for records of that size.
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

    /// How many records or texts it has.
    #[cfg(feature = "spool")]
    pub(crate) const fn len(&self) -> usize {
        self.ends.len()
    }

    /// Bytes of some of its records.
    pub(crate) fn bytes_of(&self, records: Range<usize>) -> usize {
        self.span(records).len()
    }

    /// Bytes of all its records.
    pub(crate) const fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// A row of its own with some of the records.
    pub(crate) fn copy_of(&self, records: Range<usize>) -> Self {
        let span = self.span(records.clone());
        let ends = self.ends[records].iter().map(|end| end - span.start as u32).collect();
        Self { bytes: self.bytes[span].to_vec(), ends }
    }

    /// Bytes that its buffers hold on to.
    pub(crate) const fn capacity(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * size_of::<u32>()
    }

    /// Gives room back that the row does not need, where that is more than a little.
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
