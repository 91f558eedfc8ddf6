//! The handle of a stream that calls functions.

use std::thread::{self, JoinHandle};

use logtide_query::LogRecord;
use logtide_transport::{Driver, DriverError};

use crate::{BlockingLogStream, StopHandle, StreamError};

/// The handle of a stream that calls functions on a thread named `logtide-tail`. Created by
/// [`StreamClient::stream_with`](crate::StreamClient::stream_with).
///
/// Dropping it ends the stream, without waiting for a function that is running.
#[derive(Debug)]
#[must_use = "dropping the handle ends the stream"]
pub struct StreamHandle {
    stop: StopHandle,
    thread: Option<JoinHandle<()>>,
}

impl StreamHandle {
    pub(crate) fn start(
        stream: BlockingLogStream,
        mut on_log: impl FnMut(LogRecord) + Send + 'static,
        mut on_error: impl FnMut(StreamError) + Send + 'static,
    ) -> Result<Self, StreamError> {
        let stop = stream.stop_handle();
        let thread = thread::Builder::new()
            .name("logtide-tail".to_owned())
            .spawn(move || {
                for item in stream {
                    match item {
                        Ok(record) => on_log(record),
                        Err(error) => on_error(error),
                    }
                }
            })
            .map_err(DriverError::Start)?;
        Ok(Self { stop, thread: Some(thread) })
    }

    /// Returns a handle that ends the stream from elsewhere, for example from one of the functions.
    #[must_use]
    pub fn stop_handle(&self) -> StopHandle {
        self.stop.clone()
    }

    /// Ends the stream and waits until a running function returns. No function is called after that.
    ///
    /// It does not wait when it is called from one of the functions or from
    /// [`StreamOptions::on_event`](crate::StreamOptions::on_event).
    pub fn stop(mut self) {
        self.stop.stop();
        self.finish();
    }

    /// Waits until the stream ends with a final error or is stopped through a [`StopHandle`].
    pub fn wait(mut self) {
        self.finish();
    }

    fn finish(&mut self) {
        let Some(thread) = self.thread.take() else { return };
        // Neither thread may wait for itself, and the stream's thread waits for the SDK's.
        if thread.thread().id() != thread::current().id() && !Driver::is_driver_thread() {
            // The panic hook has reported a panic of a function.
            let _ = thread.join();
        }
    }
}

impl Drop for StreamHandle {
    fn drop(&mut self) {
        self.stop.stop();
    }
}
