//! The part of HTTP/1.1 that the client uses.

use std::{io, time::Duration};

use tokio::{io::AsyncReadExt, time};

use super::line::Line;

/// The longest head of a request, in bytes.
const MAX_HEAD: usize = 64 << 10;
/// The longest body of a request, in bytes.
const MAX_BODY: usize = 64 << 20;

/// A connection that requests are read from.
#[derive(Debug)]
pub(super) struct Requests {
    line: Line,
    /// The bytes after the last request.
    buffer: Vec<u8>,
}

/// The head of a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// The method and the path, as in `POST /api/v1/ingest`.
    pub(super) target: String,
    /// The length of the body in bytes.
    pub(super) length: usize,
}

impl Requests {
    pub(super) const fn new(line: Line) -> Self {
        Self { line, buffer: Vec::new() }
    }

    pub(super) const fn line(&mut self) -> &mut Line {
        &mut self.line
    }

    pub(super) fn into_line(self) -> Line {
        self.line
    }

    /// Waits for the first byte of the next request. Returns whether there is one. Cancel safe.
    pub(super) async fn begins(&mut self) -> io::Result<bool> {
        Ok(!self.buffer.is_empty() || self.line.read_buf(&mut self.buffer).await? > 0)
    }

    /// Reads the head of the next request.
    ///
    /// # Errors
    ///
    /// If the connection ends inside it, or its body has no length.
    pub(super) async fn head(&mut self) -> io::Result<Head> {
        let end = loop {
            if let Some(at) = memchr::memmem::find(&self.buffer, b"\r\n\r\n") {
                break at + 4;
            }
            if self.buffer.len() > MAX_HEAD {
                return Err(invalid("the head is too long"));
            }
            self.more().await?;
        };
        let head = read_head(&self.buffer[..end])?;
        self.buffer.drain(..end);
        Ok(head)
    }

    /// Reads this many bytes of a body.
    ///
    /// # Errors
    ///
    /// If the connection ends first.
    pub(super) async fn body(&mut self, length: usize) -> io::Result<Vec<u8>> {
        while self.buffer.len() < length {
            self.more().await?;
        }
        let rest = self.buffer.split_off(length);
        Ok(std::mem::replace(&mut self.buffer, rest))
    }

    /// Reads this many bytes of a body, with a pause after each step.
    pub(super) async fn drip(&mut self, length: usize, step: usize, pause: Duration) -> io::Result<Vec<u8>> {
        let mut body = Vec::with_capacity(length);
        while body.len() < length {
            body.extend(self.body(step.min(length - body.len())).await?);
            time::sleep(pause).await;
        }
        Ok(body)
    }

    async fn more(&mut self) -> io::Result<()> {
        if self.line.read_buf(&mut self.buffer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }
}

/// Returns the bytes of a response.
pub(super) fn answer(status: u16, headers: &[(String, String)], body: &str) -> Vec<u8> {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("HTTP/1.1 {status} Fault\r\n{headers}content-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// Returns the method with the path, and the length of the body.
fn read_head(head: &[u8]) -> io::Result<Head> {
    let head = std::str::from_utf8(head).map_err(|_| invalid("the head is not UTF-8"))?;
    let mut lines = head.split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let target = format!("{} {}", words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut length = 0;
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        if name.eq_ignore_ascii_case("transfer-encoding") {
            return Err(invalid("the body has no length"));
        }
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().map_err(|_| invalid("the length is not a number"))?;
        }
    }
    if length > MAX_BODY { Err(invalid("the body is too long")) } else { Ok(Head { target, length }) }
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_gives_target_and_length() {
        let head = b"POST /api/v1/ingest HTTP/1.1\r\nhost: a\r\nContent-Length: 12\r\n\r\n";
        let expected = Head { target: "POST /api/v1/ingest".to_owned(), length: 12 };
        assert_eq!(read_head(head).unwrap(), expected);
        assert_eq!(read_head(b"GET /health HTTP/1.1\r\n\r\n").unwrap().length, 0);
    }

    #[test]
    fn a_body_without_a_usable_length_is_refused() {
        for header in ["transfer-encoding: chunked", "content-length: -1", "content-length: 99999999999"] {
            assert!(
                read_head(format!("POST / HTTP/1.1\r\n{header}\r\n\r\n").as_bytes()).is_err(),
                "{header}"
            );
        }
    }

    #[test]
    fn an_answer_has_its_headers_and_the_length_of_its_body() {
        let headers = [("retry-after".to_owned(), "10".to_owned())];
        let expected = "HTTP/1.1 429 Fault\r\nretry-after: 10\r\ncontent-length: 2\r\n\r\n{}";
        assert_eq!(answer(429, &headers, "{}"), expected.as_bytes());
    }
}
