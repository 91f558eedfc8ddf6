//! A plain HTTP client with one request per connection.

use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use socket2::SockRef;

use crate::setup::TIMEOUT;

/// The response of a server.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body as it was received.
    pub body: String,
}

/// Sends a `GET` and reads the response. `None` if the server disconnects without one.
pub fn get(address: SocketAddr, path: &str, headers: &[(&str, &str)]) -> Option<Answer> {
    send(address, "GET", path, headers)
}

/// Does the same as [`get`], for any method.
///
/// # Panics
///
/// If the server cannot be reached, or its response is not HTTP.
pub fn send(address: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)]) -> Option<Answer> {
    let headers: Vec<_> = [("Host", "localhost")].iter().chain(headers).copied().collect();
    send_without_host(address, method, path, &headers)
}

/// Does the same as [`send`], without adding a `Host` header.
///
/// # Panics
///
/// As [`send`].
pub(super) fn send_without_host(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> Option<Answer> {
    let mut stream = begin(address, method, path, headers);
    let mut bytes = Vec::new();
    // A server that fails in the middle of a body resets the connection. What arrived before counts.
    let _ = stream.read_to_end(&mut bytes);
    if bytes.is_empty() {
        return None;
    }
    let text = String::from_utf8(bytes).expect("the servers send text");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head ends with an empty line");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    Some(Answer { status: status.expect("a status line has a number"), body: body.to_owned() })
}

/// Sends a `GET`, and disconnects as soon as the body has begun.
///
/// # Panics
///
/// As [`send`].
pub fn hang_up(address: SocketAddr, path: &str) {
    let mut stream = open(address, "GET", path, &[]);
    let mut seen = Vec::new();
    while !has_body(&seen) {
        let mut chunk = [0; 1024];
        let length = stream.read(&mut chunk).expect("the body begins");
        assert!(length > 0, "the server hung up first: {}", String::from_utf8_lossy(&seen));
        seen.extend_from_slice(&chunk[..length]);
    }
}

fn has_body(seen: &[u8]) -> bool {
    seen.windows(4).position(|window| window == b"\r\n\r\n").is_some_and(|end| seen.len() > end + 4)
}

/// Resets a connection, so that the server notices that its client has disconnected.
///
/// # Panics
///
/// If the connection is already closed.
pub fn reset(stream: TcpStream) {
    SockRef::from(&stream).set_linger(Some(Duration::ZERO)).expect("the connection is there");
}

/// Sends a request without reading the response.
///
/// # Panics
///
/// If the server cannot be reached.
#[must_use]
pub fn open(address: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)]) -> TcpStream {
    let headers: Vec<_> = [("Host", "localhost")].iter().chain(headers).copied().collect();
    begin(address, method, path, &headers)
}

fn begin(address: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)]) -> TcpStream {
    let connect = || -> io::Result<TcpStream> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        let mut head = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        headers.iter().for_each(|(name, value)| head.push_str(&format!("{name}: {value}\r\n")));
        head.push_str("\r\n");
        stream.write_all(head.as_bytes())?;
        Ok(stream)
    };
    connect().expect("the server takes requests")
}
