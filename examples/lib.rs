//! The examples of the LogTide SDK. Start with `cargo run --example quickstart`.
//!
//! This file has the code that several examples share: requests to their own web server, printing what was logged, and showing a
//! trace as a tree.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::{
    io::{self, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use logtide::{LogRecord, SpanTree, StoredSpan};
use logtide_devserver::DevServer;

/// Sends a `GET` with a `traceparent` and prints the first line of the response.
///
/// # Errors
///
/// If the server cannot be reached, or does not respond within 10 s.
pub fn get(address: SocketAddr, path: &str) -> io::Result<()> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Request-Id: r-1\r\n\
         Traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n\r\n"
    )?;
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
            return Err(error);
        }
        // A server whose handler panicked may close the connection without a response.
        _ => {}
    }
    let answer = String::from_utf8_lossy(&answer);
    println!("GET {path} -> {}", answer.lines().next().unwrap_or("(no answer)"));
    Ok(())
}

/// Prints the entries of an embedded server.
pub fn print_stored(server: &DevServer) {
    println!("\nstored:");
    for entry in server.stored() {
        let metadata = entry.metadata.unwrap_or_default();
        let fields = ["route", "status", "duration_ms", "headers", "user"]
            .iter()
            .filter_map(|key| Some(format!(" {key}={}", metadata.get(key)?)))
            .collect::<String>();
        println!("{:<6}{}  [{}]{fields}", entry.level, entry.message, entry.trace_id.unwrap_or_default());
    }
}

/// Formats the spans and entries of a trace as a tree, one per line.
#[must_use]
pub fn tree(spans: Vec<StoredSpan>, entries: Vec<LogRecord>) -> String {
    let mut text = String::new();
    for node in &SpanTree::new(spans).with_entries(entries) {
        let (span, indent) = (node.span(), "   ".repeat(node.depth()));
        let status = span.status.as_deref().map(|status| format!(" {status}")).unwrap_or_default();
        let kind = span.kind.as_deref().unwrap_or_default();
        text +=
            &format!("{indent}└─ {} [{}] {kind}{status} {:?}\n", span.operation, span.service, span.duration);
        for entry in node.entries() {
            text += &format!("{indent}      {:<8} {}\n", entry.level.to_string(), entry.message);
        }
    }
    text
}
