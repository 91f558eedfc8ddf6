//! Following what is logged.

use logtide_query::LogRecord;
use logtide_stream::{BlockingLogStream, LogStream, StreamClient, StreamError, StreamHandle, StreamOptions};

use super::Client;
use crate::integration::Integration;

/// Following what is logged. It needs a key with full access.
impl Client {
    /// Follows what is logged from now on, until the stream is dropped. It works on any async runtime.
    ///
    /// It connects at once, and again whenever the connection breaks. With [`StreamOptions::complete`] nothing is left
    /// out; otherwise an error in between says what may be missing. An error of the options is the first thing that the stream gives.
    ///
    /// ```no_run
    /// # mod logtide { pub use logtide_stream::StreamOptions; }
    /// # async fn follow(client: logtide_client::Client) {
    /// use logtide::StreamOptions;
    /// use std::time::Duration;
    ///
    /// let mut stream = client.stream(StreamOptions::new().service("api").complete(Duration::from_secs(30)));
    /// while let Some(item) = stream.next().await {
    ///     match item {
    ///         Ok(entry) => println!("{} {}", entry.time, entry.message),
    ///         Err(error) => eprintln!("{error}"),
    ///     }
    /// }
    /// # }
    /// ```
    pub fn stream(&self, options: StreamOptions) -> LogStream {
        self.follower().stream(options)
    }

    /// Follows as [`Client::stream`] does, for code that does not await.
    ///
    /// ```no_run
    /// # mod logtide { pub use logtide_stream::{StreamError, StreamOptions}; }
    /// # fn follow(client: logtide_client::Client) -> Result<(), logtide_stream::StreamError> {
    /// for item in client.stream_blocking(logtide::StreamOptions::new()) {
    ///     match item {
    ///         Ok(entry) => println!("{}", entry.message),
    ///         Err(error) if error.is_final() => return Err(error),
    ///         Err(error) => eprintln!("{error}"),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn stream_blocking(&self, options: StreamOptions) -> BlockingLogStream {
        self.follower().stream_blocking(options)
    }

    /// Follows as [`Client::stream`] does, and calls functions on a thread of its own until the handle is stopped or
    /// dropped.
    ///
    /// # Errors
    ///
    /// An option makes no sense, or no thread can be started.
    pub fn stream_with(
        &self,
        options: StreamOptions,
        on_log: impl FnMut(LogRecord) + Send + 'static,
        on_error: impl FnMut(StreamError) + Send + 'static,
    ) -> Result<StreamHandle, StreamError> {
        self.follower().stream_with(options, on_log, on_error)
    }

    fn follower(&self) -> StreamClient {
        let own = Integration::of(self);
        StreamClient::new(own.endpoint().clone(), own.transport().clone(), own.driver().clone())
            .timeout(own.request_timeout())
    }
}
