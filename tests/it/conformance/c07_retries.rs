//! Temporary failures are retried.

use std::time::Duration;

use logtide_core::{DropReason, GiveUp};
use logtide_tests::{
    scripted::{ScriptedServer, Step},
    setup::{TIMEOUT, client, memory_client, options},
};
use logtide_transport::{ErrorKind, MemoryTransport, Reply};

use super::hand::{Hand, SECOND};

#[test]
fn c07_each_retryable_answer_is_tried_again_with_the_same_body() {
    for status in [408, 429, 500, 501, 502, 503, 504] {
        let server = ScriptedServer::start([Step::status(status)]);
        let client = client(options(&server.url()));
        client.info("svc", "hello", ());
        assert!(client.flush_blocking(TIMEOUT).is_complete(), "{status}");
        let requests = server.requests();
        assert_eq!(requests.len(), 2, "{status}");
        assert_eq!(requests[0].body, requests[1].body);
        let metrics = client.metrics();
        assert_eq!((metrics.logs_sent, metrics.retries, metrics.errors), (1, 1, 1), "{status}");
    }
}

#[test]
fn c07_a_broken_connection_is_tried_again() {
    for step in [Step::Reset, Step::CloseBeforeAnswer, Step::TruncatedBody, Step::Garbage, Step::Hang] {
        let server = ScriptedServer::start([step.clone()]);
        let client = client(options(&server.url()).request_timeout(Duration::from_millis(500)));
        client.info("svc", "hello", ());
        assert!(client.flush_blocking(TIMEOUT).is_complete(), "{step:?}");
        let metrics = client.metrics();
        assert_eq!((server.requests().len(), metrics.retries, metrics.logs_sent), (2, 1, 1), "{step:?}");
    }
}

#[test]
fn c07_an_answer_in_small_pieces_and_a_silent_close_are_no_failures() {
    let server = ScriptedServer::start([Step::Drip, Step::CloseAfterAnswer, Step::Store]);
    let client = client(options(&server.url()));
    for _ in 0..3 {
        client.info("svc", "hello", ());
        assert!(client.flush_blocking(TIMEOUT).is_complete());
    }
    assert_eq!(client.metrics().logs_sent, 3);
}

#[test]
fn c07_a_refused_connection_is_tried_again() {
    for kind in [ErrorKind::Connect, ErrorKind::Tls, ErrorKind::Timeout, ErrorKind::Io] {
        let transport = MemoryTransport::new();
        transport.push(Reply::fail(kind));
        let client = memory_client(&transport, options("http://localhost"));
        client.info("svc", "hello", ());
        assert!(client.flush_blocking(TIMEOUT).is_complete());
        assert_eq!((transport.requests().len(), client.metrics().retries), (2, 1), "{kind:?}");
    }
}

#[test]
fn c07_the_delay_doubles_with_up_to_a_quarter_of_jitter() {
    for seed in 0..20 {
        let mut hand = Hand::new(|options| {
            options.batch_size = 1;
            options.max_retries = 8;
            options.retry_delay = SECOND;
            options.seed = seed;
        });
        hand.log(1);
        hand.run(600 * SECOND, [(500, None); 8]);
        assert_eq!((hand.requests.len(), hand.pipeline.counters().delivered), (9, 1));
        for (gap, seconds) in hand.gaps().into_iter().zip([1, 2, 4, 8, 16, 32, 60, 60]) {
            let least = seconds * SECOND;
            assert!(gap >= least && gap <= least.mul_f64(1.25).min(60 * SECOND), "{gap:?} for {seconds} s");
        }
    }
}

#[test]
fn c07_attempts_run_out_and_the_loss_is_counted_once() {
    let server = ScriptedServer::start(
        [const { Step::Answer { status: 500, headers: Vec::new(), body: String::new() } }; 3],
    );
    let client = client(options(&server.url()).max_retries(2).give_up(GiveUp::AfterRetries));
    client.info("svc", "hello", ());
    let report = client.flush_blocking(TIMEOUT);
    assert_eq!((report.delivered, report.lost, report.pending), (0, 1, 0));
    let metrics = client.metrics();
    assert_eq!((server.requests().len(), metrics.errors, metrics.retries), (3, 3, 2));
    assert_eq!((metrics.logs_dropped, metrics.dropped_for(DropReason::RetriesExhausted)), (1, 1));
}
