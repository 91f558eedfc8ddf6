//! Flush, close and the drop of the last handle, inside and outside async runtimes.

mod abandoned;
mod after_close;
mod concurrent;
mod context;
mod last_handle;

use logtide_client::integration::Integration;
use std::time::{Duration, Instant};

use logtide_core::{DropReason, FlushReport};
use logtide_devserver::{DevServer, Fault};
use logtide_tests::{
    entries::assert_stored_once,
    setup::{TIMEOUT, client, options_for},
};

use self::context::{Context, Way};

/// The total deadline if the server hangs.
const DEADLINE: Duration = Duration::from_millis(300);

/// How much later than its deadline a call may return on a loaded machine.
const GRACE: Duration = Duration::from_secs(2);

#[test]
fn everything_arrives_at_a_server_that_works() {
    for (context, way) in Context::with_each_way() {
        let server = DevServer::start().expect("the server starts");
        let client = client(options_for(&server).shutdown_timeout(TIMEOUT).flush_timeout(TIMEOUT));
        for id in 0..10_u64 {
            client.info("svc", "hello", [("id", id)]);
        }
        let report = context.call(way, client, TIMEOUT);
        assert!(report.is_none_or(|report| totals(report) == (10, 0, 0)), "{context:?} {way:?} {report:?}");
        assert_stored_once(&server, 0..10);
    }
}

#[test]
fn a_server_that_hangs_cannot_hold_the_caller() {
    for (context, way) in Context::with_each_way() {
        let server = DevServer::start().expect("the server starts");
        server.chaos(Fault::Hang).always();
        let options = options_for(&server).shutdown_timeout(DEADLINE).flush_timeout(DEADLINE);
        let client = client(options);
        client.info("svc", "hello", ());
        let other = client.clone();
        // Times the drop of the last handle, not of one of two.
        let other = (way != Way::Drop).then_some(other);
        let start = Instant::now();
        let report = context.call(way, client, DEADLINE);
        let took = start.elapsed();
        assert!(took < DEADLINE + GRACE, "{context:?} {way:?} took {took:?}");
        assert!(took >= DEADLINE, "{context:?} {way:?} gave up after {took:?}");
        let (lost, pending) = if way.closes() { (1, 0) } else { (0, 1) };
        assert!(
            report.is_none_or(|report| totals(report) == (0, lost, pending)),
            "{context:?} {way:?} {report:?}"
        );
        if let Some(client) = other.filter(|_| way.closes()) {
            assert_eq!(client.metrics().dropped_for(DropReason::Shutdown), 1);
        }
    }
}

#[test]
fn nothing_to_do_takes_no_time_and_starts_nothing() {
    for (context, way) in Context::with_each_way() {
        let server = DevServer::start().expect("the server starts");
        let client = client(options_for(&server));
        let driver = Integration::of(&client).driver().clone();
        let report = context.call(way, client, TIMEOUT);
        assert!(report.is_none_or(|report| totals(report) == (0, 0, 0)), "{context:?} {way:?}");
        assert!(!driver.is_running(), "{context:?} {way:?}");
        assert_eq!(server.requests().total, 0);
    }
}

#[test]
fn no_time_limit_is_too_long() {
    let server = DevServer::start().expect("the server starts");
    let client = client(options_for(&server));
    client.info("svc", "hello", [("id", 0_u64)]);
    assert_eq!(totals(client.flush_blocking(Duration::MAX)), (1, 0, 0));
    client.info("svc", "hello", [("id", 1_u64)]);
    assert_eq!(totals(client.close_blocking(Duration::MAX)), (2, 0, 0), "a close counts everything");
    assert_stored_once(&server, 0..2);
}

fn totals(report: FlushReport) -> (u64, u64, u64) {
    (report.delivered, report.lost, report.pending)
}
