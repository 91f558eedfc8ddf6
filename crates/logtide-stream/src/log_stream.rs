//! The stream for async code.

use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use futures_core::Stream;
use logtide_query::LogRecord;
use logtide_transport::DriverError;
use tokio::sync::{mpsc, watch};

use crate::{StreamError, sink::Item};

/// New log entries as an async stream. Created by [`StreamClient::stream`](crate::StreamClient::stream).
///
/// An error reports that entries may be missing, and the stream continues. After a [final](StreamError::is_final) error it
/// ends. It works on any async runtime. Dropping it closes the connection.
#[must_use = "a stream that is dropped ends"]
pub struct LogStream {
    records: mpsc::Receiver<Item>,
    stop: StopHandle,
    failed: Option<StreamError>,
    is_over: bool,
}

/// Ends a stream from another thread or task. Clones end the same stream. Dropping a handle does nothing.
#[derive(Clone, Debug)]
pub struct StopHandle(Arc<watch::Sender<bool>>);

impl LogStream {
    pub(crate) fn new(records: mpsc::Receiver<Item>, stop: StopHandle, failed: Option<StreamError>) -> Self {
        Self { records, stop, failed, is_over: false }
    }

    /// Creates a handle, and a future that completes only when the handle is used.
    pub(crate) fn stop_signal() -> (StopHandle, impl Future<Output = ()> + Send + 'static) {
        let (sender, mut receiver) = watch::channel(false);
        let stopped = async move {
            if receiver.wait_for(|stopped| *stopped).await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        (StopHandle(Arc::new(sender)), stopped)
    }

    /// Waits for the next entry or error. Returns `None` at the end.
    pub async fn next(&mut self) -> Option<Result<LogRecord, StreamError>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Returns a handle that ends the stream from another thread or task.
    #[must_use]
    pub fn stop_handle(&self) -> StopHandle {
        self.stop.clone()
    }
}

impl Stream for LogStream {
    type Item = Result<LogRecord, StreamError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        let item = match self.failed.take() {
            Some(error) => Some(Err(error)),
            None if self.stop.is_stopped() => None,
            None => match self.records.poll_recv(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Some(item)) => Some(item),
                Poll::Ready(None) if self.stop.is_stopped() => None,
                // The sender sends a final error before it ends, unless the SDK's thread was stopped.
                Poll::Ready(None) => Some(Err(DriverError::Stopped.into())),
            },
        };
        self.is_over = match &item {
            None => true,
            Some(Err(error)) => error.is_final(),
            Some(Ok(_)) => false,
        };
        Poll::Ready(item)
    }
}

impl fmt::Debug for LogStream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("LogStream").field("is_over", &self.is_over).finish_non_exhaustive()
    }
}

impl StopHandle {
    /// Ends the stream and closes the connection. The stream gives no more items, and a pending wait for one returns.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }

    /// Whether the stream was stopped.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        *self.0.borrow()
    }
}
