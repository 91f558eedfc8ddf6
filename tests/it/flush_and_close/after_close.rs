//! The state of a closed client.

use logtide_client::{Client, integration::Integration};
use logtide_core::DropReason;
use logtide_devserver::DevServer;
use logtide_tests::setup::{TIMEOUT, client, options_for};

use super::totals;

#[test]
fn logs_after_the_close_are_counted_and_never_sent() {
    let server = DevServer::start().expect("the server starts");
    let client = client(options_for(&server));
    client.info("svc", "before", ());
    assert_eq!(totals(client.close_blocking(TIMEOUT)), (1, 0, 0));
    log_after_the_worker_has_ended(&client);
    assert_eq!(totals(client.flush_blocking(TIMEOUT)), (0, 500, 0));
    assert_eq!(totals(client.close_blocking(TIMEOUT)), (1, 500, 0));
    let metrics = client.metrics();
    assert_eq!((metrics.logged, metrics.logs_sent, metrics.pending), (501, 1, 0));
    assert_eq!((metrics.logs_dropped, metrics.dropped_for(DropReason::Closed)), (500, 500));
    drop(client);
    assert_eq!((server.requests().total, server.stored_count()), (1, 1));
}

#[test]
fn metrics_that_were_reset_survive_a_close() {
    let server = DevServer::start().expect("the server starts");
    let client = client(options_for(&server));
    client.info("svc", "before", ());
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    client.reset_metrics();
    client.close_blocking(TIMEOUT);
    log_after_the_worker_has_ended(&client);
    let metrics = client.metrics();
    assert_eq!((metrics.logged, metrics.logs_dropped, metrics.pending), (500, 500, 0));
}

#[test]
fn a_client_closed_before_its_first_entry_starts_nothing() {
    let server = DevServer::start().expect("the server starts");
    let client = client(options_for(&server));
    assert_eq!(totals(client.close_blocking(TIMEOUT)), (0, 0, 0));
    for _ in 0..100 {
        client.info("svc", "after", ());
    }
    assert!(!Integration::of(&client).driver().is_running());
    assert_eq!(client.metrics().dropped_for(DropReason::Closed), 100);
    assert_eq!(server.requests().total, 0);
}

#[test]
fn a_second_close_and_a_flush_after_it_return_at_once() {
    let server = DevServer::start().expect("the server starts");
    let client = client(options_for(&server));
    client.info("svc", "hello", ());
    assert_eq!(totals(client.close_blocking(TIMEOUT)), (1, 0, 0));
    assert_eq!(totals(client.close_blocking(TIMEOUT)), (1, 0, 0));
    assert_eq!(totals(futures::executor::block_on(client.close())), (1, 0, 0));
    assert_eq!(totals(futures::executor::block_on(client.flush())), (0, 0, 0));
    assert_eq!(totals(client.flush_blocking(TIMEOUT)), (0, 0, 0));
    assert_eq!(server.requests().total, 1);
}

/// Logs 500 entries, more than enough to check several times that there is a worker.
fn log_after_the_worker_has_ended(client: &Client) {
    // A task on the same thread runs after the worker has ended.
    Integration::of(client).driver().run_blocking(TIMEOUT, async {}).expect("the thread is there");
    for _ in 0..500 {
        client.info("svc", "after", ());
    }
}
