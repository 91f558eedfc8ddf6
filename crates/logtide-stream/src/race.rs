//! Waiting for the first of two futures.

use std::{future::poll_fn, pin::pin, task::Poll};

/// Polls both futures and returns the result of the one that completes first. The other is dropped.
pub(crate) async fn race<T>(first: impl Future<Output = T>, second: impl Future<Output = T>) -> T {
    let (mut first, mut second) = (pin!(first), pin!(second));
    poll_fn(|context| match first.as_mut().poll(context) {
        Poll::Pending => second.as_mut().poll(context),
        ready => ready,
    })
    .await
}
