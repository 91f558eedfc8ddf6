//! What tells a file from another that has got its inode.

use serde::{Deserialize, Serialize};

/// Bytes at the start of a file that tell it from others.
pub(super) const HEAD: usize = 256;

/// A checksum of the first bytes of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Fingerprint {
    /// How many bytes.
    pub(super) length: u64,
    crc: u32,
}

impl Fingerprint {
    /// That of so many bytes.
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self { length: bytes.len() as u64, crc: crc32fast::hash(bytes) }
    }

    /// That of these bytes with others behind them.
    pub(super) fn with(self, bytes: &[u8]) -> Self {
        let mut hasher = crc32fast::Hasher::new_with_initial_len(self.crc, self.length);
        hasher.update(bytes);
        Self { length: self.length + bytes.len() as u64, crc: hasher.finalize() }
    }
}
