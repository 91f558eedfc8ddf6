//! Concurrent calls.

use std::{thread, time::Instant};

use futures::{
    executor::block_on,
    future::{join, join_all},
};
use logtide_devserver::{DevServer, Fault};
use logtide_tests::{
    entries::assert_stored_once,
    setup::{TIMEOUT, client, options_for},
};

use super::{DEADLINE, GRACE, totals};

#[test]
fn two_closes_at_once_both_return_when_everything_has_arrived() {
    let server = DevServer::start().expect("the server starts");
    let client = client(options_for(&server).shutdown_timeout(TIMEOUT));
    for id in 0..250_u64 {
        client.info("svc", "hello", [("id", id)]);
    }
    let reports: Vec<_> = thread::scope(|scope| {
        let closes: Vec<_> = (0..2).map(|_| scope.spawn(|| client.close_blocking(TIMEOUT))).collect();
        closes.into_iter().map(|close| close.join().expect("no panic")).collect()
    });
    for report in reports {
        assert_eq!((report.lost, report.pending), (0, 0));
    }
    assert_stored_once(&server, 0..250);
}

#[test]
fn closes_and_flushes_at_once_keep_their_deadlines_while_the_server_hangs() {
    let server = DevServer::start().expect("the server starts");
    server.chaos(Fault::Hang).always();
    let client = client(options_for(&server).shutdown_timeout(DEADLINE).flush_timeout(DEADLINE));
    client.info("svc", "hello", ());
    let start = Instant::now();
    let (flushes, closes) = block_on(async {
        let flushes = join_all((0..3).map(|_| client.flush()));
        let closes = join_all((0..2).map(|_| client.close()));
        join(flushes, closes).await
    });
    assert!(start.elapsed() < DEADLINE + GRACE);
    assert!(closes.into_iter().all(|report| totals(report) == (0, 1, 0)));
    // A flush whose deadline passed first reports the entry as pending. A later one may report that the close lost it.
    assert!(flushes.into_iter().all(|report| report.delivered == 0 && report.lost + report.pending <= 1));
}

#[test]
fn a_flush_covers_what_every_thread_logged_before_it() {
    let server = DevServer::start().expect("the server starts");
    let client = client(options_for(&server));
    for round in 0..20_u64 {
        thread::scope(|scope| {
            for thread in 0..8 {
                let client = client.clone();
                scope.spawn(move || client.info("svc", "hello", [("id", round * 8 + thread)]));
            }
        });
        assert_eq!(totals(client.flush_blocking(TIMEOUT)), (8, 0, 0));
        assert_stored_once(&server, 0..(round + 1) * 8);
    }
}
