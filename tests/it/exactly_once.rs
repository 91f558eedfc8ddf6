//! Each entry is stored once, whatever the server does for a while.

use std::{thread, time::Duration};

use logtide_devserver::{DevServer, Fault};
use logtide_tests::{
    entries::assert_stored_once,
    setup::{TIMEOUT, client, options_for},
};

const THREADS: u64 = 10;
const ENTRIES: u64 = 1_000;

#[test]
fn ten_threads_survive_an_outage_a_hang_and_closed_connections() {
    let server = DevServer::start().expect("the server starts");
    server.chaos(Fault::CloseAfterAnswer).always();
    server.chaos(Fault::Status(503)).next(8);
    server.chaos(Fault::Hang).next(1);
    server.chaos(Fault::Reset).next(2);
    let options = options_for(&server)
        .max_buffer_size(20_000)
        .max_in_flight(2)
        .max_retries(50)
        .request_timeout(Duration::from_millis(700))
        .flush_interval(Duration::from_millis(20));
    let client = client(options);
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let client = client.clone();
            scope.spawn(move || {
                for entry in 0..ENTRIES {
                    client.info("svc", "hello", [("id", thread * ENTRIES + entry)]);
                }
            });
        }
    });
    let report = client.flush_blocking(TIMEOUT);
    assert!(report.is_complete(), "{report}");
    assert_stored_once(&server, 0..THREADS * ENTRIES);
    let metrics = client.metrics();
    assert_eq!(
        (metrics.logged, metrics.logs_sent, metrics.logs_dropped, metrics.pending),
        (10_000, 10_000, 0, 0)
    );
    assert!(metrics.retries >= 11 && metrics.errors >= 11, "{metrics}");
    assert_eq!(server.requests().unanswered, 3, "the hang and the resets happened");
}
