//! A live tail that leaves nothing out, on a server whose own stream does.
//!
//! `cargo run --example tail` follows an embedded server while two services log to it, one of them in a burst and one late. With
//! `LOGTIDE_DSN`, or `LOGTIDE_API_URL` and `LOGTIDE_API_KEY` (a full key), it follows that server until Ctrl+C.

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

/// How long anything may take here.
const PATIENCE: Duration = Duration::from_secs(30);

/// Entries logged within a second. The server's stream gives 100 of them.
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
            // Nobody listens for a second connection.
            let _ = connected.send(());
        }
    });
    // Everything that arrives at most 30 seconds after the time it carries.
    let complete = StreamOptions::new().complete(Duration::from_secs(30));
    let mut complete = client.stream_blocking(complete);
    let mut as_streamed = client.stream_blocking(as_streamed);
    wait.recv_timeout(PATIENCE)?;

    for number in 0..BURST {
        client.info("checkout", format_args!("order {number} placed"), [("order", number)]);
        // The server keeps milliseconds: entries of the same one have no order.
        thread::sleep(Duration::from_millis(1));
    }
    assert!(client.flush_blocking(PATIENCE).is_complete());
    println!("{BURST} entries logged within a second.\n\nThe server's stream:");
    show(&mut as_streamed, 101)?;

    let earlier = SystemTime::now() - Duration::from_secs(10);
    client.log(LogEntry::new(Level::Warn, "billing", "card declined, sent 10 s late").time(earlier));
    assert!(client.flush_blocking(PATIENCE).is_complete());
    println!("\nThe complete tail, with an entry that the stream never gives:");
    show(&mut complete, BURST + 1)
}

/// Prints so many items, leaving out the middle of what one service says.
fn show(stream: &mut BlockingLogStream, items: usize) -> Result<(), Box<dyn Error>> {
    let (all_came, wait) = mpsc::channel::<()>();
    let stop = stream.stop_handle();
    // The stream itself waits as long as it takes.
    thread::spawn(move || {
        if wait.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
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
