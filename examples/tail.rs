//! A live tail that misses no entry, although the server's own stream does.
//!
//! Run it with `cargo run --example tail`. It follows an embedded server while two services log to it, one in a burst and one
//! late. With `LOGTIDE_DSN`, or `LOGTIDE_API_URL` and `LOGTIDE_API_KEY` (a full key), it follows that server until Ctrl+C.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::{
    collections::BTreeMap,
    error::Error,
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, SystemTime},
};

use logtide::{
    BlockingLogStream, Client, ClientOptions, EnvError, Level, LogEntry, LogRecord, StreamEvent,
    StreamOptions,
};
use logtide_devserver::DevServer;

/// The time limit of each step.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Entries logged within a second. The server's own stream returns 100 of them.
const BURST: usize = 350;

fn main() -> Result<(), Box<dyn Error>> {
    match ClientOptions::from_env() {
        Err(EnvError::NoServer) => {}
        options => return follow(&Client::new(options?)?),
    }
    let server = DevServer::start()?;
    let client = Client::new(ClientOptions::new(server.url(), server.api_key()))?;

    let (connected, wait) = mpsc::channel();
    let as_streamed = StreamOptions::new().on_event(move |event| {
        if matches!(event, StreamEvent::Connected) {
            // The receiver waits only for the first connection.
            let _ = connected.send(());
        }
    });
    // Shows every entry that arrives within 30 seconds of its time.
    let complete = StreamOptions::new().complete(Duration::from_secs(30));
    let mut complete = client.stream_blocking(complete);
    let mut as_streamed = client.stream_blocking(as_streamed);
    wait.recv_timeout(TIMEOUT)?;

    for number in 0..BURST {
        client.info("checkout", format_args!("order {number} placed"), [("order", number)]);
        // The server stores milliseconds, and does not keep the order within one.
        thread::sleep(Duration::from_millis(1));
    }
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    println!("{BURST} entries logged within a second.\n\nThe server's stream:");
    show(&mut as_streamed, 101)?;

    let earlier = SystemTime::now() - Duration::from_secs(10);
    client.log(LogEntry::new(Level::Warn, "billing", "card declined, sent 10 s late").time(earlier));
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    println!("\nThe complete tail, with an entry that the stream never gives:");
    show(&mut complete, BURST + 1)
}

/// Prints this many items, without the middle of a service's entries.
fn show(stream: &mut BlockingLogStream, items: usize) -> Result<(), Box<dyn Error>> {
    let (all_came, wait) = mpsc::channel::<()>();
    let stop = stream.stop_handle();
    // The stream itself has no time limit.
    thread::spawn(move || {
        if wait.recv_timeout(TIMEOUT) == Err(RecvTimeoutError::Timeout) {
            stop.stop();
        }
    });
    let mut came = 0;
    let mut seen = BTreeMap::<String, usize>::new();
    for item in stream.take(items) {
        came += 1;
        match item {
            Ok(entry) => {
                let count = seen.entry(entry.service.clone()).or_default();
                *count += 1;
                if *count <= 2 {
                    print(&entry);
                }
            }
            Err(error) => println!("  ! {error}"),
        }
    }
    drop(all_came);
    println!("  in all: {seen:?}");
    if came == items { Ok(()) } else { Err(format!("{came} of {items} items came").into()) }
}

fn print(entry: &LogRecord) {
    println!(
        "  {} {:<8} {:<9} {}",
        entry.time.format("%H:%M:%S%.3f"),
        entry.level,
        entry.service,
        entry.message
    );
}

/// Prints what another server logs, until the program is ended.
fn follow(client: &Client) -> Result<(), Box<dyn Error>> {
    for item in client.stream_blocking(StreamOptions::new().complete(Duration::from_secs(30))) {
        match item {
            Ok(entry) => print(&entry),
            Err(error) if error.is_final() => return Err(error.into()),
            Err(error) => println!("  ! {error}"),
        }
    }
    Ok(())
}
