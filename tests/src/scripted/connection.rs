//! One connection of a scripted server.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{Shutdown, TcpStream},
    time::Instant,
};

use super::{Recorded, Shared, Step};
use crate::entries;

/// Serves requests until the client or the script ends the connection.
pub(super) fn serve(shared: &Shared, stream: TcpStream, number: usize) {
    let mut connection = Connection { reader: BufReader::with_capacity(1, stream), number };
    while let Ok(Some(head)) = connection.read_head() {
        if !matches!(connection.follow(shared, head), Ok(true)) {
            break;
        }
    }
    let _ = connection.stream().shutdown(Shutdown::Both);
}

struct Connection {
    /// Buffers a single byte: unread bytes must stay in the socket, where they turn a close into a reset.
    reader: BufReader<TcpStream>,
    number: usize,
}

impl Connection {
    fn stream(&self) -> &TcpStream {
        self.reader.get_ref()
    }

    /// Reads up to the empty line. `None` at the end of the connection.
    fn read_head(&mut self) -> io::Result<Option<Recorded>> {
        let mut line = String::new();
        if self.reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let mut words = line.split(' ').map(str::to_owned);
        let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            self.reader.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let (at, connection) = (Instant::now(), self.number);
        Ok(Some(Recorded { method, path, headers, body: Vec::new(), at, connection }))
    }

    /// Performs the next step. Returns whether the connection continues.
    fn follow(&mut self, shared: &Shared, mut request: Recorded) -> io::Result<bool> {
        let length: usize = request.header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
        let step = shared.next_step();
        if matches!(step, Step::Reset) {
            // Unread bytes turn the close into a reset.
            self.stream().peek(&mut [0])?;
            shared.record(request);
            return Ok(false);
        }
        if matches!(step, Step::TooLargeWhileReading) {
            self.stream().write_all(
                b"HTTP/1.1 413 Payload Too Large\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}",
            )?;
            self.stream().shutdown(Shutdown::Write)?;
        }
        request.body.resize(length, 0);
        self.reader.read_exact(&mut request.body)?;
        request.at = Instant::now();
        let receipt = || entries::receipt(&request.body);
        let answer = match &step {
            Step::Store | Step::CloseAfterAnswer | Step::Drip => answer(200, &[], &receipt()),
            Step::Answer { status, headers, body } => answer(*status, headers, body),
            Step::TruncatedBody => "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"rec".to_owned(),
            Step::Garbage => "220 mail.example.org ESMTP\r\n\r\n".to_owned(),
            _ => String::new(),
        };
        shared.record(request);
        match step {
            Step::Store | Step::Answer { .. } => self.stream().write_all(answer.as_bytes()).map(|()| true),
            Step::Drip => {
                self.stream().set_nodelay(true)?;
                answer.bytes().try_for_each(|byte| self.stream().write_all(&[byte])).map(|()| true)
            }
            Step::Hang => {
                shared.wait_for_end();
                Ok(false)
            }
            _ => self.stream().write_all(answer.as_bytes()).map(|()| false),
        }
    }
}

fn answer(status: u16, headers: &[(&'static str, String)], body: &str) -> String {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("HTTP/1.1 {status} Scripted\r\n{headers}content-length: {}\r\n\r\n{body}", body.len())
}
