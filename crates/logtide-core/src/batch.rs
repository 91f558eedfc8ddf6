//! Entries that are sent together.

mod row;

use std::{ops::Range, sync::Arc};

pub(crate) use self::row::Row;
use crate::{Record, Tick};

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
    /// Which of the row's records belong to it.
    range: Range<usize>,
    /// The number of the first entry, counted over all that the pipeline took.
    pub(crate) first: u64,
    /// When the first entry came.
    pub(crate) since: Tick,
    /// When it may go out.
    pub(crate) not_before: Tick,
    /// Failed attempts so far.
    pub(crate) attempts: u32,
    /// How often in a row the server named the time of the next attempt.
    pub(crate) waits: u32,
    /// Whether it takes no more entries.
    pub(crate) sealed: bool,
    /// Whether it has stopped waiting for more entries.
    pub(crate) due: bool,
    /// Whether it may hold a bad entry and is sent beside the others, at the pace of the [`Budget`](crate::budget::Budget).
    pub(crate) suspect: bool,
    /// How many batches the server had taken when it last failed on this one.
    pub(crate) failed_after: Option<u64>,
    /// How often the server failed on this one entry while it took others.
    pub(crate) doubts: u32,
}

#[derive(Debug)]
enum Held {
    Own(Row),
    /// By the parts of a batch that was divided.
    Shared(Arc<Row>),
}

/// A part of fewer than one in so many bytes of its row gets a row of its own: one entry that stays must not keep a whole row.
const MOST_SHARED: usize = 4;

impl Batch {
    /// An empty batch that fills an empty row.
    pub(crate) const fn new(row: Row, first: u64, since: Tick) -> Self {
        Self {
            row: Held::Own(row),
            range: 0..0,
            first,
            since,
            not_before: Tick::ZERO,
            attempts: 0,
            waits: 0,
            sealed: false,
            due: false,
            suspect: false,
            failed_after: None,
            doubts: 0,
        }
    }

    /// Whether a record still fits into a batch of at most that size.
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

    /// Takes no more entries, and holds no more memory than it needs.
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

    /// The number of the entry behind the last.
    pub(crate) const fn end(&self) -> u64 {
        self.first + self.len() as u64
    }

    /// Its records, oldest first.
    pub(crate) fn records(&self) -> impl Iterator<Item = Record<'_>> {
        // Each was a record when it came, so none is left out.
        self.range.clone().filter_map(|index| self.row().get(index))
    }

    /// Drops the oldest entry and gives its bytes.
    pub(crate) fn skip(&mut self) -> usize {
        let bytes = self.row().bytes_of(self.range.start..self.range.start + 1);
        self.range.start += 1;
        self.first += 1;
        bytes
    }

    /// Divides the batch where `at` entries are in the first part, of which both have some. Both parts are due, take no more entries and
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
                sealed: true,
                due: true,
                suspect: self.suspect,
                failed_after: self.failed_after,
                ..Self::new(Row::default(), first, self.since)
            }
        })
    }

    /// How many entries the first half by bytes has: at least one, and one is left for the second.
    pub(crate) fn middle_by_bytes(&self) -> usize {
        let half = self.size().bytes / 2;
        let from = self.range.start;
        let count =
            self.range.clone().take_while(|index| self.row().bytes_of(from..index + 1) <= half).count();
        count.clamp(1, self.len() - 1)
    }

    /// Its row, for the next batch, unless other batches hold it too.
    pub(crate) fn into_row(self) -> Option<Row> {
        match self.row {
            Held::Own(row) => Some(row),
            Held::Shared(row) => Arc::into_inner(row),
        }
    }

    /// Bytes of memory that its row holds on to.
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
