//! A failing server gets no requests while the breaker is open.

use logtide_client::Client;
use logtide_core::{CircuitState, GiveUp};
use logtide_tests::setup::{TIMEOUT, memory_client, options};
use logtide_transport::{MemoryTransport, Reply};

use super::hand::{Hand, SECOND};

fn failing() -> MemoryTransport {
    MemoryTransport::responding(|_| Reply::status(500))
}

fn log_and_flush(client: &Client) -> (u64, u64, u64) {
    client.info("svc", "hello", ());
    let report = client.flush_blocking(TIMEOUT);
    (report.delivered, report.lost, report.pending)
}

#[test]
fn c10_so_many_failures_in_a_row_open_it() {
    let transport = failing();
    let options =
        options("http://localhost").circuit_breaker_threshold(3).max_retries(0).give_up(GiveUp::AfterRetries);
    let client = memory_client(&transport, options);
    for state in [CircuitState::Closed, CircuitState::Closed, CircuitState::Open] {
        assert_eq!(log_and_flush(&client), (0, 1, 0));
        assert_eq!(client.circuit_breaker_state(), state);
    }
    // Nothing is sent, the flush returns at once, and the entry is kept.
    assert_eq!(log_and_flush(&client), (0, 0, 1));
    assert_eq!(transport.requests().len(), 3);
    let metrics = client.metrics();
    assert_eq!((metrics.circuit_breaker_trips, metrics.logs_dropped, metrics.pending), (1, 3, 1));
    assert_eq!(client.circuit_breaker_state().to_string(), "OPEN");
}

#[test]
fn c10_a_success_starts_the_count_anew() {
    let mut hand = Hand::new(|options| {
        options.circuit_breaker_threshold = 3;
        options.max_retries = 0;
    });
    for (status, state) in [
        (500, CircuitState::Closed),
        (503, CircuitState::Closed),
        (200, CircuitState::Closed),
        (500, CircuitState::Closed),
        (500, CircuitState::Closed),
        (500, CircuitState::Open),
    ] {
        hand.log(1);
        hand.flush(SECOND, [(status, None)]);
        assert_eq!(hand.pipeline.circuit_breaker_state(), state);
    }
}

#[test]
fn c10_a_batch_with_all_its_attempts_is_one_failure() {
    let transport = failing();
    let client = memory_client(
        &transport,
        options("http://localhost").circuit_breaker_threshold(2).max_retries(2).give_up(GiveUp::AfterRetries),
    );
    assert_eq!(log_and_flush(&client), (0, 1, 0));
    let metrics = client.metrics();
    assert_eq!((metrics.errors, metrics.retries, metrics.logs_dropped), (3, 2, 1));
    assert_eq!(client.circuit_breaker_state(), CircuitState::Closed);
    assert_eq!(log_and_flush(&client), (0, 1, 0));
    assert_eq!(client.circuit_breaker_state(), CircuitState::Open);
}

#[test]
fn c10_answers_of_a_working_server_do_not_count() {
    let mut hand = Hand::new(|options| {
        options.circuit_breaker_threshold = 1;
        options.max_retries = 0;
    });
    for status in [400, 401, 403, 404, 413, 422, 429] {
        hand.log(1);
        hand.flush(SECOND, [(status, None)]);
        assert_eq!(hand.pipeline.circuit_breaker_state(), CircuitState::Closed, "{status}");
    }
    assert_eq!(hand.requests.len(), 7);
}

#[test]
fn c10_what_waits_is_kept_until_the_server_is_back() {
    let mut hand = Hand::new(|options| {
        options.circuit_breaker_threshold = 1;
        options.max_retries = 0;
    });
    hand.log(1);
    hand.flush(SECOND, [(500, None)]);
    hand.log(250);
    hand.run(28 * SECOND, []);
    assert_eq!((hand.requests.len(), hand.pipeline.counters().pending()), (1, 250));
    hand.run(60 * SECOND, []);
    let counters = hand.pipeline.counters();
    assert_eq!((counters.delivered, counters.dropped.total()), (250, 1));
}
