//! Batches of entries.

mod row;

use std::{ops::Range, sync::Arc};

pub(crate) use self::row::Row;
use crate::{Record, Tick, Wire};

/// Entries and bytes, counted together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) entries: usize,
    pub(crate) bytes: usize,
}

impl Size {
    pub(crate) fn add(&mut self, other: Self) {
        self.entries += other.entries;
        self.bytes += other.bytes;
    }

    pub(crate) fn subtract(&mut self, other: Self) {
        self.entries -= other.entries;
        self.bytes -= other.bytes;
    }
}

/// Entries in call order, as a range of a row of records.
#[derive(Debug)]
pub(crate) struct Batch {
    row: Held,
    /// The records of the row that belong to it.
    range: Range<usize>,
    /// Whether the row has rendered entries instead of records.
    pub(crate) is_rendered: bool,
    /// The number of the first entry, counted over all that the pipeline accepted.
    pub(crate) first: u64,
    /// When the first entry was pushed.
    pub(crate) since: Tick,
    /// When it may be sent.
    pub(crate) not_before: Tick,
    /// The number of failed attempts.
    pub(crate) attempts: u32,
    /// How many consecutive times the server has set the time of the next attempt.
    pub(crate) waits: u32,
    /// Whether it accepts no more entries.
    pub(crate) sealed: bool,
    /// Whether it has stopped waiting for more entries.
    pub(crate) due: bool,
    /// Whether it may contain a bad entry, and is sent in addition to the others at the rate of the
    /// [`Budget`](crate::budget::Budget).
    pub(crate) suspect: bool,
    /// How many batches the server had accepted when it last failed on this one.
    pub(crate) failed_after: Option<u64>,
    /// How often the server failed on this single entry while it accepted others.
    pub(crate) sole_failures: u32,
}

#[derive(Debug)]
enum Held {
    Own(Row),
    /// Shared by the parts of a batch that was split.
    Shared(Arc<Row>),
}

/// A part below this fraction of its row gets its own row: a single entry that stays must not keep a whole row.
const MOST_SHARED: usize = 4;

impl Batch {
    /// Creates an empty batch that fills an empty row.
    pub(crate) const fn new(row: Row, first: u64, since: Tick) -> Self {
        Self {
            row: Held::Own(row),
            range: 0..0,
            is_rendered: false,
            first,
            since,
            not_before: Tick::ZERO,
            attempts: 0,
            waits: 0,
            sealed: false,
            due: false,
            suspect: false,
            failed_after: None,
            sole_failures: 0,
        }
    }

