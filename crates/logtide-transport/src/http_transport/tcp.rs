//! TCP connections that never raise SIGPIPE.

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::{
    client::legacy::connect::{Connected, Connection, HttpConnector},
    rt::TokioIo,
};
use std::{
    io::{IoSlice, Result},
    pin::Pin,
    task::{Context, Poll, ready},
};
use tokio::net::TcpStream;
use tower_service::Service;

use super::connector::BoxError;

/// Buffers with a smaller total size are copied into one, so that a small request is one packet.
const GATHERED: usize = 8 * 1024;

/// Opens TCP connections.
#[derive(Clone)]
pub(super) struct Tcp(pub(super) HttpConnector);

/// A TCP connection that makes only single writes.
///
/// The standard library suppresses SIGPIPE for single writes, but not for vectored ones. If the process has the
/// default action for the signal, a vectored write to a connection that the server has closed would end it.
pub(super) struct SingleWrites(TokioIo<TcpStream>);

impl Service<hyper::Uri> for Tcp {
    type Response = SingleWrites;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = std::result::Result<SingleWrites, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<std::result::Result<(), BoxError>> {
        self.0.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, uri: hyper::Uri) -> Self::Future {
        let connecting = self.0.call(uri);
        Box::pin(async move { Ok(SingleWrites(connecting.await?)) })
    }
}

impl Connection for SingleWrites {
    fn connected(&self) -> Connected {
        self.0.connected()
    }
}

impl Read for SingleWrites {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl Write for SingleWrites {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &[u8]) -> Poll<Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, buffer)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }

    /// Otherwise hyper would copy every body after its head.
    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let mut buffers = buffers.iter().filter(|buffer| !buffer.is_empty());
        let Some(first) = buffers.next() else { return Poll::Ready(Ok(0)) };
        if first.len() >= GATHERED {
            return self.poll_write(context, first);
        }
        let mut gathered = Vec::with_capacity(GATHERED);
        gathered.extend_from_slice(first);
        for buffer in buffers {
            let room = GATHERED - gathered.len();
            gathered.extend_from_slice(&buffer[..buffer.len().min(room)]);
        }
        let written = ready!(self.as_mut().poll_write(context, &gathered))?;
        Poll::Ready(Ok(written))
    }
}
