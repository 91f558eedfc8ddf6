//! A full batch or a waiting caller wakes a sleeping worker.

use super::{LONG, POLICIES, check, client, close, join, log, options, producer, settled, spawn};
use crate::DropPolicy;

#[test]
fn a_full_batch_wakes() {
    for policy in POLICIES {
        check(move || {
            let (client, server) = client(options(3, policy));
            let producers = [0, 1, 2].map(|shard| producer(&client, shard, 2));
            // A batch takes all waiting entries when it is due, so fewer than three may remain.
            server.wait_for(4);
            join(producers);
        });
    }
}

#[test]
fn a_batch_that_is_full_by_its_bytes_wakes() {
    check(|| {
        let (client, server) = client(options(1_000, POLICIES[0]).max_batch_bytes(65_536));
        let log_large = |shard: u64| {
            let client = client.clone();
            // Pads the message with spaces, which the server ignores.
            spawn(shard, move || client.info("check", format_args!("{shard:35000}"), ()))
        };
        let producers = [0, 1, 2, 3].map(log_large);
        server.wait_for(1);
        join(producers);
    });
}

#[test]
fn a_caller_that_waits_for_capacity_wakes() {
    check(|| {
        let (client, server) = client(options(1_000, DropPolicy::Block(LONG)).max_buffer_size(1));
        join([0, 1, 2].map(|shard| producer(&client, shard, 2)));
        close(&client);
        assert_eq!(server.numbers().len(), 6);
        assert_eq!(settled(&client).logs_dropped, 0);
    });
}

#[test]
fn a_flush_wakes_and_covers_what_was_logged_before_it() {
    check(|| {
        let (client, server) = client(options(1_000, POLICIES[0]));
        let flusher = |shard: u64| {
            let (client, server) = (client.clone(), server.clone());
            spawn(shard, move || {
                log(&client, 100 * shard);
                let report = client.flush_blocking(LONG);
                assert_eq!((report.pending, report.lost), (0, 0));
                assert!(server.numbers().contains(&(100 * shard)));
            })
        };
        join([flusher(0), flusher(1)].into_iter().chain([producer(&client, 2, 2)]));
        assert!(shuttle::future::block_on(client.flush()).is_complete());
        assert_eq!(server.numbers().len(), 4);
    });
}
