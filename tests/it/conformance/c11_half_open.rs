//! One probe finds out whether the server is back.

use std::time::Duration;

use logtide_core::{CircuitState, GiveUp, Outcome, PipelineOptions};
use logtide_tests::{
    scripted::{ScriptedServer, Step},
    setup::{TIMEOUT, client, options},
};

use super::hand::{Hand, SECOND};

/// Returns a pipeline whose breaker has just opened, with entries of three batches pending.
fn open(change: impl FnOnce(&mut PipelineOptions)) -> Hand {
    let mut hand = Hand::new(|options| {
        options.batch_size = 10;
        options.max_retries = 0;
        options.circuit_breaker_threshold = 1;
        options.circuit_breaker_reset = 10 * SECOND;
        change(options);
    });
    let mut failures = vec![(500, None); 100];
    while hand.pipeline.circuit_breaker_state() != CircuitState::Open {
        if hand.pipeline.counters().pending() == 0 {
            hand.log(10);
        } else if let Some((at, _)) = hand.pipeline.poll_timeout() {
            hand.now = at;
        }
        hand.send(&mut failures);
    }
    hand.requests.clear();
    hand.log(30);
    hand
}

#[test]
fn c11_exactly_one_probe_goes_out_after_the_reset_time() {
    let mut hand = open(|options| options.max_in_flight = 4);
    hand.run(10 * SECOND - Duration::from_micros(1), []);
    assert_eq!(hand.requests.len(), 0);
    hand.now = hand.now.after(Duration::from_micros(1));
    let probe = hand.pipeline.poll_transmit(hand.now).expect("the probe");
    assert_eq!(hand.pipeline.circuit_breaker_state(), CircuitState::HalfOpen);
    hand.log(30);
    hand.now = hand.now.after(60 * SECOND);
    assert!(hand.pipeline.poll_transmit(hand.now).is_none(), "a second probe");
    hand.pipeline.handle_outcome(probe.id, Outcome::Stored { received: None, rejected: 0 }, hand.now);
    assert_eq!(hand.pipeline.circuit_breaker_state(), CircuitState::Closed);
    hand.run(SECOND, []);
    assert_eq!(hand.pipeline.counters().delivered, 60);
}

#[test]
fn c11_one_failed_probe_opens_it_again_whatever_the_threshold() {
    for max_retries in [0, 3] {
        let mut hand = open(|options| {
            options.circuit_breaker_threshold = 3;
            options.max_retries = max_retries;
            options.retry_delay = Duration::from_millis(1);
            options.batch_size = 1;
        });
        hand.run(10 * SECOND, [(503, None)]);
        assert_eq!((hand.requests.len(), hand.pipeline.circuit_breaker_state()), (1, CircuitState::Open));
        hand.run(9 * SECOND, []);
        assert_eq!(hand.requests.len(), 1, "nothing beside the probe");
        hand.run(SECOND, [(503, None)]);
        assert_eq!((hand.requests.len(), hand.pipeline.circuit_breaker_state()), (2, CircuitState::Open));
        let pending = hand.pipeline.counters().pending();
        hand.run(20 * SECOND, []);
        assert_eq!(hand.pipeline.circuit_breaker_state(), CircuitState::Closed);
        assert_eq!(hand.pipeline.counters().pending(), 0);
        assert!(pending >= 30, "probes cost no entry");
    }
}

#[test]
fn c11_a_probe_that_gets_any_answer_closes_it() {
    for status in [200, 400, 401, 413, 429] {
        let mut hand = open(|_| ());
        hand.run(10 * SECOND, [(status, None)]);
        assert_eq!(hand.pipeline.circuit_breaker_state(), CircuitState::Closed, "{status}");
    }
}

#[test]
fn c11_a_client_recovers_by_itself() {
    let server = ScriptedServer::start([Step::status(500), Step::status(500)]);
    let options = options(&server.url())
        .max_retries(0)
        .give_up(GiveUp::AfterRetries)
        .circuit_breaker_threshold(1)
        .circuit_breaker_reset(Duration::from_millis(20))
        .flush_interval(Duration::from_millis(5));
    let client = client(options);
    client.info("svc", "lost", ());
    assert_eq!(client.flush_blocking(TIMEOUT).lost, 1);
    client.info("svc", "kept", ());
    let requests = server.wait_for_requests(3);
    assert!(requests[2].at - requests[1].at >= Duration::from_millis(15));
    assert_eq!(requests[2].entries()[0]["message"], "kept");
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    assert_eq!(client.circuit_breaker_state().to_string(), "CLOSED");
    assert_eq!(client.metrics().logs_sent, 1);
}
