//! Entries arrive in the order in which they were logged.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::Duration,
};

use logtide_devserver::{DevServer, Fault};
use logtide_tests::{
    entries::stored_ids,
    setup::{TIMEOUT, client, options_for},
};

const THREADS: u64 = 3;
const ENTRIES: u64 = 20_000;

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
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    assert!(stored_ids(&server).into_iter().eq(0..3_000));
}

#[test]
fn threads_that_hand_over_a_baton_keep_its_order() {
    let server = DevServer::start().expect("the server starts");
    let client = client(options_for(&server).batch_size(7).max_buffer_size(2 * ENTRIES as usize));
    let baton = AtomicU64::new(0);
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (client, baton) = (client.clone(), &baton);
            scope.spawn(move || {
                for id in (thread..ENTRIES).step_by(THREADS as usize) {
                    while baton.load(Ordering::SeqCst) != id {
                        thread::yield_now();
                    }
                    client.info("svc", "baton", [("id", id)]);
                    baton.store(id + 1, Ordering::SeqCst);
                }
            });
        }
    });
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    assert!(stored_ids(&server).into_iter().eq(0..ENTRIES));
}
