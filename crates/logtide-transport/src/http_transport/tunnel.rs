//! Tunnels through proxies.

use super::{connector::BoxError, direct::Direct, payload::Payload, proxy::place, stream::Stream};
use crate::{ErrorKind, TransportError};
use bytes::Bytes;
use http::{HeaderValue, Method, Request, StatusCode, Uri, header, uri::Authority};
use hyper::{
    client::conn::http1,
    rt::{Read, ReadBufCursor, Write},
    upgrade::{self, Upgraded},
};
use hyper_util::client::{
    legacy::connect::{Connected, Connection},
    proxy::matcher::Intercept,
};
use std::{
    io::{IoSlice, Result},
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

/// A connection to a server through a proxy.
pub(super) struct Tunnel(Upgraded);

impl Tunnels {
    async fn open(self, server: Uri) -> std::result::Result<Tunnel, BoxError> {
        let stream = self.to_proxy.connect_to_proxy(&self.proxy).await?;
        ask(stream, &server, self.proxy.basic_auth()).await.map(Tunnel).map_err(|refusal| {
            let error = TransportError::new(ErrorKind::Connect, refusal.cause).at(place(&self.proxy));
            match refusal.hint {
                Some(hint) => error.with_hint(hint),
                None => error,
            }
            .into()
        })
    }
}

/// Why there is no tunnel.
struct Refusal {
    cause: BoxError,
    hint: Option<&'static str>,
}

impl<E: Into<BoxError>> From<E> for Refusal {
    fn from(cause: E) -> Self {
        Self {
            cause: cause.into(),
            hint: Some("check that the address is that of a proxy that supports CONNECT"),
        }
    }
}

/// Asks the proxy to open a tunnel.
async fn ask(
    stream: Stream,
    server: &Uri,
    credentials: Option<&HeaderValue>,
) -> std::result::Result<Upgraded, Refusal> {
    let (mut sender, connection) = http1::handshake(stream).await?;
    // It ends with the tunnel, or if the response is no longer awaited.
    tokio::spawn(connection.with_upgrades());
    let host = server.host().unwrap_or_default();
    let authority: Authority = format!("{host}:{}", server.port_u16().unwrap_or(443)).parse()?;
    let mut request = Request::new(Payload::from(Bytes::new()));
    *request.method_mut() = Method::CONNECT;
    request.headers_mut().insert(header::HOST, authority.as_str().parse()?);
    *request.uri_mut() = authority.into();
    if let Some(credentials) = credentials {
        request.headers_mut().insert(header::PROXY_AUTHORIZATION, credentials.clone());
    }
    let response = sender.send_request(request).await?;
    let status = response.status();
    if status.is_success() {
        return Ok(upgrade::on(response).await?);
    }
    let hint = match status {
        StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
            "add a user name and password, as in http://user:password@proxy.example:3128"
        }
        _ => "check that the proxy can reach the server, or exempt the server with NO_PROXY",
    };
    Err(Refusal { cause: format!("it answered {status}").into(), hint: Some(hint) })
}

impl Service<Uri> for Tunnels {
    type Response = Tunnel;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = std::result::Result<Tunnel, BoxError>> + Send>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<std::result::Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, server: Uri) -> Self::Future {
        Box::pin(self.clone().open(server))
    }
}

impl Connection for Tunnel {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl Read for Tunnel {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl Write for Tunnel {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &[u8]) -> Poll<Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, buffer)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.0.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        Pin::new(&mut self.0).poll_write_vectored(context, buffers)
    }
}
