//! A port that stays reserved while nothing listens on it.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
};

use socket2::{Domain, Socket, Type};
use tokio::net::TcpListener;

/// Connections that may wait to be accepted.
const BACKLOG: i32 = 128;

/// The receive buffer of a narrow connection in bytes, which the system enlarges somewhat.
const NARROW: usize = 8 << 10;

/// A port of 127.0.0.1.
///
/// A socket that is bound to it and never listens reserves it, so that the system does not assign it to others while it is
/// closed. An outgoing connection with this port would be connected to itself.
#[derive(Debug)]
pub(super) struct Port {
    _reservation: Socket,
    address: SocketAddr,
}

impl Port {
    pub(super) fn reserve() -> io::Result<Self> {
        let reservation = bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
        let address = reservation.local_addr()?.as_socket().ok_or(io::ErrorKind::AddrNotAvailable)?;
        Ok(Self { _reservation: reservation, address })
    }

    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Opens the port until the listener is dropped. Narrow connections have a small receive buffer.
    pub(super) fn listen(&self, is_narrow: bool) -> io::Result<TcpListener> {
        let socket = bind(self.address)?;
        if is_narrow {
            socket.set_recv_buffer_size(NARROW)?;
        }
        socket.listen(BACKLOG)?;
        socket.set_nonblocking(true)?;
        TcpListener::from_std(socket.into())
    }
}

fn bind(address: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    Ok(socket)
}
