//! An incomplete batch is sent after the flush interval.

use std::time::Duration;

use logtide_core::{GiveUp, Wake};
use logtide_tests::{
    scripted::{ScriptedServer, Step},
    setup::{client, options},
};

use super::hand::{Hand, SECOND};

#[test]
fn c03_entries_leave_when_the_oldest_has_waited_for_the_interval() {
    let mut hand = Hand::new(|options| options.flush_interval = 2 * SECOND);
    hand.run(5 * SECOND, []);
    hand.log(1);
    hand.run(SECOND, []);
    hand.log(1);
    hand.run(SECOND - Duration::from_micros(1), []);
    assert_eq!(hand.requests.len(), 0);
    hand.run(SECOND, []);
    let [(at, entries)] = &hand.requests[..] else { panic!("{:?}", hand.requests) };
    assert_eq!((at.as_micros(), &entries[..]), (7_000_000, &[0, 1][..]));
}

#[test]
fn c03_no_timer_runs_and_nothing_is_sent_without_entries() {
    let mut hand = Hand::new(|_| ());
    assert_eq!(hand.pipeline.poll_timeout(), None);
    hand.log(1);
    assert_eq!(hand.pipeline.poll_timeout().map(|(_, wake)| wake), Some(Wake::Linger));
    hand.run(3_600 * SECOND, []);
    assert_eq!((hand.requests.len(), hand.pipeline.poll_timeout()), (1, None));
}

#[test]
fn c03_a_failure_does_not_stop_the_interval() {
    let mut hand = Hand::new(|options| options.max_retries = 0);
    for _ in 0..3 {
        hand.log(1);
        hand.run(10 * SECOND, [(500, None)]);
    }
    hand.log(1);
    hand.run(10 * SECOND, []);
    assert_eq!((hand.requests.len(), hand.pipeline.counters().delivered), (4, 1));
}

#[test]
fn c03_the_worker_keeps_the_interval_without_a_flush() {
    let server = ScriptedServer::start([Step::status(500)]);
    let options = options(&server.url()).flush_interval(Duration::from_millis(30)).max_retries(0);
    let client = client(options.give_up(GiveUp::AfterRetries));
    client.info("svc", "lost", ());
    assert_eq!(server.wait_for_requests(1)[0].entries().len(), 1);
    client.info("svc", "kept", ());
    assert_eq!(server.wait_for_requests(2)[1].entries()[0]["message"], "kept");
}
