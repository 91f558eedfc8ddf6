//! The way from the SDK's thread to whoever takes the entries.

use logtide_query::LogRecord;
use tokio::sync::{Semaphore, mpsc};

use crate::StreamError;

/// What a stream hands out.
pub(crate) type Item = Result<LogRecord, StreamError>;

/// Nobody takes what is handed out any more.
#[derive(Debug)]
pub(crate) struct Closed;

/// The end that is handed to.
#[derive(Clone, Debug)]
pub(crate) struct Outlet(mpsc::Sender<Item>);

impl Outlet {
    pub(crate) fn new(room: usize) -> (Self, mpsc::Receiver<Item>) {
        let (sender, receiver) = mpsc::channel(room.clamp(1, Semaphore::MAX_PERMITS));
        (Self(sender), receiver)
    }

    /// Hands an item out, as soon as there is room for it.
    pub(crate) async fn send(&self, item: Item) -> Result<(), Closed> {
        self.0.send(item).await.map_err(|_| Closed)
    }

    /// Hands entries out in their order.
    pub(crate) async fn send_all(&self, records: impl IntoIterator<Item = LogRecord>) -> Result<(), Closed> {
        for record in records {
            self.send(Ok(record)).await?;
        }
        Ok(())
    }

    /// Waits until nobody takes anything any more.
    pub(crate) async fn closed(&self) {
        self.0.closed().await;
    }
}
