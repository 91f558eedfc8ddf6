//! Reuses rows of completed batches.

use crate::batch::{Batch, Row, Size};

/// Keeps rows for later batches, and creates new ones with the size of the last.
#[derive(Debug)]
pub(super) struct Rows {
    spares: Vec<Row>,
    /// The size of the last full batch.
    last: Size,
    /// The maximum size of a row that is kept in bytes: one large entry must not hold its memory for good.
    most: usize,
}

impl Rows {
    /// Enough for the row that is filled and the one in flight.
    const KEPT: usize = 2;

    pub(super) const fn new(most: usize) -> Self {
        Self { spares: Vec::new(), last: Size { entries: 0, bytes: 0 }, most }
    }

    pub(super) fn take(&mut self) -> Row {
        self.spares.pop().unwrap_or_else(|| {
            // A row that is slightly larger than the last does not have to grow.
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

    /// Records the size of a full batch.
    pub(super) const fn note(&mut self, size: Size) {
        self.last = size;
    }
}
