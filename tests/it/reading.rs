//! Reading back what the embedded server has stored.

mod asynchronous;
mod counts;
mod filters;
mod paging;
mod refusals;
mod server_traces;
mod spans;
mod too_large;
mod traces;

use std::time::{Duration, SystemTime};

use logtide::Client;
use logtide_core::LogEntry;
use logtide_devserver::DevServer;
use logtide_tests::setup::{TIMEOUT, options_for};

const MILLISECOND: Duration = Duration::from_millis(1);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// Starts a server, and a client that may log to it and read from it.
fn started() -> (DevServer, Client) {
    let server = DevServer::start().expect("the server starts");
    let client = Client::new(options_for(&server).max_buffer_size(50_000)).expect("the options work");
    (server, client)
}

/// Logs entries and waits until the server has them.
fn store(client: &Client, entries: impl IntoIterator<Item = LogEntry>) {
    entries.into_iter().for_each(|entry| client.log(entry));
    let report = client.flush_blocking(TIMEOUT);
    assert!(report.is_complete(), "{report}");
}

/// Returns a past time without a fraction of a second.
fn ago(time: Duration) -> SystemTime {
    let now = SystemTime::UNIX_EPOCH.elapsed().expect("it is after 1970").as_secs();
    SystemTime::UNIX_EPOCH + Duration::from_secs(now) - time
}
