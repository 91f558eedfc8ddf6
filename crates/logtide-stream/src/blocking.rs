//! The stream for code that is not async.

use logtide_query::LogRecord;
use logtide_transport::Driver;

use crate::{LogStream, StopHandle, StreamError};

/// New log entries as a blocking iterator. Created by
/// [`StreamClient::stream_blocking`](crate::StreamClient::stream_blocking).
///
/// It behaves like [`LogStream`], and blocks the calling thread until there is an entry. That may be forever: use
/// [`stop_handle`](Self::stop_handle) to end it from another thread.
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

    /// Returns a handle that ends the stream from another thread.
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
            // The SDK's own thread would wait for itself.
            self.refused = true;
            Some(Err(error.into()))
        })
    }
}
