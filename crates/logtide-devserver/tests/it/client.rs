//! A small HTTP/1.1 client that exposes every detail of the connection.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use logtide_devserver::DevServer;
use serde_json::{Value, json};

/// The time limit for a response.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

/// A kept-alive connection.
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
    key: Option<String>,
}

/// A response with its head.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) text: String,
}

impl Client {
    /// Connects with the full key.
    pub(crate) fn new(server: &DevServer) -> Self {
        Self::with_key(server.address(), Some(server.api_key()))
    }

    pub(crate) fn with_key(address: SocketAddr, key: Option<&str>) -> Self {
        let stream = TcpStream::connect(address).expect("the server listens");
        stream.set_read_timeout(Some(DEADLINE)).expect("a timeout can be set");
        Self { stream: BufReader::new(stream), key: key.map(String::from) }
    }

    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.request("GET", path, &[], b"").expect("the server answers")
    }

    /// Sends JSON to `/api/v1/ingest`.
    pub(crate) fn ingest(&mut self, body: &str) -> Answer {
        self.try_ingest(body).expect("the server answers")
    }

    pub(crate) fn try_ingest(&mut self, body: &str) -> io::Result<Answer> {
        self.request("POST", "/api/v1/ingest", &[("Content-Type", "application/json")], body.as_bytes())
    }

    pub(crate) fn request(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> io::Result<Answer> {
        self.send_request(method, path, headers, body)?;
        self.answer()
    }

    /// Sends JSON to `/api/v1/ingest` without waiting for the response.
    pub(crate) fn send(&mut self, body: &str) -> io::Result<()> {
        let headers = [("Content-Type", "application/json")];
        self.send_request("POST", "/api/v1/ingest", &headers, body.as_bytes())
    }

    fn send_request(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> io::Result<()> {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: test\r\n");
        if let Some(key) = &self.key {
            head += &format!("X-API-Key: {key}\r\n");
        }
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        if method != "GET" && !headers.iter().any(|(name, _)| *name == "Content-Length") {
            head += &format!("Content-Length: {}\r\n", body.len());
        }
        self.raw(&[head.as_bytes(), b"\r\n", body].concat())
    }

    pub(crate) fn raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.get_mut().write_all(bytes)
    }

    /// Reads one response with its body, unless the body is an endless stream.
    pub(crate) fn answer(&mut self) -> io::Result<Answer> {
        let mut answer = self.head()?;
        if answer.header("content-type") == Some("text/event-stream") {
            return Ok(answer);
        }
        if answer.header("transfer-encoding") == Some("chunked") {
            answer.text = self.chunks()?;
            return Ok(answer);
        }
        let length = answer.header("content-length").map_or(0, |length| length.parse().expect("a length"));
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        answer.text = String::from_utf8(body).expect("answers are UTF-8");
        Ok(answer)
    }

    /// Reads the head of a response.
    pub(crate) fn head(&mut self) -> io::Result<Answer> {
        let status = self.line()?;
        let status = status.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or(io::ErrorKind::InvalidData)?;
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(": ") else { break };
            headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        Ok(Answer { status, headers, text: String::new() })
    }

    /// Reads one line without its line break.
    pub(crate) fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end_matches(['\r', '\n']).to_owned())
    }

    fn chunks(&mut self) -> io::Result<String> {
        let mut text = Vec::new();
        loop {
            let length = usize::from_str_radix(&self.line()?, 16).expect("a chunk length");
            let start = text.len();
            text.resize(start + length, 0);
            self.stream.read_exact(&mut text[start..])?;
            self.line()?;
            if length == 0 {
                return Ok(String::from_utf8(text).expect("answers are UTF-8"));
            }
        }
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect("answers are JSON")
    }

    /// Returns the messages of a response with `logs`.
    pub(crate) fn messages(&self) -> Vec<String> {
        let answer = self.json();
        let logs = answer["logs"].as_array().unwrap_or_else(|| panic!("no logs in {answer}"));
        logs.iter().map(|log| log["message"].as_str().expect("a message").to_owned()).collect()
    }
}

/// Returns a batch of entries, each with the given changes to a plain one.
pub(crate) fn batch(entries: &[Value]) -> String {
    let logs: Vec<_> = entries
        .iter()
        .map(|changes| {
            let mut entry = json!({"service": "probe", "level": "info", "message": "hello"});
            let changes = changes.as_object().expect("changes are an object").clone();
            entry.as_object_mut().expect("an entry is an object").extend(changes);
            entry
        })
        .collect();
    json!({ "logs": logs }).to_string()
}

/// Returns a batch of `count` entries that differ in their message.
pub(crate) fn numbered(count: usize) -> String {
    batch(&(0..count).map(|number| json!({"message": format!("message {number}")})).collect::<Vec<_>>())
}
