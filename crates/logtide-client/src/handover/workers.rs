//! Workers that come and go.

use super::{
    assert_in_order, check, check_often, client, close, join, log, options, producer, settled, spawn,
};
use crate::DropPolicy;

#[test]
fn threads_that_log_at_once_start_one_worker() {
    check(|| {
        let (client, server) = client(options(1, DropPolicy::Newest));
        let producers = [0, 1, 2].map(|shard| producer(&client, shard, 1));
        server.wait_for(3);
        join(producers);
        assert_eq!(client.driver().spawned(), 1);
    });
}

#[test]
fn a_worker_that_is_gone_is_replaced_by_the_next_log_call() {
    check_often(5, || {
        let (client, server) = client(options(1, DropPolicy::Newest));
        let stopping = client.clone();
        let stop = spawn(7, move || {
            stopping.driver().stop();
            // What a worker collects before it is dropped is lost with it.
            while !stopping.driver().has_stopped() {
                shuttle::thread::yield_now();
            }
            log(&stopping, 700);
        });
        let producers = [producer(&client, 0, 1), producer(&client, 1, 2)];
        server.wait_until(|numbers| numbers.contains(&700));
        join(producers);
        join([stop]);
        assert_eq!(close(&client).pending, 0);
        assert_in_order(&server.numbers());
        assert!(client.driver().spawned() <= 2);
        assert_eq!(settled(&client).logged, 4);
    });
}

#[test]
fn a_close_counts_what_a_worker_held_that_is_stopped_meanwhile() {
    check(|| {
        let (client, _server) = client(options(2, DropPolicy::Newest));
        let driver = client.driver().clone();
        let stop = spawn(7, move || driver.stop());
        let producers = [producer(&client, 0, 2), producer(&client, 1, 1)];
        let _ = close(&client);
        join(producers);
        join([stop]);
        let _ = close(&client);
        while !client.driver().is_done() {
            shuttle::thread::yield_now();
        }
        assert_eq!(settled(&client).logged, 3);
    });
}

#[test]
fn a_close_delivers_what_waits_for_a_thread() {
    check(|| {
        let (client, server) = client(options(1, DropPolicy::Newest));
        client.driver().refuse(1);
        join([0, 1].map(|shard| producer(&client, shard, 2)));
        let report = close(&client);
        assert_eq!((report.delivered, report.lost, report.pending), (4, 0, 0));
        assert_eq!(server.numbers().len(), 4);
    });
}
