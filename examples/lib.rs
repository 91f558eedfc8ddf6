//! The examples of the LogTide SDK: `cargo run --example quickstart` is the first to run.
//!
//! Here is what those have in common that run a web server: they ask it themselves, and show what was logged of it.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::{
    io::{self, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use logtide_devserver::DevServer;

/// Sends a `GET` with a `traceparent` and prints the first line of the answer.
///
/// # Errors
///
/// The server cannot be reached, or does not answer within 10 s.
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
        // A server whose handler panicked may hang up without an answer.
        _ => {}
    }
    let answer = String::from_utf8_lossy(&answer);
    println!("GET {path} -> {}", answer.lines().next().unwrap_or("(no answer)"));
    Ok(())
}

/// Prints what an embedded server stored.
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
