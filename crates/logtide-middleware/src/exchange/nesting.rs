//! Nested integrations.

use std::cell::Cell;

thread_local! {
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// Work that the calling thread does for a request. Several nested integrations can handle the same request.
#[derive(Debug)]
pub(super) struct Nesting(usize);

impl Nesting {
    pub(super) fn begin() -> Self {
        Self(DEPTH.replace(DEPTH.get() + 1))
    }

    /// Whether this is the outermost work of the thread.
    pub(super) const fn is_outermost(&self) -> bool {
        self.0 == 0
    }
}

impl Drop for Nesting {
    fn drop(&mut self) {
        DEPTH.set(self.0);
    }
}
