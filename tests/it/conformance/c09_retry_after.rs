//! The server says how long to wait.

use std::time::{Duration, Instant};

use logtide_tests::{
    scripted::{ScriptedServer, Step},
    setup::{TIMEOUT, client, options},
};

use super::hand::{Hand, SECOND};

/// Returns the wait between the two requests that a response causes.
fn wait_after(status: u16, retry_after: &'static str) -> Duration {
    let mut hand = Hand::new(|options| {
        options.batch_size = 1;
        options.retry_delay = 3 * SECOND;
    });
    hand.log(1);
    hand.run(100_000 * SECOND, [(status, Some(retry_after))]);
    assert_eq!((hand.requests.len(), hand.pipeline.counters().delivered), (2, 1), "{retry_after}");
    hand.gaps()[0]
}

#[test]
fn c09_the_wait_is_exactly_what_was_asked_for() {
    for status in [429, 503, 500, 408] {
        assert_eq!(wait_after(status, "0"), Duration::ZERO);
        assert_eq!(wait_after(status, "0.4"), Duration::from_millis(400));
        assert_eq!(wait_after(status, "7"), 7 * SECOND);
        assert_eq!(wait_after(status, "Sun, 06 Nov 1994 08:50:37 GMT"), 60 * SECOND);
        assert_eq!(wait_after(status, "Sun, 06 Nov 1994 08:00:00 GMT"), Duration::ZERO);
    }
}

#[test]
fn c09_no_server_silences_a_client_for_a_day() {
    assert_eq!(wait_after(429, "86400"), 300 * SECOND);
    assert_eq!(wait_after(429, "Sat, 06 Nov 2094 08:50:37 GMT"), 300 * SECOND);
}

#[test]
fn c09_what_cannot_be_read_is_as_if_it_were_not_there() {
    for value in ["soon", "-5", "", "NaN"] {
        let wait = wait_after(429, value);
        assert!(wait >= 3 * SECOND && wait <= 3 * SECOND.mul_f64(1.25), "{value}: {wait:?}");
    }
}

#[test]
fn c09_the_wait_holds_for_every_batch() {
    let mut hand = Hand::new(|options| {
        options.batch_size = 1;
        options.max_in_flight = 4;
    });
    hand.log(1);
    hand.run(Duration::ZERO, [(429, Some("20"))]);
    hand.log(5);
    hand.flush(19 * SECOND, []);
    assert_eq!(hand.requests.len(), 1);
    hand.run(SECOND, []);
    assert_eq!(hand.pipeline.counters().delivered, 6);
}

#[test]
fn c09_a_wait_of_zero_skips_the_delay_on_the_wire() {
    let server = ScriptedServer::start([Step::retry_after(429, "0")]);
    let client = client(options(&server.url()).retry_delay(logtide_core::limits::MAX_DELAY));
    client.info("svc", "hello", ());
    let start = Instant::now();
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    assert!(start.elapsed() < TIMEOUT);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn c09_the_wait_is_kept_on_the_wire() {
    let server = ScriptedServer::start([Step::retry_after(429, "1")]);
    let client = client(options(&server.url()));
    client.info("svc", "hello", ());
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let requests = server.requests();
    assert!(requests[1].at - requests[0].at >= SECOND - Duration::from_millis(50));
}
