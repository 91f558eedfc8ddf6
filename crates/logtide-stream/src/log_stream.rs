//! What async code takes entries from.

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

use crate::{StreamError, outlet::Item};

/// Entries as they are logged. Made by [`StreamClient::stream`](crate::StreamClient::stream).
///
/// An error in between says what may be missing, and the stream goes on; after a [final](StreamError::is_final) one it
/// ends. It works on any async runtime. Dropping it closes the connection.
#[must_use = "a stream that is dropped ends"]
pub struct LogStream {
    records: mpsc::Receiver<Item>,
    stop: StopHandle,
    failed: Option<StreamError>,
    is_over: bool,
}

/// Ends a stream from elsewhere. Clones end the same stream; dropping one does nothing.
#[derive(Clone, Debug)]
pub struct StopHandle(Arc<watch::Sender<bool>>);

impl LogStream {
    pub(crate) fn new(records: mpsc::Receiver<Item>, stop: StopHandle, failed: Option<StreamError>) -> Self {
        Self { records, stop, failed, is_over: false }
    }

    /// A handle, and what ends when it is used. It never ends without.
    pub(crate) fn stop_signal() -> (StopHandle, impl Future<Output = ()> + Send + 'static) {
        let (sender, mut receiver) = watch::channel(false);
        let stopped = async move {
            if receiver.wait_for(|stopped| *stopped).await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        (StopHandle(Arc::new(sender)), stopped)
    }

    /// Waits for the next entry, or for an error. `None` is the end.
    pub async fn next(&mut self) -> Option<Result<LogRecord, StreamError>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// A handle that ends the stream from elsewhere.
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
                // Whoever sends says why it ends, unless it is gone with its thread.
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
    /// Ends the stream: it hands out nothing more, whoever waits for the next entry is told the end, and the connection
    /// is closed.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }

    /// Whether it was stopped.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        *self.0.borrow()
    }
}
