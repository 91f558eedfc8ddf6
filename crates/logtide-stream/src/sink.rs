//! The channel from the SDK's thread to the consumer.

use logtide_query::LogRecord;
use tokio::sync::{Semaphore, mpsc};

use crate::StreamError;

/// An element of a stream.
pub(crate) type Item = Result<LogRecord, StreamError>;

/// The consumer is gone.
#[derive(Debug)]
pub(crate) struct Closed;

/// The sending half.
#[derive(Clone, Debug)]
pub(crate) struct Sink(mpsc::Sender<Item>);

impl Sink {
    pub(crate) fn new(capacity: usize) -> (Self, mpsc::Receiver<Item>) {
        let (sender, receiver) = mpsc::channel(capacity.clamp(1, Semaphore::MAX_PERMITS));
        (Self(sender), receiver)
    }

    /// Sends an item, waiting while the buffer is full.
    pub(crate) async fn send(&self, item: Item) -> Result<(), Closed> {
        self.0.send(item).await.map_err(|_| Closed)
    }

    /// Sends entries in order.
    pub(crate) async fn send_all(&self, records: impl IntoIterator<Item = LogRecord>) -> Result<(), Closed> {
        for record in records {
            self.send(Ok(record)).await?;
        }
        Ok(())
    }

    /// Waits until the consumer is gone.
    pub(crate) async fn closed(&self) {
        self.0.closed().await;
    }
}
