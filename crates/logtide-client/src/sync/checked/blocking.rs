//! Blocking work on the checker's threads.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use shuttle::future::{self, JoinError, spawn};

use super::atomic::{AtomicUsize, Ordering};

shuttle::lazy_static! {
    static ref JOBS: AtomicUsize = AtomicUsize::new(0);
}

#[derive(Debug)]
pub(crate) struct JoinHandle<T>(future::JoinHandle<T>);

/// Like tokio's: the work continues if its handle is dropped.
pub(crate) fn spawn_blocking<R: Send + 'static>(work: impl FnOnce() -> R + Send + 'static) -> JoinHandle<R> {
    JOBS.fetch_add(1, Ordering::SeqCst);
    JoinHandle(spawn(async move {
        let done = work();
        JOBS.fetch_sub(1, Ordering::SeqCst);
        done
    }))
}

/// The number of running jobs.
pub(crate) fn blocking_jobs() -> usize {
    JOBS.load(Ordering::SeqCst)
}

impl<T> JoinHandle<T> {
    pub(crate) fn is_finished(&self) -> bool {
        self.0.abort_handle().is_finished()
    }
}

impl<T> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context)
    }
}
