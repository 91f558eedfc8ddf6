//! Rows of batches that are done.

use crate::batch::{Batch, Row, Size};

/// Keeps rows for batches to come, and makes new ones as large as the last were.
#[derive(Debug)]
pub(super) struct Rows {
    spares: Vec<Row>,
    /// What the last full batch held.
    last: Size,
    /// Bytes of a row that is kept: one large entry must not hold its memory for good.
    most: usize,
}

impl Rows {
    /// Enough for the one that is filled and the one that is under way.
    const KEPT: usize = 2;

    pub(super) const fn new(most: usize) -> Self {
        Self { spares: Vec::new(), last: Size { entries: 0, bytes: 0 }, most }
    }

    pub(super) fn take(&mut self) -> Row {
        self.spares.pop().unwrap_or_else(|| {
            // A row that is a little larger than the last does not have to grow.
            Row::with_capacity(Size { bytes: self.last.bytes + self.last.bytes / 32, ..self.last })
        })
    }

    pub(super) fn give(&mut self, batch: Batch) {
        if self.spares.len() < Self::KEPT
            && let Some(mut row) = batch.into_row().filter(|row| row.capacity() <= self.most)
        {
            row.clear();
            self.spares.push(row);
        }
    }

    /// Notes the size of a batch that is full.
    pub(super) const fn note(&mut self, size: Size) {
        self.last = size;
    }
}
