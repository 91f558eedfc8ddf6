//! Entries that are sent together.

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
    /// Which of the row's records belong to it.
    range: Range<usize>,
    /// Whether there are entries in the row as the wire renders them, and no records.
    pub(crate) is_rendered: bool,
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
    pub(crate) sole_failures: u32,
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

    /// Entries that the wire rendered, of which the first has that number. It is due, and takes no others.
    #[cfg(feature = "spool")]
    pub(crate) fn rendered<'a>(texts: impl Iterator<Item = &'a [u8]>, first: u64, since: Tick) -> Self {
        let mut row = Row::default();
        texts.for_each(|text| row.push_text(text));
        let range = 0..row.len();
        Self { range, is_rendered: true, sealed: true, due: true, ..Self::new(row, first, since) }
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

    /// Adds the entries to a body, oldest first, as long as `take` says so, which is asked after each with the bytes that it has here.
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

    /// Adds an entry of the row to a body, or alone.
    fn write_one(&self, index: usize, wire: &mut dyn Wire, out: &mut Vec<u8>, in_body: bool) {
        if !self.is_rendered {
            // Each was a record when it came.
            let Some(record) = self.row().get(index) else { return };
            return if in_body { wire.write(record, out) } else { wire.render(record, out) };
        }
        if in_body {
            wire.separate(out);
        }
        out.extend_from_slice(self.row().text(index));
    }

    /// Adds the entry with that number, as the wire renders it alone.
    #[cfg(feature = "spool")]
    pub(crate) fn render(&self, number: u64, wire: &mut dyn Wire, out: &mut Vec<u8>) {
        let index = self.range.start + (number - self.first) as usize;
        self.write_one(index, wire, out, false);
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
                is_rendered: self.is_rendered,
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

    /// Its records, oldest first.
    #[cfg(test)]
    pub(crate) fn records(&self) -> impl Iterator<Item = crate::Record<'_>> {
        self.range.clone().filter_map(|index| self.row().get(index))
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
