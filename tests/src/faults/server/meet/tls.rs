//! TLS handshakes, valid and invalid.

use std::{io, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use super::super::{Protocol, Shared, line::Line, shared::Phase};
use crate::faults::{Fault, TlsFault};

/// The longest silence in a handshake: longer than a trial, so that only the client can end it.
const SILENCE: Duration = Duration::from_secs(600);

/// A connection after its handshake, if it needed one.
pub(in crate::faults::server) enum Secured {
    /// It speaks HTTP/1.1.
    Http1(Line),
    /// It speaks HTTP/2.
    Http2(Box<TlsStream<TcpStream>>),
    /// It has ended.
    Over,
}

/// Performs the handshake as the fault specifies.
pub(in crate::faults::server) async fn secure(
    stream: TcpStream,
    phase: &Phase,
    shared: &Shared,
) -> io::Result<Secured> {
    let Some(identities) = shared.identities else { return Ok(Secured::Http1(Line::Plain(stream))) };
    let fault = match phase.fault {
        Fault::Tls(fault) => {
            shared.meet(phase);
            Some(fault)
        }
        _ => None,
    };
    if let Some(fault) = fault
        && !is_of_certificate(fault)
    {
        return spoil(stream, fault, shared).await.map(|()| Secured::Over);
    }
    let is_http2 = shared.protocol == Protocol::Http2
        && matches!(phase.fault, Fault::None | Fault::Slow(_) | Fault::Http2(_));
    let protocol: &[u8] = if is_http2 { b"h2" } else { b"http/1.1" };
    let shown = identities.shown(fault, protocol).map_err(io::Error::other)?;
    let stream = Box::new(TlsAcceptor::from(shown).accept(stream).await?);
    if fault.is_some() {
        return whether_fooled(*stream, shared).await.map(|()| Secured::Over);
    }
    Ok(if is_http2 { Secured::Http2(stream) } else { Secured::Http1(Line::Tls(stream)) })
}

const fn is_of_certificate(fault: TlsFault) -> bool {
    use TlsFault::{Expired, NotYetValid, UnknownAuthority, WrongName};
    matches!(fault, Expired | NotYetValid | WrongName | UnknownAuthority)
}

/// Counts a client that sends a request despite the certificate.
async fn whether_fooled(mut stream: TlsStream<TcpStream>, shared: &Shared) -> io::Result<()> {
    if stream.read(&mut [0]).await? > 0 {
        shared.record().fooled += 1;
    }
    Ok(())
}

async fn spoil(mut stream: TcpStream, fault: TlsFault, shared: &Shared) -> io::Result<()> {
    if stream.read(&mut [0; 4_096]).await? == 0 {
        return Ok(());
    }
    let bytes: &[u8] = match fault {
        TlsFault::Reset => return stream.set_zero_linger(),
        TlsFault::Hang => {
            let hanging = shared.hanging();
            // Clients that still wait are counted until then.
            let _ = time::timeout(SILENCE, Line::Plain(stream).gone()).await;
            drop(hanging);
            return Ok(());
        }
        TlsFault::PlainHttp => b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n",
        // 6 bytes of a server hello of 122 bytes.
        TlsFault::Cut => b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03",
        // handshake_failure
        TlsFault::Alert => b"\x15\x03\x03\x00\x02\x02\x28",
        TlsFault::Garbage => b"\x9d\x3f\x00\xff\x17\x80\x41\xc2\x5e\x0a\x00\x01\xfe\x77\x13\x99",
        _ => b"",
    };
    stream.write_all(bytes).await?;
    Line::Plain(stream).close().await
}
