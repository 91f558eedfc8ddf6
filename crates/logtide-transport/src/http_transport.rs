//! The transport over the network.

mod connector;
mod direct;
mod failure;
mod options;
mod payload;
#[cfg(feature = "tls")]
mod pem;
mod proxy;
mod stream;
mod tcp;
#[cfg(feature = "tls")]
mod tls;
mod tunnel;
#[cfg(feature = "http2")]
mod unanswered;

pub(crate) use failure::from_body;
pub use options::HttpOptions;
#[cfg(feature = "tls")]
pub use pem::Pem;

use crate::{
    Body, Endpoint, ErrorKind, Exchange, PerProcess, Request, Response, Transport, TransportError,
    error::require_runtime,
};
use connector::Connector;
#[cfg(feature = "tls")]
use http::uri::Scheme;
use http::{Uri, header::PROXY_AUTHORIZATION};
use hyper_util::{
    client::{legacy, proxy::matcher::Intercept},
    rt::{TokioExecutor, TokioTimer},
};
use payload::Payload;
use proxy::Proxy;
use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::runtime;

/// Sends requests over TCP, with TLS for `https`, and keeps connections for later requests.
///
/// Clones share one pool of connections, which belongs to the runtime of the last exchange: alternating between
/// runtimes opens new connections each time. Exchanges must be polled on a tokio runtime with I/O and time enabled,
/// such as a [`Driver`](crate::Driver); otherwise they fail. If the server has closed a kept connection, the request
/// is sent over another one. With the feature `http2`, an exchange that is dropped without a response, as after a
/// timeout, closes the kept connections.
#[derive(Clone)]
pub struct HttpTransport(Arc<Inner>);

struct Inner {
    pool: PerProcess<Mutex<Option<Pool>>>,
    connector: Connector,
    proxy: Arc<Proxy>,
    idle_timeout: Duration,
    max_idle: usize,
}

type Client = legacy::Client<Connector, Payload>;

/// Connections, which live only as long as the runtime that opened them.
struct Pool {
    runtime: runtime::Id,
    client: Client,
}

impl HttpTransport {
    /// Creates a transport. The first exchange opens a connection.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Request`] if the options have an invalid proxy address, certificate or timeout.
    pub fn new(options: HttpOptions) -> Result<Self, TransportError> {
        options.check()?;
        let proxy = Arc::new(Proxy::new(&options.proxy)?);
        let connector = Connector::new(&options, proxy.clone())?;
        let HttpOptions { idle_timeout, max_idle, .. } = options;
        let pool = PerProcess::new(Mutex::new(None), |_| Mutex::new(None));
        Ok(Self(Arc::new(Inner { pool, connector, proxy, idle_timeout, max_idle })))
    }
}

impl Transport for HttpTransport {
    fn exchange(&self, request: Request) -> Exchange {
        let transport = self.0.clone();
        Box::pin(async move {
            check_address(&request.uri)?;
            let forwarded_by = transport.proxy.forwarding(&request.uri)?;
            let request = prepare(request, forwarded_by.as_ref());
            let client = transport.client()?;
            #[cfg(feature = "http2")]
            let unanswered = unanswered::Unanswered::new(&transport);
            let answer = client.request(request).await.map_err(failure::from_client);
            #[cfg(feature = "http2")]
            unanswered.answered();
            let answer = answer.map_err(|error| match forwarded_by {
                Some(proxy) => error.at(proxy::place(&proxy)),
                None => error,
            });
            let (head, body) = answer?.into_parts();
            Ok(Response { status: head.status, headers: head.headers, body: Body::incoming(body) })
        })
    }

