//! Log calls inside of log calls.

use std::cell::Cell;

use crate::sync::{Driver, thread_local};

/// The deepest that log calls of a thread may lie in each other: a value that logs while it is formatted, and a value in its entry.
///
/// Where an allocator logs, each call that allocates makes another. At this depth that ends.
const DEEPEST: u8 = 3;

thread_local! {
    static DEPTH: Cell<u8> = const { Cell::new(0) };
}

/// A log call under way.
#[derive(Debug)]
pub(crate) struct Nested(());

impl Nested {
    /// Begins a log call, unless it lies too deep.
    #[inline]
    pub(crate) fn begin() -> Option<Self> {
        let depth = DEPTH.with(Cell::get);
        (depth < DEEPEST).then(|| {
            DEPTH.with(|deepest| deepest.set(depth + 1));
            Self(())
        })
    }
}

/// Does some work for a log call or a span, for what connects a framework to the SDK.
///
/// `None`, and nothing is done, on the SDK's own threads, and where calls of the thread lie too deep in each other: a value that logs
/// itself while it is formatted, or an allocator that logs.
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
