//! Buffers of batches that are done.

use bytes::BytesMut;

use crate::batch::Batch;

/// Keeps buffers for batches to come.
#[derive(Debug, Default)]
pub(super) struct Spares(Vec<BytesMut>);

impl Spares {
    /// Enough for the one that is filled and the one that is under way.
    const KEPT: usize = 2;

    pub(super) fn take(&mut self) -> BytesMut {
        self.0.pop().unwrap_or_default()
    }

    pub(super) fn give(&mut self, batch: Batch) {
        if self.0.len() < Self::KEPT {
            self.0.extend(batch.into_spare());
        }
    }
}
