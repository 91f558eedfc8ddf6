//! Permanent failures are not retried.

use logtide_core::{CircuitState, DropReason, GiveUp};
use logtide_tests::{
    scripted::{ScriptedServer, Step},
    setup::{NEVER, TIMEOUT, client, options},
};

#[test]
fn c08_a_permanent_refusal_costs_one_request_and_no_wait() {
    for (status, reason) in [
        (400, DropReason::Rejected),
        (401, DropReason::Denied),
        (403, DropReason::Denied),
        (404, DropReason::Denied),
        (413, DropReason::TooLarge),
        (422, DropReason::Rejected),
        (451, DropReason::Denied),
    ] {
        one_entry_is_lost(Step::status(status), reason);
    }
}

#[test]
fn c08_a_413_that_comes_while_the_body_is_sent_is_understood() {
    one_entry_is_lost(Step::TooLargeWhileReading, DropReason::TooLarge);
}

fn one_entry_is_lost(step: Step, reason: DropReason) {
    let server = ScriptedServer::start([step.clone()]);
    // A retry would be too late for the flush, and one failure would open the breaker.
    let options = options(&server.url())
        .retry_delay(logtide_core::limits::MAX_DELAY)
        .circuit_breaker_threshold(1)
        .give_up(GiveUp::AfterRetries);
    let client = client(options);
    client.info("svc", "hello", ());
    let report = client.flush_blocking(TIMEOUT);
    assert_eq!((report.delivered, report.lost, report.pending), (0, 1, 0), "{step:?}");
    let metrics = client.metrics();
    assert_eq!((metrics.dropped_for(reason), metrics.logs_dropped, metrics.retries), (1, 1, 0), "{step:?}");
    assert_eq!(client.circuit_breaker_state(), CircuitState::Closed, "{step:?}");
    client.info("svc", "next", ());
    assert!(client.flush_blocking(TIMEOUT).is_complete(), "{step:?}");
    // The server may still read what it has already rejected.
    assert_eq!(server.wait_for_requests(2).len(), 2);
}

#[test]
fn c08_a_denied_batch_is_not_divided() {
    let server = ScriptedServer::start([Step::status(401)]);
    let client = client(options(&server.url()).flush_interval(NEVER).give_up(GiveUp::AfterRetries));
    for _ in 0..50 {
        client.info("svc", "hello", ());
    }
    assert_eq!(client.flush_blocking(TIMEOUT).lost, 50);
    assert_eq!((server.requests().len(), client.metrics().dropped_for(DropReason::Denied)), (1, 50));
}
