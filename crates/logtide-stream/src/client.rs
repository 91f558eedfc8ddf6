//! The calls that follow.

use std::{sync::Arc, time::Duration};

use http::{HeaderValue, Method, header};
use logtide_query::{LogRecord, QueryClient, QueryOptions};
use logtide_transport::{Driver, Endpoint, Parameters, Request, Transport, TransportError};
use tokio::time::Instant;

use crate::{
    BlockingLogStream, Follow, LogStream, StreamError, StreamOptions,
    complete::{self, Book},
    link::Link,
    outlet::{Closed, Outlet},
    plain::Plain,
    race::race,
};

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// Follows what is logged to a server. The API key must be one with full access.
///
/// The work is done on the thread of the [`Driver`]; no async runtime of the caller's is needed.
#[derive(Clone, Debug)]
pub struct StreamClient {
    endpoint: Endpoint,
    transport: Arc<dyn Transport>,
    driver: Driver,
    timeout: Duration,
}

impl StreamClient {
    /// Makes a client; nothing is sent before the first call.
    #[must_use]
    pub fn new(endpoint: Endpoint, transport: Arc<dyn Transport>, driver: Driver) -> Self {
        Self { endpoint, transport, driver, timeout: DEFAULT_TIMEOUT }
    }

    /// Sets how long a query of the [`complete`](StreamOptions::complete) mode may take in total, and how long the server may take to
    /// begin with its stream: one whose database hangs never answers. Default: 30 s.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Follows what is logged from now on, until the stream is dropped.
    ///
    /// It connects at once. A connection that breaks is made anew. An error of the options is the first thing that the
    /// stream hands out.
    pub fn stream(&self, options: StreamOptions) -> LogStream {
        let (outlet, records) = Outlet::new(options.buffer);
        let (stop, stopped) = LogStream::stop_signal();
        let failed = self.check_and_follow(options, outlet, stopped).err();
        LogStream::new(records, stop, failed)
    }

    /// Follows as [`stream`](Self::stream) does, for code that does not await.
    pub fn stream_blocking(&self, options: StreamOptions) -> BlockingLogStream {
        BlockingLogStream::new(self.stream(options))
    }

    /// Follows as [`stream`](Self::stream) does, and calls functions on a thread of its own.
    ///
    /// `on_error` is given what may be missing, too: the stream goes on unless the error
    /// [is final](StreamError::is_final). It ends when the handle is [stopped](Follow::stop) or dropped.
    ///
    /// # Errors
    ///
    /// An option makes no sense, or no thread can be started.
    pub fn stream_with(
        &self,
        options: StreamOptions,
        on_log: impl FnMut(LogRecord) + Send + 'static,
        on_error: impl FnMut(StreamError) + Send + 'static,
    ) -> Result<Follow, StreamError> {
        options.check()?;
        Follow::start(self.stream_blocking(options), on_log, on_error)
    }

    fn check_and_follow(
        &self,
        options: StreamOptions,
        outlet: Outlet,
        stopped: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), StreamError> {
        options.check()?;
        let started = Instant::now();
        let request = self.request(&options).map_err(|error| StreamError::Refused(error.into()))?;
        let link = Link::new(self.transport.clone(), request, &options);
        let reader = QueryClient::new(self.endpoint.clone(), self.transport.clone(), self.driver.clone())
            .timeout(self.timeout);
        let filter = QueryOptions::new()
            .services(options.services.iter().cloned())
            .levels(options.levels.iter().copied());
        self.driver.spawn(async move {
            let closed = async {
                outlet.closed().await;
                Err(Closed)
            };
            let following = async {
                match options.lookback {
                    Some(_) => {
                        complete::run(link, Book::new(reader, filter), options, outlet.clone(), started).await
                    }
                    None => Plain::new(link, options, outlet.clone()).run().await,
                }
            };
            let stopped = async {
                stopped.await;
                Err(Closed)
            };
            if let Ok(last) = race(stopped, race(closed, following)).await {
                // Whoever no longer takes anything needs no reason either.
                let _ = outlet.send(Err(last)).await;
            }
        })?;
        Ok(())
    }

    fn request(&self, options: &StreamOptions) -> Result<Request, TransportError> {
        let mut parameters = Parameters::default();
        // The server takes one of each; of several, all is streamed and the rest left out here.
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
