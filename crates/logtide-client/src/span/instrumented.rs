//! Futures inside spans.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use super::Span;

/// Runs futures inside spans.
///
/// The span is active whenever the future is polled, on any thread, and while it is dropped.
///
/// ```
/// use logtide_client::InSpan;
///
/// # async fn example(client: &logtide_client::Client) {
/// let load = async { client.info("api", "loading", ()) };
/// load.in_span(client.span("load user")).await;
/// # }
/// ```
pub trait InSpan: Future + Sized {
    /// Runs the future inside a span, which ends with it.
    fn in_span(self, span: Span) -> Instrumented<Self> {
        Instrumented { future: Some(Box::pin(self)), span }
    }
}

impl<F: Future> InSpan for F {}

/// A future inside a span. Created by [`InSpan`].
#[must_use = "futures do nothing unless they are awaited"]
pub struct Instrumented<F> {
    /// `None` once it is done.
    future: Option<Pin<Box<F>>>,
    span: Span,
}

impl<F: Future> Future for Instrumented<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let Self { future, span } = &mut *self;
        let Some(running) = future else { return Poll::Pending };
        let inside = span.enter();
        let poll = running.as_mut().poll(context);
        if poll.is_ready() {
            *future = None;
            drop(inside);
            span.clone().end();
        }
        poll
    }
}

impl<F> Drop for Instrumented<F> {
    fn drop(&mut self) {
        let Self { future, span } = self;
        span.in_scope(|| *future = None);
    }
}

impl<F> fmt::Debug for Instrumented<F> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Instrumented").field("span", &self.span).finish_non_exhaustive()
    }
}
