//! The guard of an entered span.

use std::{fmt, marker::PhantomData};

use crate::integration::ActiveSpan;

/// Keeps the calling thread inside a span. Created by [`Span::enter`](super::Span::enter).
pub struct SpanGuard<'s> {
    active: &'s ActiveSpan,
    /// Not `Send`: the thread that entered the span must leave it.
    _thread: PhantomData<*const ()>,
}

impl<'s> SpanGuard<'s> {
    pub(super) fn new(active: &'s ActiveSpan) -> Self {
        active.enter();
        Self { active, _thread: PhantomData }
    }
}

impl Drop for SpanGuard<'_> {
    fn drop(&mut self) {
        self.active.exit();
    }
}

impl fmt::Debug for SpanGuard<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("SpanGuard").field(self.active).finish()
    }
}
