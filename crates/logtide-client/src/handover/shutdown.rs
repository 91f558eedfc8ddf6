//! Log calls during a close: each entry is delivered or counted.

use logtide_core::DropReason;

use super::{
    LONG, POLICIES, assert_in_order, check, client, close, join, log, options, producer, settled, spawn,
};
use crate::DropPolicy;

#[test]
fn an_entry_is_delivered_or_counted_when_the_client_is_closed_meanwhile() {
    for policy in POLICIES {
        check(move || {
            let (client, server) = client(options(2, policy).max_buffer_size(3));
            let producers = [0, 1].map(|shard| producer(&client, shard, 3));
            let report = close(&client);
            assert_eq!(report.pending, 0);
            assert_eq!(report.delivered, server.numbers().len() as u64);
            join(producers);
            let (metrics, numbers) = (settled(&client), server.numbers());
            assert_eq!((metrics.logged, metrics.logs_sent), (6, numbers.len() as u64));
            assert_in_order(&numbers);
        });
    }
}

#[test]
fn what_one_thread_logged_before_it_closes_is_delivered_while_others_log() {
    check(|| {
        let (client, server) = client(options(100, DropPolicy::Newest));
        let other = producer(&client, 1, 2);
        let closing = client.clone();
        let closed = spawn(0, move || {
            log(&closing, 7);
            close(&closing)
        });
        let report = join([closed]).pop().unwrap();
        assert!(report.pending == 0 && server.numbers().contains(&7));
        join([other]);
        let metrics = settled(&client);
        assert_eq!(metrics.logged, metrics.logs_sent + metrics.dropped.get(DropReason::Closed));
    });
}

#[test]
fn callers_that_wait_for_capacity_return_when_the_client_is_closed() {
    check(|| {
        let (client, server) = client(options(1, DropPolicy::Block(LONG)).max_buffer_size(1));
        server.make_unavailable();
        let producers = [0, 1, 2].map(|shard| producer(&client, shard, 1));
        let closing = client.clone();
        let closed = spawn(3, move || close(&closing));
        // The server frees no capacity for them.
        join(producers);
        server.make_available();
        join([closed]);
        let metrics = settled(&client);
        assert_eq!((metrics.logged, metrics.logs_sent), (3, server.numbers().len() as u64));
    });
}

#[test]
fn entries_that_do_not_fit_are_counted_when_the_client_is_closed() {
    check(|| {
        let (client, server) = client(options(1, DropPolicy::Newest).max_buffer_size(1));
        server.make_unavailable();
        let producers = [producer(&client, 0, 3), producer(&client, 1, 2)];
        let closing = client.clone();
        let closed = spawn(3, move || close(&closing));
        join(producers);
        server.make_available();
        join([closed]);
        let metrics = settled(&client);
        assert_eq!((metrics.logged, metrics.logs_sent), (5, server.numbers().len() as u64));
        // The client is closed, so each further entry is counted as closed.
        log(&client, 1);
        assert_eq!(
            client.metrics().dropped.get(DropReason::Closed),
            metrics.dropped.get(DropReason::Closed) + 1
        );
    });
}

#[test]
fn two_that_close_report_the_same() {
    check(|| {
        let (client, server) = client(options(100, DropPolicy::Newest));
        let close = |shard: u64| {
            let client = client.clone();
            spawn(shard, move || {
                log(&client, 100 * shard);
                close(&client)
            })
        };
        let flushing = client.clone();
        let flushed = spawn(2, move || flushing.flush_blocking(LONG));
        let reports = join([close(0), close(1)]);
        assert!(reports.iter().all(|report| report.pending == 0), "{reports:?}");
        join([flushed]);
        let metrics = settled(&client);
        assert_eq!((metrics.logged, metrics.logs_sent), (2, server.numbers().len() as u64));
    });
}
