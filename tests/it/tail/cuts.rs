//! Broken connections.

use std::time::Duration;

use logtide::{Client, ClientOptions, HttpOptions, StreamOptions};
use logtide_tests::{cutting_proxy::CuttingProxy, pace::steadily, setup::options_for};

use super::{LOOKBACK, Tail, assert_each_once, started};

/// Returns after how many bytes the connections are cut: in the head, in the first event, between and within others.
fn cuts(seed: u64) -> Vec<usize> {
    let mut random = fastrand::Rng::with_seed(seed);
    (0..20).map(|number| random.usize(1..if number % 2 == 0 { 400 } else { 12_000 })).collect()
}

#[test]
fn a_connection_that_is_cut_twenty_times_costs_nothing_and_no_order() {
    let (server, _) = started();
    let logger = Client::new(options_for(&server).flush_interval(Duration::from_millis(100))).unwrap();
    let proxy = CuttingProxy::start(server.address(), cuts(7));
    let options = ClientOptions::new(proxy.url(), server.api_key()).http(HttpOptions::new().no_proxy());
    let reader = Client::new(options).expect("the options work");
    let delay = Duration::from_millis(20);
    let stream =
        StreamOptions::new().complete(LOOKBACK).reconnect_delay(delay).max_reconnect_delay(delay * 5);
    let tail = Tail::start(&reader, stream);
    let mut logged = 0;
    // Until all are cut, within a time limit.
    while proxy.cuts() < 20 && logged < 6_000 {
        steadily(100, Duration::from_secs(1), |number| {
            logger.info("svc", "flow", [("number", logged + number)]);
        });
        logged += 100;
    }
    assert_eq!(proxy.cuts(), 20);
    let records = tail.take(logged as usize);
    assert_each_once(&records, logged.into());
    assert!(records.is_sorted_by_key(|record| record.time));
}
