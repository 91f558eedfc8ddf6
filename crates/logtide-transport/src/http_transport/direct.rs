//! Opens connections straight to an address.

#[cfg(feature = "tls")]
use super::tls::Tls;
use super::{
    connector::{BoxError, Connecting, call},
    options::HttpOptions,
    stream::Stream,
};
use crate::TransportError;
use http::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
#[cfg(feature = "tls")]
use hyper_util::client::{legacy::connect::proxy::Tunnel, proxy::matcher::Intercept};
use std::{
    task::{Context, Poll},
    time::Duration,
};
use tower_service::Service;

/// Idle time after which TCP asks whether the other side is still there, so that a stream notices a lost peer.
const TCP_KEEPALIVE: Duration = Duration::from_secs(30);
const TCP_KEEPALIVE_INTERVAL: Duration = Duration::from_secs(10);

/// Connects over TCP, with TLS for `https`.
#[derive(Clone)]
pub(super) struct Direct {
    tcp: HttpConnector,
    #[cfg(feature = "tls")]
    tls: Tls,
    is_to_proxy: bool,
}

impl Direct {
    pub(super) fn new(options: &HttpOptions) -> Result<Self, TransportError> {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_keepalive(Some(TCP_KEEPALIVE));
        tcp.set_keepalive_interval(Some(TCP_KEEPALIVE_INTERVAL));
        // Shared out among the addresses of a name, so that a dead one leaves time for the others.
        tcp.set_connect_timeout(Some(options.connect_timeout));
        Ok(Self {
            tcp,
            #[cfg(feature = "tls")]
            tls: Tls::new(&options.ca_certificates)?,
            is_to_proxy: false,
        })
    }

    /// As it is, but for proxies, which are spoken to in HTTP/1.1.
    pub(super) fn for_proxy(mut self) -> Self {
        self.is_to_proxy = true;
        self
    }

    /// Connects to an `https` address through a proxy.
    #[cfg(feature = "tls")]
    pub(super) async fn tunnel(self, proxy: &Intercept, uri: Uri) -> Result<Stream, BoxError> {
        let tls = self.tls.clone();
        let mut tunnel = Tunnel::new(proxy.uri().clone(), self.for_proxy());
        if let Some(credentials) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(credentials.clone());
        }
        call(tls.over(tunnel).await?, uri).await.map(Stream::new)
    }

    async fn connect(self, uri: Uri) -> Result<Stream, BoxError> {
        #[cfg(feature = "tls")]
        if uri.scheme() == Some(&http::uri::Scheme::HTTPS) {
            let secured = match self.is_to_proxy {
                true => self.tls.over_to_proxy(self.tcp).await?,
                false => self.tls.over(self.tcp).await?,
            };
            return call(secured, uri).await.map(Stream::new);
        }
        call(self.tcp, uri).await.map(Stream::new)
    }
}

impl Service<Uri> for Direct {
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
