//! Fingerprints, which tell a file from another that reuses its inode.

use serde::{Deserialize, Serialize};

/// The bytes at the start of a file that identify it.
pub(super) const HEAD: usize = 256;

/// A checksum of the first bytes of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Fingerprint {
    /// The number of bytes.
    pub(super) length: u64,
    crc: u32,
}

impl Fingerprint {
    /// Computes the fingerprint of these bytes.
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self { length: bytes.len() as u64, crc: crc32fast::hash(bytes) }
    }

    /// Extends the fingerprint with the bytes that follow.
    pub(super) fn with(self, bytes: &[u8]) -> Self {
        let mut hasher = crc32fast::Hasher::new_with_initial_len(self.crc, self.length);
        hasher.update(bytes);
        Self { length: self.length + bytes.len() as u64, crc: hasher.finalize() }
    }
}
