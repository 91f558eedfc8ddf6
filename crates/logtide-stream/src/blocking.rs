//! What other code takes entries from.

use logtide_query::LogRecord;
use logtide_transport::Driver;

use crate::{LogStream, StopHandle, StreamError};

/// Entries as they are logged, for code that does not await. Made by
/// [`StreamClient::stream_blocking`](crate::StreamClient::stream_blocking).
///
/// It blocks the calling thread until there is an entry, which may be never; [`stop_handle`](Self::stop_handle) ends
/// that from another thread. Otherwise it is as [`LogStream`].
#[derive(Debug)]
#[must_use = "a stream that is dropped ends"]
pub struct BlockingLogStream {
    stream: LogStream,
    refused: bool,
}

impl BlockingLogStream {
    pub(crate) fn new(stream: LogStream) -> Self {
        Self { stream, refused: false }
    }

    /// A handle that ends the stream from elsewhere.
    #[must_use]
    pub fn stop_handle(&self) -> StopHandle {
        self.stream.stop_handle()
    }
}

impl Iterator for BlockingLogStream {
    type Item = Result<LogRecord, StreamError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.refused {
            return None;
        }
        Driver::block_on(self.stream.next()).unwrap_or_else(|error| {
            // On the SDK's own thread, which would wait for itself.
            self.refused = true;
            Some(Err(error.into()))
        })
    }
}
