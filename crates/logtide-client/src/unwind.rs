//! Calls of code that may panic.

use logtide_core::bridge;

/// Calls code of the application. Returns `None` if it panicked.
pub(crate) fn catch<R>(work: impl FnOnce() -> R) -> Option<R> {
    bridge::catch(work).ok()
}
