//! The program that is killed.

use std::{
    io::Write,
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::Duration,
};

use logtide::{Client, ClientOptions, Durability, HttpOptions};
use serde::{Deserialize, Serialize};

use super::ledger::{ACKNOWLEDGED, ISSUED, LOST};
use crate::{faults::Result, pace::steadily_while, payload};

/// The first argument of the program that is killed.
pub(crate) const ROLE: &str = "killed";

/// The time limit for `close` in a program that only delivers.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The work of the program.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Load {
    pub(crate) url: String,
    pub(crate) key: String,
    pub(crate) dir: PathBuf,
    /// The number of its first entry.
    pub(crate) first: u64,
    /// The number of logging threads, which log until the process is killed. With 0, the program only delivers and ends.
    pub(crate) threads: u64,
    /// The shortest interval between log calls of a thread.
    pub(crate) interval: Duration,
}

/// Logs until the process is killed, or delivers and ends.
pub(crate) fn run(load: &str) -> Result<()> {
    let load: Load = serde_json::from_str(load)?;
    let options = ClientOptions::new(&load.url, &load.key)
        .spool(&load.dir)
        .durability(Durability::Always)
        .flush_interval(Duration::from_millis(20))
        .retry_delay(Duration::from_millis(20))
        .request_timeout(Duration::from_secs(2))
        .http(HttpOptions::new().no_proxy());
    let client = Client::new(options)?;
    let next = AtomicU64::new(load.first);
    thread::scope(|scope| {
        for _ in 0..load.threads {
            scope.spawn(|| {
                // Fails as soon as nobody reads the output.
                steadily_while(load.interval, || log(&client, next.fetch_add(1, Ordering::Relaxed)).is_ok());
            });
        }
    });
    let report = client.close_blocking(TIMEOUT);
    let recovered = client.metrics().recovered;
    say(LOST, report.lost + report.pending + recovered.dropped)
}

fn log(client: &Client, id: u64) -> Result<()> {
    say(ISSUED, id)?;
    client.info("crash", payload::message(id), [("id", id)]);
    say(ACKNOWLEDGED, id)
}

/// Writes a line with one call, so that a kill leaves only complete lines in the pipe.
fn say(kind: char, number: u64) -> Result<()> {
    Ok(std::io::stdout().write_all(format!("{kind}{number}\n").as_bytes())?)
}
