//! Starting workers.

use super::{check, client, close, join, options, producer};
use crate::DropPolicy;

#[test]
fn threads_that_log_at_once_start_one_worker() {
    check(|| {
        let (client, server) = client(options(1, DropPolicy::Newest));
        let producers = [0, 1, 2].map(|shard| producer(&client, shard, 1));
        server.wait_for(3);
        join(producers);
        assert_eq!(client.handle().driver().spawned(), 1);
    });
}

#[test]
fn a_close_delivers_what_waits_for_a_thread() {
    check(|| {
        let (client, server) = client(options(1, DropPolicy::Newest));
        client.handle().driver().refuse(1);
        join([0, 1].map(|shard| producer(&client, shard, 2)));
        let report = close(&client);
        assert_eq!((report.delivered, report.lost, report.pending), (4, 0, 0));
        assert_eq!(server.numbers().len(), 4);
    });
}
