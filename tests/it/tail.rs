//! Following the embedded server, whose stream omits what the real one omits.

mod complete;
mod cuts;
mod plain;
mod refusals;
mod ways;

use std::{
    collections::BTreeMap,
    sync::mpsc::{Receiver, channel},
    time::{Duration, Instant},
};

use logtide::{Client, LogRecord, StreamError, StreamHandle, StreamOptions};
use logtide_devserver::DevServer;
use logtide_tests::setup::{TIMEOUT, options_for};

/// How late the entries of the tests may arrive.
const LOOKBACK: Duration = Duration::from_secs(15);

fn started() -> (DevServer, Client) {
    let server = DevServer::start().expect("the server starts");
    let client = Client::new(options_for(&server).service("tailed")).expect("the options work");
    (server, client)
}

/// The items of a stream, with its handle.
struct Tail {
    items: Receiver<Result<LogRecord, StreamError>>,
    _follow: StreamHandle,
}

impl Tail {
    fn start(client: &Client, options: StreamOptions) -> Self {
        let (records, items) = channel();
        let errors = records.clone();
        let follow = client
            .stream_with(
                options,
                // The receiver is dropped when the test is over.
                move |record| drop(records.send(Ok(record))),
                move |error| drop(errors.send(Err(error))),
            )
            .expect("the options work");
        Self { items, _follow: follow }
    }

    /// Takes this many entries, and what arrives within two seconds after them: nothing may arrive twice.
    fn take(&self, count: usize) -> Vec<LogRecord> {
        let mut records = Vec::new();
        let deadline = Instant::now() + TIMEOUT;
        while records.len() < count {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.items.recv_timeout(left) {
                // The first connection may be one of those that are cut.
                Ok(Err(StreamError::Unreachable(_))) => {}
                Ok(item) => records.push(item.expect("nothing is left out")),
                Err(_) => panic!("{} of {count} entries came", records.len()),
            }
        }
        while let Ok(item) = self.items.recv_timeout(Duration::from_secs(2)) {
            records.push(item.expect("nothing is left out"));
        }
        records
    }

    fn next(&self) -> Result<LogRecord, StreamError> {
        self.items.recv_timeout(TIMEOUT).expect("something is handed out")
    }
}

/// Asserts that each number from 0 on occurs once.
fn assert_each_once(records: &[LogRecord], count: u64) {
    let mut times = BTreeMap::<u64, u32>::new();
    for record in records {
        let number = record.get("number").expect("the number is one").expect("each entry has a number");
        *times.entry(number).or_default() += 1;
    }
    let wrong: Vec<_> = (0..count).filter(|number| times.get(number) != Some(&1)).collect();
    assert!(wrong.is_empty(), "{} of {count} did not come once, the first is {}", wrong.len(), wrong[0]);
    assert_eq!(records.len() as u64, count);
}
