//! The content of a file, and its durable part.

use fastrand::Rng;
use logtide_core::Timestamp;

/// The bytes that reach the disk together.
const PAGE: usize = 512;

/// The content of a file, and its durable part.
#[derive(Clone, Debug)]
pub(super) struct Data {
    /// As processes see it.
    pub(super) bytes: Vec<u8>,
    pub(super) written: Timestamp,
    durable: Vec<u8>,
    /// The ranges written since the last sync, in order.
    unsynced: Vec<(usize, usize)>,
}

impl Data {
    pub(super) fn new(written: Timestamp) -> Self {
        Self { bytes: Vec::new(), written, durable: Vec::new(), unsynced: Vec::new() }
    }

    pub(super) fn durable(bytes: &[u8], written: Timestamp) -> Self {
        Self { bytes: bytes.to_vec(), written, durable: bytes.to_vec(), unsynced: Vec::new() }
    }

    pub(super) fn write(&mut self, bytes: &[u8], written: Timestamp) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        self.unsynced.push((start, self.bytes.len()));
        self.written = written;
    }

    pub(super) fn sync(&mut self) {
        for (start, end) in std::mem::take(&mut self.unsynced) {
            self.persist(start, end);
        }
    }

    /// Handles a failed sync: data that was not synced is durable or not, and is not retried.
    pub(super) fn fail_sync(&mut self, random: &mut Rng) {
        self.lose(random);
    }

    /// Returns the file after a power cut.
    pub(super) fn crash(&mut self, random: &mut Rng) {
        self.lose(random);
        self.bytes.clone_from(&self.durable);
    }

    fn lose(&mut self, random: &mut Rng) {
        let unsynced = std::mem::take(&mut self.unsynced);
        let Some((first, _)) = unsynced.first().copied() else { return };
        let end = self.bytes.len();
        match random.u8(..4) {
            0 => {}
            1 => self.persist(first, end),
            2 => self.persist(first, random.usize(first..=end)),
            _ => {
                for start in (first / PAGE * PAGE..end).step_by(PAGE) {
                    if random.bool() {
                        self.persist(start.max(first), (start + PAGE).min(end));
                    }
                }
            }
        }
    }

    /// Makes a range durable. Earlier data that is not durable reads as zeros.
    fn persist(&mut self, start: usize, end: usize) {
        if self.durable.len() < end {
            self.durable.resize(end, 0);
        }
        self.durable[start..end].copy_from_slice(&self.bytes[start..end]);
    }
}
