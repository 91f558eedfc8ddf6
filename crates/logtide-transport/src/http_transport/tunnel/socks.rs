//! Tunnels through SOCKS 5 proxies.

use super::{Refusal, Stream};
use crate::http_transport::proxy::socks_credentials;
use http::{Uri, uri::Scheme};
use hyper_util::client::{legacy::connect::proxy::SocksV5, proxy::matcher::Intercept};
use std::{
    convert::Infallible,
    future::{Ready, ready},
    task::{Context, Poll},
};
use tower_service::Service;

/// Asks the proxy to pass on what follows. It looks up the server's name itself.
pub(super) async fn ask(stream: Stream, server: Uri, proxy: &Intercept) -> Result<Stream, Refusal> {
    let mut socks = SocksV5::new(proxy.uri().clone(), Opened(Some(stream)));
    if let Some((user, password)) = socks_credentials(proxy) {
        socks = socks.with_auth(user.to_owned(), password.to_owned());
    }
    let opening = socks.call(with_port(server)?).await;
    opening.map_err(|error| Refusal {
        cause: error.to_string().into(),
        hint: "check that a SOCKS 5 proxy is at that address, its user name and password, and that it can reach the server",
    })
}

/// An address with its port, which SOCKS takes for 443 where there is none.
fn with_port(server: Uri) -> Result<Uri, Refusal> {
    if server.port().is_some() {
        return Ok(server);
    }
    let port = if server.scheme() == Some(&Scheme::HTTPS) { 443 } else { 80 };
    let mut parts = server.into_parts();
    let host = parts.authority.as_ref().map_or("", |authority| authority.as_str());
    parts.authority = Some(format!("{host}:{port}").parse()?);
    Ok(Uri::from_parts(parts)?)
}

/// Gives a connection to the proxy that is there already.
struct Opened(Option<Stream>);

impl Service<Uri> for Opened {
    type Response = Stream;
    type Error = Infallible;
    type Future = Ready<Result<Stream, Infallible>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _proxy: Uri) -> Self::Future {
        ready(Ok(self.0.take().expect("it is called once")))
    }
}
