//! Opens connections, directly or through a proxy.

use super::{
    direct::Direct,
    failure::from_proxy,
    options::HttpOptions,
    proxy::{Proxy, place},
    stream::Stream,
};
use crate::TransportError;
use http::Uri;
use std::{
    error::Error,
    future::poll_fn,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};
use tower_service::Service;

pub(super) type BoxError = Box<dyn Error + Send + Sync>;
pub(super) type Connecting = Pin<Box<dyn Future<Output = Result<Stream, BoxError>> + Send>>;

/// Connects to servers, directly or through their proxy.
#[derive(Clone)]
pub(super) struct Connector {
    direct: Direct,
    timeout: Duration,
    proxy: Arc<Proxy>,
}

impl Connector {
    pub(super) fn new(options: &HttpOptions, proxy: Arc<Proxy>) -> Result<Self, TransportError> {
        Ok(Self { direct: Direct::new(options)?, timeout: options.connect_timeout, proxy })
    }

    /// Looks whether TLS can be used.
    #[cfg(feature = "tls")]
    pub(super) fn check_tls(&self) -> Result<(), TransportError> {
        self.direct.check_tls()
    }

    async fn connect(self, uri: Uri) -> Result<Stream, BoxError> {
        let (timeout, proxy) = (self.timeout, self.proxy.intercept(&uri)?);
        let place = proxy.as_ref().map(place);
        let connecting = self.direct.connect_by(proxy, uri);
        tokio::time::timeout(timeout, connecting).await.unwrap_or_else(|_| {
            let cause = io::Error::new(io::ErrorKind::TimedOut, format!("no connection within {timeout:?}"));
            Err(match place {
                Some(place) => from_proxy(cause.into(), place).into(),
                None => cause.into(),
            })
        })
    }
}

impl Service<Uri> for Connector {
    type Response = Stream;
    type Error = BoxError;
    type Future = Connecting;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Connecting {
        Box::pin(self.clone().connect(uri))
    }
}

/// Calls a service once, when it is ready.
pub(super) async fn call<S>(mut service: S, uri: Uri) -> Result<S::Response, BoxError>
where
    S: Service<Uri>,
    S::Error: Into<BoxError>,
{
    poll_fn(|context| service.poll_ready(context)).await.map_err(Into::into)?;
    service.call(uri).await.map_err(Into::into)
}
