//! Every entry arrives once and in order.

use super::{POLICIES, assert_in_order, check, client, close, join, log, options, producer, settled, spawn};

#[test]
fn every_entry_arrives_once_and_in_the_order_of_its_thread() {
    for policy in POLICIES {
        check(move || {
            let (client, server) = client(options(2, policy));
            join([producer(&client, 0, 2), producer(&client, 1, 3), producer(&client, 1 + 8, 2)]);
            let report = shuttle::future::block_on(client.close());
            assert_eq!((report.delivered, report.lost, report.pending), (7, 0, 0));
            assert_in_order(&server.numbers());
            assert_eq!(settled(&client).logs_sent, 7);
        });
    }
}

#[test]
fn the_last_handle_that_is_dropped_delivers() {
    check(|| {
        let (client, server) = client(options(3, POLICIES[0]));
        let producers = [producer(&client, 0, 2), producer(&client, 1, 2)];
        drop(client);
        join(producers);
        assert_eq!(server.numbers().len(), 4);
    });
}

#[test]
fn an_entry_is_before_those_that_were_logged_after_it_on_other_threads() {
    check(|| {
        let (client, server) = client(options(1, POLICIES[0]));
        let other = producer(&client, 3, 2);
        // In ascending order: when the worker looks at a shard, it has already passed those before it.
        for shard in 0..3 {
            let client = client.clone();
            join([spawn(shard, move || log(&client, shard))]);
        }
        join([other]);
        close(&client);
        let numbers = server.numbers();
        assert_eq!(numbers.len(), 5);
        let chain: Vec<_> = numbers.into_iter().filter(|number| *number < 10).collect();
        assert_eq!(chain, [0, 1, 2]);
    });
}
