//! The buffer never exceeds its capacity, and all capacity is released.

use logtide_core::DropReason;

use super::{
    LONG, POLICIES, check, check_often, client, close, join, log, options, producer, settled, spawn,
};
use crate::{Client, DropPolicy};

/// Asserts that the buffer is empty and its whole capacity free.
fn assert_all_free(client: &Client) {
    let (free, total) = client.handle().intake().free();
    assert_eq!(free, total);
}

#[test]
fn no_more_than_fits_is_taken_while_the_server_is_unavailable() {
    check(|| {
        let (client, server) = client(options(2, DropPolicy::Newest).max_buffer_size(4).max_in_flight(2));
        server.make_unavailable();
        join([0, 1, 2].map(|shard| producer(&client, shard, 3)));
        let metrics = client.metrics();
        let pending = metrics.logged - metrics.dropped.get(DropReason::BufferFull);
        assert_eq!((metrics.logged, pending), (9, 4));
        server.make_available();
        close(&client);
        assert_eq!((settled(&client).logs_sent, server.numbers().len()), (4, 4));
        assert_all_free(&client);
    });
}

#[test]
fn an_entry_uses_released_capacity() {
    check(|| {
        let (client, server) = client(options(1, DropPolicy::Newest).max_buffer_size(1));
        let producers = [producer(&client, 0, 2), producer(&client, 0, 2), producer(&client, 1, 1)];
        join(producers);
        assert_eq!(client.flush_blocking(LONG).pending, 0);
        assert_all_free(&client);
        for shard in [0, 1] {
            let client = client.clone();
            join([spawn(shard, move || {
                log(&client, 500 + shard);
                assert!(client.flush_blocking(LONG).is_complete());
            })]);
            assert_eq!(server.numbers().last(), Some(&(500 + shard)));
        }
    });
}

#[test]
fn a_caller_uses_capacity_that_is_released_while_it_begins_to_wait() {
    check_often(5, || {
        let (client, server) = client(options(1, DropPolicy::Block(LONG)).max_buffer_size(1));
        join([producer(&client, 0, 1), producer(&client, 1, 1)]);
        server.wait_for(2);
        close(&client);
        assert_all_free(&client);
    });
}

#[test]
fn capacity_is_neither_lost_nor_released_twice() {
    for policy in POLICIES {
        check(move || {
            let (client, server) = client(options(2, policy).max_buffer_size(3));
            let watcher = client.clone();
            let watch = spawn(7, move || {
                for _ in 0..6 {
                    let (held, limit) = watcher.handle().intake().held();
                    assert!(held <= limit, "{held} entries in buffers for {limit}");
                }
            });
            join([0, 1, 2].map(|shard| producer(&client, shard, 3)));
            join([watch]);
            close(&client);
            let metrics = settled(&client);
            assert_eq!((metrics.logged, metrics.logs_sent), (9, server.numbers().len() as u64));
            assert_all_free(&client);
        });
    }
}

#[test]
fn the_oldest_entries_are_dropped_for_the_newest() {
    check(|| {
        let (client, server) = client(options(1_000, DropPolicy::Oldest).max_buffer_size(2));
        join([producer(&client, 0, 3), producer(&client, 1, 3)]);
        close(&client);
        let (numbers, metrics) = (server.numbers(), settled(&client));
        assert!(numbers.iter().any(|number| [2, 102].contains(number)), "{numbers:?}");
        assert_eq!((metrics.logged, metrics.logs_sent), (6, numbers.len() as u64));
        assert_all_free(&client);
    });
}
