//! A stream that calls functions.

use std::thread::{self, JoinHandle};

use logtide_query::LogRecord;
use logtide_transport::{Driver, DriverError};

use crate::{BlockingLogStream, StopHandle, StreamError};

/// A stream that calls functions, on a thread named `logtide-tail`. Made by
/// [`StreamClient::stream_with`](crate::StreamClient::stream_with).
///
/// Dropping it ends the stream, and does not wait for a call under way.
#[derive(Debug)]
#[must_use = "a stream whose handle is dropped ends"]
pub struct Follow {
    stop: StopHandle,
    thread: Option<JoinHandle<()>>,
}

impl Follow {
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

    /// A handle that ends the stream from elsewhere, for example from one of the functions.
    #[must_use]
    pub fn stop_handle(&self) -> StopHandle {
        self.stop.clone()
    }

    /// Ends the stream and waits for a call under way: afterwards neither function is called any more.
    ///
    /// From within one of the functions, and from [`StreamOptions::on_event`](crate::StreamOptions::on_event), it does not wait.
    pub fn stop(mut self) {
        self.stop.stop();
        self.finish();
    }

    /// Waits until the stream ends by itself, with a final error, or is stopped from elsewhere.
    pub fn wait(mut self) {
        self.finish();
    }

    fn finish(&mut self) {
        let Some(thread) = self.thread.take() else { return };
        // The SDK's own thread is what the other one waits for.
        if thread.thread().id() != thread::current().id() && !Driver::is_driver_thread() {
            // A panic of a function has been told by its hook.
            let _ = thread.join();
        }
    }
}

impl Drop for Follow {
    fn drop(&mut self) {
        self.stop.stop();
    }
}
