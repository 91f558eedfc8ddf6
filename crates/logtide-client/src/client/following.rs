//! Live tail of new entries.

use logtide_query::LogRecord;
use logtide_stream::{BlockingLogStream, LogStream, StreamClient, StreamError, StreamHandle, StreamOptions};

use super::Client;
use crate::integration::Integration;

/// Live tail of new entries. It requires an API key with full access.
impl Client {
    /// Streams new entries until the stream is dropped. Works on any async runtime.
    ///
    /// It connects at once, and reconnects whenever the connection breaks. With [`StreamOptions::complete`] no entry is
    /// missing; otherwise an error in the stream reports which entries may be missing. If an option is not valid, the
    /// stream yields that error first.
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

    /// Like [`Client::stream`], for code without async.
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

    /// Like [`Client::stream`], and calls the given functions on a separate thread until the handle is stopped or
    /// dropped.
    ///
    /// # Errors
    ///
    /// Returns an error if an option is not valid or the thread cannot be started.
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
