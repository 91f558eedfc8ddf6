//! Consistent counts at all times.

use super::{POLICIES, check, client, close, join, options, producer, settled, spawn};

#[test]
fn no_reader_sees_more_settled_than_logged() {
    for policy in POLICIES {
        check(move || {
            let (client, server) = client(options(1, policy).max_buffer_size(2));
            let reading = client.clone();
            let reader = spawn(7, move || {
                let mut before = reading.metrics();
                for _ in 0..4 {
                    let now = reading.metrics();
                    assert!(now.logs_sent + now.logs_dropped <= now.logged, "{now:?}");
                    assert!(before.logged <= now.logged && before.logs_sent <= now.logs_sent, "{now:?}");
                    before = now;
                }
            });
            join([producer(&client, 0, 2), producer(&client, 1, 2)]);
            join([reader]);
            close(&client);
            let metrics = settled(&client);
            assert_eq!((metrics.logged, metrics.logs_sent), (4, server.numbers().len() as u64));
        });
    }
}

#[test]
fn metrics_keep_their_sum_after_a_reset() {
    check(|| {
        let (client, server) = client(options(1, POLICIES[0]));
        let resetting = client.clone();
        let reset = spawn(7, move || {
            resetting.reset_metrics();
            let now = resetting.metrics();
            assert!(now.logs_sent <= now.logged, "{now:?}");
        });
        join([producer(&client, 0, 2), producer(&client, 1, 1)]);
        join([reset]);
        assert_eq!(close(&client).delivered, 3);
        let metrics = client.metrics();
        assert_eq!(metrics.logged, metrics.logs_sent);
        assert!(metrics.logs_sent <= server.numbers().len() as u64);
    });
}
