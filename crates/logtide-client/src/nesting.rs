//! Nested log calls.

use std::cell::Cell;

use crate::sync::{Driver, thread_local};

/// The maximum depth of nested log calls of a thread. It allows for a value that logs while it is formatted, and a
/// value in that entry.
///
/// An allocator that logs makes a nested log call for each allocation. The limit ends that recursion.
const MAX_DEPTH: u8 = 3;

thread_local! {
    static DEPTH: Cell<u8> = const { Cell::new(0) };
}

/// A log call in progress.
#[derive(Debug)]
pub(crate) struct Nested(());

impl Nested {
    /// Begins a log call unless it is nested too deeply.
    #[inline]
    pub(crate) fn begin() -> Option<Self> {
        let depth = DEPTH.with(Cell::get);
        (depth < MAX_DEPTH).then(|| {
            DEPTH.with(|deepest| deepest.set(depth + 1));
            Self(())
        })
    }
}

/// Runs a closure for a log call or a span, for crates that connect a framework to the SDK.
///
/// Returns `None` without running it on the SDK's own threads, and if log calls are nested too deeply. Calls are nested
/// if a value logs while it is formatted, or if an allocator logs.
pub fn nested<R>(work: impl FnOnce() -> R) -> Option<R> {
    if Driver::is_driver_thread() {
        return None;
    }
    let _nested = Nested::begin()?;
    Some(work())
}

impl Drop for Nested {
    fn drop(&mut self) {
        DEPTH.with(|depth| depth.set(depth.get().saturating_sub(1)));
    }
}
