//! Entries that were logged one after the other arrive one after the other.

use std::{sync::mpsc, thread, time::Duration};

use logtide_devserver::{DevServer, Fault};
use logtide_tests::{
    entries::stored_ids,
    setup::{PATIENCE, client, options_for},
};

#[test]
fn the_entries_of_one_thread_keep_their_order_through_failures() {
    let server = DevServer::start().expect("the server starts");
    server.chaos(Fault::Status(503)).next(3);
    server.chaos(Fault::Reset).next(2);
    let options =
        options_for(&server).batch_size(10).max_retries(20).flush_interval(Duration::from_millis(5));
    let client = client(options);
    for id in 0..3_000_u64 {
        client.info("svc", "hello", [("id", id)]);
    }
    assert!(client.flush_blocking(PATIENCE).is_complete());
    assert!(stored_ids(&server).into_iter().eq(0..3_000));
}

#[test]
fn threads_that_hand_over_a_baton_keep_its_order() {
    let server = DevServer::start().expect("the server starts");
    let client = client(options_for(&server).batch_size(7));
    const THREADS: u64 = 6;
    const ROUNDS: u64 = 200;
    thread::scope(|scope| {
        let (first, mut receiver) = mpsc::channel::<u64>();
        let (last, end) = mpsc::channel();
        for thread in 0..THREADS {
            let (sender, next) = if thread + 1 < THREADS {
                let (sender, next) = mpsc::channel();
                (sender, Some(next))
            } else {
                (last.clone(), None)
            };
            let (client, mine) = (client.clone(), receiver);
            receiver = next.unwrap_or_else(|| mpsc::channel().1);
            scope.spawn(move || {
                for id in mine {
                    client.info("svc", "baton", [("id", id)]);
                    sender.send(id + 1).expect("the next runner is there");
                }
            });
        }
        let mut baton = 0;
        for _ in 0..ROUNDS {
            first.send(baton).expect("the first runner is there");
            baton = end.recv().expect("the baton comes back");
        }
        assert_eq!(baton, THREADS * ROUNDS);
    });
    assert!(client.flush_blocking(PATIENCE).is_complete());
    assert!(stored_ids(&server).into_iter().eq(0..THREADS * ROUNDS));
}
