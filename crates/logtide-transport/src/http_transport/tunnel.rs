//! Tunnels through proxies.

#[cfg(feature = "tls")]
mod connect;
mod socks;

use super::{
    connector::BoxError,
    direct::Direct,
    failure::from_proxy,
    proxy::{is_socks, place},
    stream::Stream,
};
use crate::ErrorKind;
use http::Uri;
use hyper_util::client::proxy::matcher::Intercept;
use std::{
    pin::Pin,
    task::{Context, Poll},
};
use tower_service::Service;

/// Connects to servers through a proxy that forwards bytes.
#[derive(Clone)]
pub(super) struct Tunnels {
    pub(super) to_proxy: Direct,
    pub(super) proxy: Intercept,
}

impl Tunnels {
    async fn open(self, server: Uri) -> Result<Stream, BoxError> {
        let Self { to_proxy, proxy } = self;
        let stream = to_proxy.connect_to_proxy(&proxy).await?;
        ask(stream, server, &proxy).await.map_err(|Refusal { cause, hint }| {
            let error = from_proxy(cause, place(&proxy));
            if error.kind() == ErrorKind::Connect { error.with_hint(hint).into() } else { error.into() }
        })
    }
}

async fn ask(stream: Stream, server: Uri, proxy: &Intercept) -> Result<Stream, Refusal> {
    #[cfg(feature = "tls")]
    if !is_socks(proxy) {
        return connect::ask(stream, &server, proxy.basic_auth()).await;
    }
    debug_assert!(is_socks(proxy), "only `https` goes through a tunnel of an HTTP proxy");
    socks::ask(stream, server, proxy).await
}

/// Why there is no tunnel.
struct Refusal {
    cause: BoxError,
    hint: &'static str,
}

impl<E: Into<BoxError>> From<E> for Refusal {
    fn from(cause: E) -> Self {
        Self { cause: cause.into(), hint: "check that the address is that of a proxy that supports CONNECT" }
    }
}

impl Service<Uri> for Tunnels {
    type Response = Stream;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, BoxError>> + Send>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, server: Uri) -> Self::Future {
        Box::pin(self.clone().open(server))
    }
}
