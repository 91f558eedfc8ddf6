//! Close delivers what is pending within a deadline, and is final.

use std::time::{Duration, Instant};

use logtide_client::Client;
use logtide_core::{CircuitState, DropReason, GiveUp};
use logtide_devserver::{DevServer, Fault};
use logtide_tests::{
    entries::assert_stored_once,
    setup::{TIMEOUT, client, memory_client, options, options_for},
};
use logtide_transport::{MemoryTransport, Reply};

#[test]
fn c13_close_delivers_what_waits_and_later_logs_do_nothing_but_count() {
    for entries in [1, 7, 10] {
        let server = DevServer::start().expect("the server starts");
        let client = client(options_for(&server));
        for id in 0..entries {
            client.info("svc", "hello", [("id", id)]);
        }
        let report = client.close_blocking(TIMEOUT);
        assert_eq!((report.delivered, report.lost, report.pending), (entries, 0, 0));
        client.info("svc", "late", ());
        assert_eq!(client.flush_blocking(TIMEOUT).lost, 1);
        let report = client.close_blocking(TIMEOUT);
        assert_eq!((report.delivered, report.lost), (entries, 1), "a close counts everything");
        assert_eq!(client.metrics().dropped_for(DropReason::Closed), 1);
        drop(client);
        assert_stored_once(&server, 0..entries);
        assert_eq!(server.requests().total, 1);
    }
}

#[test]
fn c13_close_waits_for_a_request_under_way() {
    let server = DevServer::start().expect("the server starts");
    server.chaos(Fault::Slow(Duration::from_millis(150))).next(1);
    let client = client(options_for(&server).batch_size(1));
    client.info("svc", "hello", [("id", 0_u64)]);
    let report = client.close_blocking(TIMEOUT);
    assert_eq!((report.delivered, report.lost, report.pending), (1, 0, 0));
    assert_stored_once(&server, 0..1);
}

#[test]
fn c13_close_keeps_its_deadline_and_reports_the_loss() {
    let server = DevServer::start().expect("the server starts");
    server.chaos(Fault::Hang).always();
    let client = client(options_for(&server));
    for _ in 0..5 {
        client.info("svc", "hello", ());
    }
    let start = Instant::now();
    let report = client.close_blocking(Duration::from_millis(200));
    assert!(start.elapsed() < Duration::from_secs(3));
    assert_eq!((report.delivered, report.lost, report.pending), (0, 5, 0));
    assert_eq!(client.metrics().dropped_for(DropReason::Shutdown), 5);
}

#[test]
fn c13_close_with_an_open_breaker_tries_once_more_and_reports_the_loss() {
    let transport = MemoryTransport::responding(|_| Reply::status(500));
    let client = with_open_breaker(&transport);
    let report = client.close_blocking(Duration::from_millis(200));
    assert_eq!((report.delivered, report.lost, report.pending), (0, 4, 0));
    assert_eq!(client.metrics().dropped_for(DropReason::RetriesExhausted), 4);
    assert_eq!(transport.requests().len(), 2);
}

#[test]
fn c13_close_with_an_open_breaker_delivers_to_a_server_that_is_back() {
    let transport = MemoryTransport::new();
    transport.push(Reply::status(500));
    let client = with_open_breaker(&transport);
    let report = client.close_blocking(TIMEOUT);
    assert_eq!((report.delivered, report.lost, report.pending), (3, 1, 0));
}

/// Returns a client that lost an entry, with three more pending behind the open breaker.
fn with_open_breaker(transport: &MemoryTransport) -> Client {
    let options = options("http://localhost").circuit_breaker_threshold(1).max_retries(0);
    let client = memory_client(transport, options.give_up(GiveUp::AfterRetries));
    client.info("svc", "opens it", ());
    assert_eq!(client.flush_blocking(TIMEOUT).lost, 1);
    assert_eq!(client.circuit_breaker_state(), CircuitState::Open);
    for _ in 0..3 {
        client.info("svc", "hello", ());
    }
    client
}
