//! A server with prepared responses, for calls that the embedded server does not support.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use serde_json::Value;

/// The prefix of a path, and the status and body of the response.
type Answer = (&'static str, u16, Value);

/// A server on a free port of 127.0.0.1.
pub(crate) struct Canned {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Canned {
    /// Responds with the first answer whose path prefix matches, otherwise with 404.
    pub(crate) fn start(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let url = format!("http://{}", listener.local_addr().expect("it listens"));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (seen, answers) = (requests.clone(), Arc::new(answers));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (seen, answers) = (seen.clone(), answers.clone());
                thread::spawn(move || serve(stream, &answers, &seen));
            }
        });
        Self { url, requests }
    }

    /// Returns the requests so far, as `GET /path`.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("no thread panics").clone()
    }
}

fn serve(stream: TcpStream, answers: &[Answer], seen: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(stream);
    loop {
        let (mut head, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().expect("a number");
            }
            if line == "\r\n" {
                break;
            }
            head += &line;
        }
        let _ = reader.read_exact(&mut vec![0; length]);
        let mut words = head.split(' ');
        let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let found = answers.iter().find(|(start, ..)| path.starts_with(start));
        let (status, body) = found.map_or_else(
            || (404, r#"{"error":"Not found"}"#.to_owned()),
            |(_, status, body)| (*status, if body.is_null() { String::new() } else { body.to_string() }),
        );
        let answer = format!(
            "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        seen.lock().expect("no thread panics").push(format!("{method} {path}"));
        if reader.get_mut().write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}
