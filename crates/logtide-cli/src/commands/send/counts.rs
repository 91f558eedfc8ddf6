//! What was read.

use std::sync::atomic::AtomicU64;

/// What was read so far.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) bytes: AtomicU64,
    pub(super) lines: AtomicU64,
    /// Lines that were joined to the one before.
    pub(super) joined: AtomicU64,
    /// Lines that were longer than a line may be.
    pub(super) cut: AtomicU64,
    /// Lines with bytes that are no UTF-8.
    pub(super) not_utf8: AtomicU64,
}