    /// Creates a batch of rendered entries. `first` is the number of the first one. It is due and accepts no others.
    #[cfg(feature = "spool")]
    pub(crate) fn rendered<'a>(texts: impl Iterator<Item = &'a [u8]>, first: u64, since: Tick) -> Self {
        let mut row = Row::default();
        texts.for_each(|text| row.push_text(text));
        let range = 0..row.len();
        Self { range, is_rendered: true, sealed: true, due: true, ..Self::new(row, first, since) }
    }

    /// Whether a record still fits into a batch of this maximum size.
    pub(crate) fn fits(&self, record: Record<'_>, limit: Size) -> bool {
        !self.sealed
            && self.range.end < limit.entries
            && (self.range.end == 0 || self.row().bytes() + record.len() <= limit.bytes)
    }

    pub(crate) fn append(&mut self, record: Record<'_>) {
        let Held::Own(row) = &mut self.row else {
            unreachable!("only an open batch takes entries, and one that was divided is sealed");
        };
        row.push(record);
        self.range.end += 1;
    }

    /// Seals the batch: it accepts no more entries, and frees unused memory.
    pub(crate) fn seal(&mut self) {
        self.sealed = true;
        if let Held::Own(row) = &mut self.row {
            row.shrink();
        }
    }

    pub(crate) const fn len(&self) -> usize {
        self.range.end - self.range.start
    }

    pub(crate) fn size(&self) -> Size {
        Size { entries: self.len(), bytes: self.row().bytes_of(self.range.clone()) }
    }

    /// The number after that of the last entry.
    pub(crate) const fn end(&self) -> u64 {
        self.first + self.len() as u64
    }

    /// Adds the entries to a body, oldest first, while `take` returns true. `take` is called after each entry with
    /// its size here.
    pub(crate) fn write(
        &self,
        wire: &mut dyn Wire,
        body: &mut Vec<u8>,
        mut take: impl FnMut(usize, &mut Vec<u8>) -> bool,
    ) {
        for index in self.range.clone() {
            self.write_one(index, wire, body, true);
            if !take(self.row().bytes_of(index..index + 1), body) {
                return;
            }
        }
    }

    /// Adds an entry of the row to a body, or renders it separately.
    fn write_one(&self, index: usize, wire: &mut dyn Wire, out: &mut Vec<u8>, in_body: bool) {
        if !self.is_rendered {
            // Each was a valid record when it was pushed.
            let Some(record) = self.row().get(index) else { return };
            return if in_body { wire.write(record, out) } else { wire.render(record, out) };
        }
        if in_body {
            wire.separate(out);
        }
        out.extend_from_slice(self.row().text(index));
    }

    /// Adds the entry with this number, rendered separately.
    #[cfg(feature = "spool")]
    pub(crate) fn render(&self, number: u64, wire: &mut dyn Wire, out: &mut Vec<u8>) {
        let index = self.range.start + (number - self.first) as usize;
        self.write_one(index, wire, out, false);
    }

    /// Drops the oldest entry and returns its size in bytes.
    pub(crate) fn skip(&mut self) -> usize {
        let bytes = self.row().bytes_of(self.range.start..self.range.start + 1);
        self.range.start += 1;
        self.first += 1;
        bytes
    }

    /// Splits the batch after `at` entries. Neither part may be empty. Both parts are due, accept no more entries and
    /// start with fresh attempts.
    pub(crate) fn split(self, at: usize) -> [Self; 2] {
        let Range { start, end } = self.range;
        let row = match self.row {
            Held::Own(row) => Arc::new(row),
            Held::Shared(row) => row,
        };
        [(start..start + at, self.first), (start + at..end, self.first + at as u64)].map(|(range, first)| {
            let is_small = row.bytes_of(range.clone()) < row.bytes() / MOST_SHARED;
            let (row, range) = if is_small {
                (Held::Own(row.copy_of(range.clone())), 0..range.len())
            } else {
                (Held::Shared(Arc::clone(&row)), range)
            };
            Self {
                row,
                range,
                is_rendered: self.is_rendered,
                sealed: true,
                due: true,
                suspect: self.suspect,
                failed_after: self.failed_after,
                ..Self::new(Row::default(), first, self.since)
            }
        })
    }

    /// The number of entries in the first half by bytes: at least one, and at least one is left for the second.
    pub(crate) fn middle_by_bytes(&self) -> usize {
        let half = self.size().bytes / 2;
        let from = self.range.start;
        let count =
            self.range.clone().take_while(|index| self.row().bytes_of(from..index + 1) <= half).count();
        count.clamp(1, self.len() - 1)
    }

    /// Returns its row for the next batch, unless other batches share it.
    pub(crate) fn into_row(self) -> Option<Row> {
        match self.row {
            Held::Own(row) => Some(row),
            Held::Shared(row) => Arc::into_inner(row),
        }
    }

    /// Its records, oldest first.
    #[cfg(test)]
    pub(crate) fn records(&self) -> impl Iterator<Item = crate::Record<'_>> {
        self.range.clone().filter_map(|index| self.row().get(index))
    }

    /// The memory that its row uses, in bytes.
    #[cfg(test)]
    pub(crate) fn held_bytes(&self) -> usize {
        self.row().capacity()
    }

    fn row(&self) -> &Row {
        match &self.row {
            Held::Own(row) => row,
            Held::Shared(row) => row,
        }
    }
}

#[cfg(test)]
mod tests;
