//! The query client.

mod heartbeat;
mod lookup;
mod search;
mod statistics;
mod trace;
mod traces;

use std::{sync::Arc, time::Duration};

use http::Method;
use logtide_transport::{Answer, Driver, Endpoint, Transport};
use serde::de::DeserializeOwned;

use crate::{
    QueryError,
    answer::{self, Receipt},
    exchange::exchange,
};

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// Queries a server. Needs an API key with full access, except for [`heartbeat`](Self::heartbeat), the only call that
/// writes.
///
/// Clones share their connections. Every call works on any async runtime; [`block_on`] waits for it without one. The I/O is
/// done on the thread of the [`Driver`]. Nothing is sent before the first poll, and dropping a future gives its call up.
///
/// If the server's rate limit is reached, a call waits as long as the server asks and continues, within its timeout.
#[derive(Clone, Debug)]
pub struct QueryClient {
    endpoint: Endpoint,
    transport: Arc<dyn Transport>,
    driver: Driver,
    timeout: Duration,
}

impl QueryClient {
    /// Creates a client. Nothing is sent before the first call.
    #[must_use]
    pub fn new(endpoint: Endpoint, transport: Arc<dyn Transport>, driver: Driver) -> Self {
        Self { endpoint, transport, driver, timeout: DEFAULT_TIMEOUT }
    }

    /// Sets how long a call may take in total, including waits for the rate limit. If a call needs several pages,
    /// this applies to each. Default: 30 s.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    fn get<T: DeserializeOwned>(
        &self,
        path_and_query: Result<String, QueryError>,
    ) -> impl Future<Output = Result<T, QueryError>> + Send + use<T> {
        let answer = self.get_with_receipt(path_and_query);
        async { answer.await.map(|(body, _)| body) }
    }

    /// Returns a decoded body, and the other data of the response.
    fn get_with_receipt<T: DeserializeOwned>(
        &self,
        path_and_query: Result<String, QueryError>,
    ) -> impl Future<Output = Result<(T, Receipt), QueryError>> + Send + use<T> {
        self.ask(Method::GET, path_and_query, |answer, secrets| {
            Ok((answer::decode(answer, secrets)?, Receipt::of(answer)))
        })
    }

    /// Sends a request without a body, and decodes the response with `read`, which gets the secrets of the request.
    fn ask<T, F>(
        &self,
        method: Method,
        path_and_query: Result<String, QueryError>,
        read: F,
    ) -> impl Future<Output = Result<T, QueryError>> + Send + use<T, F>
    where
        F: FnOnce(&Answer, &[&str]) -> Result<T, QueryError> + Send,
    {
        let client = self.clone();
        async move {
            let mut request = client.endpoint.request(method, &path_and_query?)?;
            let (transport, timeout) = (client.transport.clone(), client.timeout);
            let asked = client.driver.run(async move {
                let answer = exchange(&*transport, &mut request, timeout).await;
                (answer, request)
            });
            let (answer, request) = asked.await?;
            read(&answer?, &request.secrets(&*client.transport))
        }
    }
}

/// Waits for a call of a [`QueryClient`], and blocks the calling thread meanwhile. No async runtime is needed.
///
/// # Errors
///
/// That of the call; [`QueryError::Driver`] on the thread of a [`Driver`], which would wait for itself.
pub fn block_on<T>(call: impl Future<Output = Result<T, QueryError>>) -> Result<T, QueryError> {
    Driver::block_on(call)?
}
