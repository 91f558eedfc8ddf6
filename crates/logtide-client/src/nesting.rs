//! Log calls inside of log calls.

use std::cell::Cell;

use crate::sync::thread_local;

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

impl Drop for Nested {
    fn drop(&mut self) {
        DEPTH.with(|depth| depth.set(depth.get().saturating_sub(1)));
    }
}