    /// Looks for a proxy that the environment names and that cannot be used, an `https` address without the feature `tls`, and a system without
    /// certificates of authorities. For an `https` address it reads the certificates of the system.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Request`] or [`ErrorKind::Tls`], with what to do about it.
    fn check(&self, server: &Endpoint) -> Result<(), TransportError> {
        let uri = server.url().parse().map_err(|error| TransportError::new(ErrorKind::Request, error))?;
        check_address(&uri)?;
        self.0.proxy.intercept(&uri)?;
        #[cfg(feature = "tls")]
        if uri.scheme() == Some(&Scheme::HTTPS) {
            self.0.connector.check_tls()?;
        }
        Ok(())
    }

    fn secrets(&self) -> &[String] {
        self.0.proxy.secrets()
    }
}

impl Inner {
    /// The client of this process and runtime. Another runtime may have ended, or be about to, with requests that its
    /// connections had accepted.
    fn client(&self) -> Result<Client, TransportError> {
        let runtime = require_runtime()?.id();
        let mut slot = self.pool.get().lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pool) = slot.as_ref().filter(|pool| pool.runtime == runtime) {
            return Ok(pool.client.clone());
        }
        let client = self.new_client();
        let former = slot.replace(Pool { runtime, client: client.clone() });
        drop(slot);
        drop(former);
        Ok(client)
    }

    /// Discards all idle connections. Exchanges in flight keep theirs.
    #[cfg(feature = "http2")]
    fn forget_connections(&self) {
        let former = self.pool.get().lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(former);
    }

    fn new_client(&self) -> Client {
        legacy::Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(self.idle_timeout)
            .pool_max_idle_per_host(self.max_idle)
            .build(self.connector.clone())
    }
}

impl fmt::Debug for HttpTransport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HttpTransport")
            .field("idle_timeout", &self.0.idle_timeout)
            .field("max_idle", &self.0.max_idle)
            .finish_non_exhaustive()
    }
}

/// A request as it is sent, possibly to a proxy that reads it itself.
fn prepare(request: Request, proxy: Option<&Intercept>) -> http::Request<Payload> {
    let mut prepared = http::Request::new(Payload::from(request.body));
    *prepared.headers_mut() = request.headers;
    if let Some(credentials) = proxy.and_then(Intercept::basic_auth) {
        prepared.headers_mut().insert(PROXY_AUTHORIZATION, credentials.clone());
    }
    *prepared.method_mut() = request.method;
    *prepared.uri_mut() = request.uri;
    prepared
}

fn check_address(uri: &Uri) -> Result<(), TransportError> {
    let refuse = |cause: &'static str| Err(TransportError::new(ErrorKind::Request, cause));
    if uri.host().is_none_or(str::is_empty) {
        return refuse("the address has no host");
    }
    match uri.scheme_str() {
        Some("http") => Ok(()),
        Some("https") if cfg!(feature = "tls") => Ok(()),
        Some("https") => refuse("https:// needs the feature `tls` of this crate: enable it"),
        _ => refuse("the address starts with neither http:// nor https://"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(address: &'static str) -> String {
        let error = check_address(&Uri::from_static(address)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request);
        error.to_string()
    }

    #[test]
    fn an_address_that_nothing_can_be_sent_to_is_not_retried() {
        assert!(refusal("ftp://logs.example/").contains("http://"));
        assert!(refusal("/api/v1/ingest").contains("host"));
    }

    #[cfg(not(feature = "tls"))]
    #[test]
    fn https_names_the_feature_it_needs() {
        assert!(refusal("https://logs.example/").contains("`tls`"));
    }

    #[tokio::test]
    async fn a_forked_child_leaves_the_connections_of_its_parent_alone() {
        let mut transport = HttpTransport::new(HttpOptions::new().no_proxy()).unwrap();
        let is_there = |transport: &HttpTransport| transport.0.pool.get().lock().unwrap().is_some();
        transport.0.client().unwrap();
        assert!(is_there(&transport));
        Arc::get_mut(&mut transport.0).unwrap().pool.pretend_to_be_forked();
        assert!(!is_there(&transport));
        transport.0.client().unwrap();
        assert!(is_there(&transport));
    }
}
