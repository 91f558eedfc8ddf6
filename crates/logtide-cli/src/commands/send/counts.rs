//! Counts of the input.

use std::sync::atomic::AtomicU64;

/// Counts of what was read so far.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) bytes: AtomicU64,
    pub(super) lines: AtomicU64,
    /// Lines joined to the previous line.
    pub(super) joined: AtomicU64,
    /// Lines that exceeded the limit.
    pub(super) cut: AtomicU64,
    /// Lines that are not valid UTF-8.
    pub(super) not_utf8: AtomicU64,
}
