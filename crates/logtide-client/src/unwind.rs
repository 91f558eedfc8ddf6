//! Calls of code that may panic.

use logtide_core::bridge;

/// Calls code that is not the SDK's; `None` after a panic, which goes no further.
pub(crate) fn catch<R>(work: impl FnOnce() -> R) -> Option<R> {
    bridge::catch(work).ok()
}
