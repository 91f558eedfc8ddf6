//! The bytes of a connection, with or without TLS.

use std::{
    io::Result,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, Interest, ReadBuf},
    net::TcpStream,
    time,
};
use tokio_rustls::server::TlsStream;

/// How long a closed connection is still read, so that unread data does not make the system reset it.
const LINGER: Duration = Duration::from_secs(2);

/// A connection with a client.
#[derive(Debug)]
pub(super) enum Line {
    /// TCP alone.
    Plain(TcpStream),
    /// TLS over TCP.
    Tls(Box<TlsStream<TcpStream>>),
}

impl Line {
    pub(super) fn tcp(&self) -> &TcpStream {
        match self {
            Self::Plain(stream) => stream,
            Self::Tls(stream) => stream.get_ref().0,
        }
    }

    /// Ends the connection with RST.
    pub(super) fn reset(self) -> Result<()> {
        self.tcp().set_zero_linger()
    }

    /// Ends the connection with FIN, even if some data was not read.
    pub(super) async fn close(mut self) -> Result<()> {
        self.shutdown().await?;
        let drain = async {
            let mut dropped = [0; 4_096];
            while !matches!(self.read(&mut dropped).await, Ok(0) | Err(_)) {}
        };
        // A client that keeps its side open loses the connection.
        let _ = time::timeout(LINGER, drain).await;
        Ok(())
    }

    /// Waits until the client has closed the connection, without reading.
    pub(super) async fn gone(&self) {
        while !self.tcp().ready(Interest::READABLE).await.is_ok_and(|ready| ready.is_read_closed()) {
            time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl AsyncRead for Line {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            Self::Tls(stream) => Pin::new(stream).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Line {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Self::Tls(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(context),
            Self::Tls(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}
