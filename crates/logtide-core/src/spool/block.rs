//! Entries to be written to a file.

use std::io::Write as _;

use super::content::{MAGIC, VERSION};
use crate::Timestamp;

/// Entries that are written together.
#[derive(Debug, Default)]
pub(crate) struct Block {
    lines: Vec<u8>,
    entries: usize,
}

impl Block {
    /// Adds the text of an entry.
    pub(crate) fn push(&mut self, text: &[u8]) {
        let crc = crc32fast::hash(text);
        // Writing to memory does not fail.
        let _ = write!(self.lines, "{crc:08x} {} ", text.len());
        self.lines.extend_from_slice(text);
        self.lines.push(b'\n');
        self.entries += 1;
    }

    /// The number of entries.
    pub(crate) const fn len(&self) -> usize {
        self.entries
    }

    /// The size of its lines in bytes.
    pub(crate) const fn bytes(&self) -> usize {
        self.lines.len()
    }

    /// The block with its header, for this time.
    pub(crate) fn finish(self, wire: &str, wall: Timestamp) -> Vec<u8> {
        let written = wall.as_micros() / 1_000;
        let mut block = format!("{MAGIC} {VERSION} {wire} {} {written}", self.entries).into_bytes();
        let crc = crc32fast::hash(&block);
        let _ = writeln!(block, " {crc:08x}");
        block.extend_from_slice(&self.lines);
        block
    }
}
