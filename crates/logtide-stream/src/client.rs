//! The client.

use std::{sync::Arc, time::Duration};

use http::{HeaderValue, Method, header};
use logtide_query::{LogRecord, QueryClient, QueryOptions};
use logtide_transport::{Driver, Endpoint, Parameters, Request, Transport, TransportError};
use tokio::time::Instant;

use crate::{
    BlockingLogStream, LogStream, StreamError, StreamHandle, StreamOptions,
    complete::{self, QuerySource},
    event_source::EventSource,
    plain::Plain,
    race::race,
    sink::{Closed, Sink},
};

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// Follows new log entries. Needs an API key with full access.
///
/// The work runs on the thread of the [`Driver`], so the caller needs no async runtime.
#[derive(Clone, Debug)]
pub struct StreamClient {
    endpoint: Endpoint,
    transport: Arc<dyn Transport>,
    driver: Driver,
    timeout: Duration,
}

impl StreamClient {
    /// Creates a client. Nothing is sent before the first call.
    #[must_use]
    pub fn new(endpoint: Endpoint, transport: Arc<dyn Transport>, driver: Driver) -> Self {
        Self { endpoint, transport, driver, timeout: DEFAULT_TIMEOUT }
    }

    /// Sets how long a query of the [`complete`](StreamOptions::complete) mode may take in total, and how long the server
    /// may take to start its stream. Default: 30 s.
    ///
    /// A server whose database hangs never starts it.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Follows new entries until the stream is dropped.
    ///
    /// It connects at once, and reconnects when the connection breaks. If the options are invalid, the first item of the
    /// stream is the error.
    pub fn stream(&self, options: StreamOptions) -> LogStream {
        let (sink, records) = Sink::new(options.buffer);
        let (stop, stopped) = LogStream::stop_signal();
        let failed = self.check_and_follow(options, sink, stopped).err();
        LogStream::new(records, stop, failed)
    }

    /// Follows new entries like [`stream`](Self::stream), for code that is not async.
    pub fn stream_blocking(&self, options: StreamOptions) -> BlockingLogStream {
        BlockingLogStream::new(self.stream(options))
    }

    /// Follows new entries like [`stream`](Self::stream), and calls functions on a separate thread.
    ///
    /// `on_error` is also called for entries that may be missing; the stream continues unless the error
    /// [is final](StreamError::is_final). The stream ends when the handle is [stopped](StreamHandle::stop) or dropped.
    ///
    /// # Errors
    ///
    /// Returns an error if an option is invalid or the thread cannot be started.
    pub fn stream_with(
        &self,
        options: StreamOptions,
        on_log: impl FnMut(LogRecord) + Send + 'static,
        on_error: impl FnMut(StreamError) + Send + 'static,
    ) -> Result<StreamHandle, StreamError> {
        options.check()?;
        StreamHandle::start(self.stream_blocking(options), on_log, on_error)
    }

    fn check_and_follow(
        &self,
        options: StreamOptions,
        sink: Sink,
        stopped: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), StreamError> {
        options.check()?;
        let started = Instant::now();
        let request = self.request(&options).map_err(|error| StreamError::Refused(error.into()))?;
        let events = EventSource::new(self.transport.clone(), request, &options);
        let queries = QueryClient::new(self.endpoint.clone(), self.transport.clone(), self.driver.clone())
            .timeout(self.timeout);
        let filter = QueryOptions::new()
            .services(options.services.iter().cloned())
            .levels(options.levels.iter().copied());
        self.driver.spawn(async move {
            let closed = async {
                sink.closed().await;
                Err(Closed)
            };
            let following = async {
                match options.lookback {
                    Some(_) => {
                        let logs = QuerySource::new(queries, filter);
                        complete::run(events, logs, options, sink.clone(), started).await
                    }
                    None => Plain::new(events, options, sink.clone()).run().await,
                }
            };
            let stopped = async {
                stopped.await;
                Err(Closed)
            };
            if let Ok(last) = race(stopped, race(closed, following)).await {
                // Without a consumer, nobody needs the error.
                let _ = sink.send(Err(last)).await;
            }
        })?;
        Ok(())
    }

    fn request(&self, options: &StreamOptions) -> Result<Request, TransportError> {
        let mut parameters = Parameters::default();
        // The server filters by one service and one level. With several, it streams everything, and `matches` filters.
        if let [service] = &*options.services {
            parameters.add("service", service);
        }
        if let [level] = &*options.levels {
            parameters.add("level", level);
        }
        let mut request = self.endpoint.request(Method::GET, &format!("/api/v1/logs/stream{parameters}"))?;
        request.headers.insert(header::ACCEPT, HeaderValue::from_static("text/event-stream"));
        request.timeout = Some(self.timeout);
        Ok(request)
    }
}
