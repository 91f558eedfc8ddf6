//! A client of your own over `std::net`, with only `logtide-core` and without hyper, tokio or a thread.
//!
//! Run it with `cargo run --example std_net`. It sends entries to an embedded server that fails at first, and prints the result.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::{
    error::Error,
    io::{self, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    thread,
    time::{Duration, Instant, SystemTime},
};

use logtide_core::{
    Json, Level, LogEntry, Outcome, Pipeline, PipelineOptions, RecordWriter, ServerAnswer, Tick, Timestamp,
    Transmit,
};
use logtide_devserver::{DevServer, Fault};

fn main() -> Result<(), Box<dyn Error>> {
    let server = DevServer::start()?;
    server.chaos(Fault::Status(503)).next(2);
    let mut client = StdNetClient::new(server.address(), server.api_key());
    for order in 0..3 {
        client.log(&LogEntry::new(Level::Info, "shop", "order placed").metadata([("order", order)]));
    }
    client.flush(Duration::from_secs(10));
    let counters = client.pipeline.counters();
    println!(
        "logged {}, delivered {}, dropped {}",
        counters.logged,
        counters.delivered,
        counters.dropped.total()
    );
    println!("on the server: {} entries", server.stored().len());
    Ok(())
}

/// Owns the clock and the network, and asks the pipeline what to do.
struct StdNetClient {
    pipeline: Pipeline,
    writer: RecordWriter,
    started: Instant,
    server: SocketAddr,
    key: String,
}

impl StdNetClient {
    fn new(server: SocketAddr, key: &str) -> Self {
        let mut options = PipelineOptions::default();
        options.retry_delay = Duration::from_millis(50);
        Self {
            pipeline: Pipeline::new(options, Json::default()),
            writer: RecordWriter::default(),
            started: Instant::now(),
            server,
            key: key.to_owned(),
        }
    }

    fn log(&mut self, entry: &LogEntry) {
        let now = self.now();
        // The pipeline counts what does not fit into the buffer.
        let _ = self.pipeline.push(entry.record(&mut self.writer, wall()), now);
        self.send();
    }

    /// Sends until nothing is pending, or the time is up.
    fn flush(&mut self, timeout: Duration) {
        let deadline = self.now().after(timeout);
        let now = self.now();
        self.pipeline.flush(deadline, now);
        loop {
            self.send();
            let now = self.now();
            match self.pipeline.poll_timeout() {
                Some((next, _)) if self.pipeline.held_entries() > 0 && now < deadline => {
                    thread::sleep(next.since(now));
                    let now = self.now();
                    self.pipeline.handle_timeout(now);
                }
                _ => return,
            }
        }
    }

    /// Sends all due batches, and prints the pipeline's events.
    fn send(&mut self) {
        while let Some(transmit) = self.pipeline.poll_transmit(self.now()) {
            let outcome = match self.post(&transmit) {
                Ok((status, body)) => {
                    self.pipeline.wire().outcome(ServerAnswer::new(status, &body), None, wall())
                }
                Err(error) => Outcome::Unavailable { retry_after: None, detail: error.to_string() },
            };
            let now = self.now();
            self.pipeline.handle_outcome(transmit.id, outcome, now);
        }
        while let Some(event) = self.pipeline.poll_event() {
            println!("{event}");
        }
    }

    /// One HTTP exchange.
    fn post(&self, transmit: &Transmit) -> io::Result<(u16, Vec<u8>)> {
        let mut stream = TcpStream::connect_timeout(&self.server, Duration::from_secs(5))?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        write!(
            stream,
            "POST {} HTTP/1.1\r\nHost: {}\r\nX-API-Key: {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            transmit.path,
            self.server,
            self.key,
            transmit.content_type,
            transmit.body.len()
        )?;
        stream.write_all(&transmit.body)?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let invalid = || io::Error::from(io::ErrorKind::InvalidData);
        let head_end = answer.windows(4).position(|window| window == b"\r\n\r\n").ok_or_else(invalid)?;
        let head = str::from_utf8(&answer[..head_end]).map_err(|_| invalid())?;
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(invalid)?;
        Ok((status, answer[head_end + 4..].to_vec()))
    }

    /// Returns the time since the start of this client, which never goes backwards.
    fn now(&self) -> Tick {
        Tick::from_micros(self.started.elapsed().as_micros() as u64)
    }
}

fn wall() -> Timestamp {
    SystemTime::now().into()
}
