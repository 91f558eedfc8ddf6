//! Tunnels through HTTP proxies.

use super::{Refusal, Stream};
use crate::http_transport::payload::Payload;
use bytes::Bytes;
use http::{HeaderValue, Method, Request, StatusCode, Uri, header, uri::Authority};
use hyper::{
    client::conn::http1,
    rt::{Read, ReadBufCursor, Write},
    upgrade::{self, Upgraded},
};
use hyper_util::client::legacy::connect::{Connected, Connection};
use std::{
    io::{IoSlice, Result},
    pin::Pin,
    task::{Context, Poll},
};

/// A connection to a server through a proxy.
struct Tunnel(Upgraded);

/// Asks the proxy to pass on what follows.
pub(super) async fn ask(
    stream: Stream,
    server: &Uri,
    credentials: Option<&HeaderValue>,
) -> std::result::Result<Stream, Refusal> {
    let (mut sender, connection) = http1::handshake(stream).await?;
    // It ends with the tunnel, or when nobody waits for the answer.
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
        return Ok(Stream::new(Tunnel(upgrade::on(response).await?)));
    }
    let hint = match status {
        StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
            "add a user name and password, as in http://user:password@proxy.example:3128"
        }
        _ => "check that the proxy can reach the server, or exempt the server with NO_PROXY",
    };
    Err(Refusal { cause: format!("it answered {status}").into(), hint })
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
