//! The receiving process: a minimal HTTP/1.1 server for clients on loopback.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread,
};

use super::{Result, process, tally::Tally};

/// Paths that are not for clients.
pub(super) const RELEASE: &str = "/release";
pub(super) const TALLY: &str = "/tally";

/// The path to which OTLP clients send logs.
const OTLP: &str = "/v1/logs";

struct State {
    tally: Mutex<Tally>,
    held: Mutex<bool>,
    released: Condvar,
}

/// Receives until standard input ends. Prints its address first. While it is held, it counts and does not respond.
///
/// # Errors
///
/// If there is no port to listen on.
pub fn receive(held: bool) -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    process::report(&listener.local_addr()?)?;
    let state = Arc::new(State { tally: Mutex::default(), held: Mutex::new(held), released: Condvar::new() });
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let state = state.clone();
            thread::spawn(move || {
                // A broken connection shows in the tally.
                let _ = serve(stream, &state);
            });
        }
    });
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

fn serve(stream: TcpStream, state: &State) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut writer = stream.try_clone()?;
    let mut reader = BufReader::with_capacity(256 * 1024, stream);
    let (mut line, mut body) = (String::new(), Vec::new());
    while let Some((path, length)) = read_head(&mut reader, &mut line)? {
        body.resize(length, 0);
        reader.read_exact(&mut body)?;
        let answer = answer(&path, &body, state);
        let kind = if path == OTLP { "application/x-protobuf" } else { "application/json" };
        let head =
            format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n", answer.len());
        writer.write_all((head + &answer).as_bytes())?;
    }
    Ok(())
}

fn answer(path: &str, body: &[u8], state: &State) -> String {
    match path {
        RELEASE => {
            *state.held.lock().unwrap_or_else(PoisonError::into_inner) = false;
            state.released.notify_all();
            String::new()
        }
        TALLY => state.tally.lock().unwrap_or_else(PoisonError::into_inner).counts.to_string(),
        _ => {
            let entries = state.tally.lock().unwrap_or_else(PoisonError::into_inner).count(body);
            let held = state.held.lock().unwrap_or_else(PoisonError::into_inner);
            drop(state.released.wait_while(held, |held| *held));
            // An empty body is an OTLP response without rejections.
            if path == OTLP { String::new() } else { format!("{{\"received\":{entries}}}") }
        }
    }
}

/// Returns the path and the length of the body, or `None` at the end of the connection.
fn read_head(reader: &mut impl BufRead, line: &mut String) -> Result<Option<(String, usize)>> {
    line.clear();
    if reader.read_line(line)? == 0 {
        return Ok(None);
    }
    let path = line.split_whitespace().nth(1).unwrap_or_default().to_owned();
    let mut length = 0;
    loop {
        line.clear();
        if reader.read_line(line)? == 0 {
            return Err("the connection ended inside a head".into());
        }
        match line.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse()?;
            }
            Some((name, _)) if name.eq_ignore_ascii_case("transfer-encoding") => {
                return Err("a body needs a length".into());
            }
            Some(_) => {}
            None => return Ok(Some((path, length))),
        }
    }
}
