//! The calls that read.

use std::{sync::Arc, time::Duration};

use http::Method;
use logtide_transport::{Answer, Driver, Endpoint, Request, Transport, TransportError, encode, fetch};
use serde::de::DeserializeOwned;

use crate::{
    LogRecord, LogsResponse, QueryError, QueryOptions, answer,
    response::{LogsBody, TraceBody},
};

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// The longest answer that is read. A page of 1000 entries of usual size has about 1 MB.
pub(crate) const MAX_ANSWER_BYTES: usize = 64 << 20;

/// What a blocking call waits longer than the exchange may take, so that the exchange says what was wrong.
const BLOCKING_MARGIN: Duration = Duration::from_secs(5);

/// Reads what a server has stored. The API key must be one with full access.
///
/// Clones share their connections. Every call works on any async runtime, and its blocking twin on none; the I/O is
/// done on the thread of the [`Driver`].
#[derive(Clone, Debug)]
pub struct QueryClient {
    endpoint: Endpoint,
    transport: Arc<dyn Transport>,
    driver: Driver,
    timeout: Duration,
}

impl QueryClient {
    /// Makes a client; nothing is sent before the first call.
    #[must_use]
    pub fn new(endpoint: Endpoint, transport: Arc<dyn Transport>, driver: Driver) -> Self {
        Self { endpoint, transport, driver, timeout: DEFAULT_TIMEOUT }
    }

    /// Sets how long a call may take in total. Default: 30 s.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Searches the entries, newest first.
    ///
    /// Nothing is sent before the first poll, and dropping the future gives the call up.
    ///
    /// # Errors
    ///
    /// One of [`QueryError`], each with what to do.
    pub fn query(
        &self,
        options: QueryOptions,
    ) -> impl Future<Output = Result<LogsResponse, QueryError>> + Send + use<> {
        let body = self.get::<LogsBody>(logs_path(&options));
        async { body.await.map(LogsResponse::from) }
    }

    /// Searches as [`query`](Self::query) does, and blocks the calling thread meanwhile.
    ///
    /// # Errors
    ///
    /// One of [`QueryError`], each with what to do.
    pub fn query_blocking(&self, options: QueryOptions) -> Result<LogsResponse, QueryError> {
        self.get_blocking::<LogsBody>(logs_path(&options)).map(LogsResponse::from)
    }

    /// Reads the entries of a trace, oldest first, of all time.
    ///
    /// The id is compared exactly, upper and lower case apart. Servers from version 1.0 on give 1000 entries at most,
    /// without saying that there are more; [`query`](Self::query) with [`QueryOptions::trace_id`] can go on from page to
    /// page.
    ///
    /// Nothing is sent before the first poll, and dropping the future gives the call up.
    ///
    /// # Errors
    ///
    /// One of [`QueryError`], each with what to do. An unknown id is none: it gives an empty list.
    pub fn get_by_trace_id(
        &self,
        trace_id: &str,
    ) -> impl Future<Output = Result<Vec<LogRecord>, QueryError>> + Send + use<> {
        let body = self.get::<TraceBody>(trace_path(trace_id));
        async { body.await.map(|body| body.logs) }
    }

    /// Reads a trace as [`get_by_trace_id`](Self::get_by_trace_id) does, and blocks the calling thread meanwhile.
    ///
    /// # Errors
    ///
    /// One of [`QueryError`], each with what to do.
    pub fn get_by_trace_id_blocking(&self, trace_id: &str) -> Result<Vec<LogRecord>, QueryError> {
        self.get_blocking::<TraceBody>(trace_path(trace_id)).map(|body| body.logs)
    }

    fn get<T: DeserializeOwned>(
        &self,
        path_and_query: Result<String, QueryError>,
    ) -> impl Future<Output = Result<T, QueryError>> + Send + use<T> {
        let client = self.clone();
        async move {
            let request = client.request(&path_and_query?)?;
            let answer = client.driver.run(client.exchange(&request)).await??;
            answer::decode(&answer, &request)
        }
    }

    fn get_blocking<T: DeserializeOwned>(
        &self,
        path_and_query: Result<String, QueryError>,
    ) -> Result<T, QueryError> {
        let request = self.request(&path_and_query?)?;
        let patience = self.timeout.saturating_add(BLOCKING_MARGIN);
        let answer = self.driver.run_blocking(patience, self.exchange(&request))??;
        answer::decode(&answer, &request)
    }

    fn request(&self, path_and_query: &str) -> Result<Request, QueryError> {
        let request = self.endpoint.request(Method::GET, path_and_query)?;
        Ok(Request { timeout: Some(self.timeout), ..request })
    }

    fn exchange(
        &self,
        request: &Request,
    ) -> impl Future<Output = Result<Answer, TransportError>> + Send + use<> {
        let (transport, request) = (self.transport.clone(), request.clone());
        async move { fetch(&*transport, request, MAX_ANSWER_BYTES).await }
    }
}

fn logs_path(options: &QueryOptions) -> Result<String, QueryError> {
    Ok(format!("/api/v1/logs{}", options.parameters()?))
}

fn trace_path(trace_id: &str) -> Result<String, QueryError> {
    if trace_id.is_empty() {
        return Err(QueryError::EmptyTraceId);
    }
    Ok(format!("/api/v1/logs/trace/{}", encode(trace_id)))
}
