//! Integrations around integrations.

use std::cell::Cell;

thread_local! {
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// Work of a request that the calling thread does. A request may go through several integrations, one inside of the other.
#[derive(Debug)]
pub(super) struct Nesting(usize);

impl Nesting {
    pub(super) fn begin() -> Self {
        Self(DEPTH.replace(DEPTH.get() + 1))
    }

    /// Whether no other work of the thread is around this.
    pub(super) const fn is_outermost(&self) -> bool {
        self.0 == 0
    }
}

impl Drop for Nesting {
    fn drop(&mut self) {
        DEPTH.set(self.0);
    }
}
