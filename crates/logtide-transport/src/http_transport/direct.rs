//! Opens connections straight to an address.

#[cfg(feature = "tls")]
use super::tls::Tls;
use super::{
    connector::{BoxError, call},
    failure::from_proxy,
    options::HttpOptions,
    proxy::{is_socks, over_tcp, place},
    stream::Stream,
    tcp::Tcp,
    tunnel::Tunnels,
};
use crate::TransportError;
use http::Uri;
use hyper_util::client::{legacy::connect::HttpConnector, proxy::matcher::Intercept};
use std::time::Duration;

/// Idle time after which TCP asks whether the other side is still there, so that a stream notices a lost peer.
const TCP_KEEPALIVE: Duration = Duration::from_secs(30);
const TCP_KEEPALIVE_INTERVAL: Duration = Duration::from_secs(10);

/// Connects over TCP, with TLS for `https`.
#[derive(Clone)]
pub(super) struct Direct {
    tcp: Tcp,
    #[cfg(feature = "tls")]
    tls: Tls,
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
            tcp: Tcp(tcp),
            #[cfg(feature = "tls")]
            tls: Tls::new(&options.ca_certificates, options.client_certificate.as_ref())?,
        })
    }

    /// Looks whether TLS can be used.
    #[cfg(feature = "tls")]
    pub(super) fn check_tls(&self) -> Result<(), TransportError> {
        self.tls.check()
    }

    /// Connects to the server at an address, through a proxy if there is one for it.
    pub(super) async fn connect_by(self, proxy: Option<Intercept>, uri: Uri) -> Result<Stream, BoxError> {
        let Some(proxy) = proxy else { return self.connect(uri).await };
        #[cfg(feature = "tls")]
        if uri.scheme() == Some(&http::uri::Scheme::HTTPS) {
            return self.connect_through(proxy, uri).await;
        }
        if is_socks(&proxy) {
            return call(Tunnels { to_proxy: self, proxy }, uri).await;
        }
        Ok(self.connect_to_proxy(&proxy).await?.forwarded())
    }

    async fn connect(self, uri: Uri) -> Result<Stream, BoxError> {
        #[cfg(feature = "tls")]
        if uri.scheme() == Some(&http::uri::Scheme::HTTPS) {
            return call(self.tls.over(self.tcp).await?, uri).await.map(Stream::new);
        }
        call(self.tcp, uri).await.map(Stream::new)
    }

    /// Connects to a proxy, which is spoken to in HTTP/1.1. Its name is in the error.
    pub(super) async fn connect_to_proxy(self, proxy: &Intercept) -> Result<Stream, TransportError> {
        let connecting = async {
            let uri = proxy.uri().clone();
            #[cfg(feature = "tls")]
            if uri.scheme() == Some(&http::uri::Scheme::HTTPS) {
                return call(self.tls.over_to_proxy(self.tcp).await?, uri).await.map(Stream::new);
            }
            call(self.tcp, over_tcp(uri)?).await.map(Stream::new)
        };
        connecting.await.map_err(|error: BoxError| from_proxy(error, place(proxy)))
    }

    /// Connects to an `https` address through a proxy.
    #[cfg(feature = "tls")]
    async fn connect_through(self, proxy: Intercept, uri: Uri) -> Result<Stream, BoxError> {
        let tls = self.tls.clone();
        call(tls.over(Tunnels { to_proxy: self, proxy }).await?, uri).await.map(Stream::new)
    }
}
