//! Sends a million lines through `logtide send`, and measures lines per second, processor time and peak memory.
//!
//! One run sends to the embedded server, which then sets the pace. The other sends to a server that stores nothing, and shows the
//! speed of the command itself.
#![cfg_attr(not(unix), allow(dead_code, reason = "what it measures is known on Unix alone"))]

use std::{
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::{Command, Stdio},
    thread,
    time::Instant,
};

use logtide_devserver::DevServer;

/// The number of lines.
const LINES: usize = 1_000_000;

/// A line, as `yes '{"level":"info","msg":"hi"}'` repeats it.
const LINE: &[u8] = b"{\"level\":\"info\",\"msg\":\"hi\"}\n";

#[cfg(unix)]
fn main() -> io::Result<()> {
    let nowhere = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", nowhere.local_addr()?);
    thread::spawn(move || {
        nowhere.incoming().flatten().for_each(|stream| drop(thread::spawn(|| answer(stream))));
    });
    measure("a server that stores nothing", &url, "lp_key", LINE)?;
    let text = b"2026-11-27T04:46:01.123Z ERROR shop::cart - item 42 is not there\n";
    measure("the same, with lines of text", &url, "lp_key", text)?;
    let server = DevServer::start().map_err(io::Error::other)?;
    measure("the embedded server", server.url(), server.api_key(), LINE)?;
    assert_eq!(server.stored_count(), LINES as u64, "all of them are stored");
    Ok(())
}

#[cfg(not(unix))]
fn main() {}

#[cfg(unix)]
fn measure(server: &str, url: &str, key: &str, line: &[u8]) -> io::Result<()> {
    use nix::sys::resource::{UsageWho, getrusage};

    let before = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let started = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_logtide"))
        .args(["send", "--service", "demo"])
        .env("LOGTIDE_API_URL", url)
        .env("LOGTIDE_API_KEY", key)
        .stdin(Stdio::piped())
        .spawn()?;
    let mut stdin = child.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let lines = line.repeat(1_000);
    for _ in 0..LINES / 1_000 {
        stdin.write_all(&lines)?;
    }
    drop(stdin);
    assert!(child.wait()?.success(), "everything is delivered");
    let seconds = started.elapsed().as_secs_f64();
    let after = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let time = |usage: &nix::sys::resource::Usage| {
        let parts = [usage.user_time(), usage.system_time()];
        parts.iter().map(|time| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6).sum::<f64>()
    };
    let processor = time(&after) - time(&before);
    let mut out = io::stdout();
    writeln!(
        out,
        "{server}: {:.0} lines/s, {processor:.2} s of processor time ({:.0} lines a second and core), peak {} MB so far",
        LINES as f64 / seconds,
        LINES as f64 / processor,
        after.max_rss() / 1024,
    )
}

/// Answers each request as if all of its entries were stored.
fn answer(stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut writer = stream.try_clone()?;
    let mut reader = BufReader::with_capacity(64 * 1024, stream);
    let mut body = Vec::new();
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            if line == "\r\n" {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().map_err(io::Error::other)?;
            }
        }
        body.resize(length, 0);
        reader.read_exact(&mut body)?;
        let entries = memchr::memmem::find_iter(&body, b"\"message\":").count();
        let answer = format!("{{\"received\":{entries},\"timestamp\":\"2026-11-27T04:46:01.000Z\"}}");
        let length = answer.len();
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json";
        writer.write_all(format!("{head}\r\ncontent-length: {length}\r\n\r\n{answer}").as_bytes())?;
    }
}
