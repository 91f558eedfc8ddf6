//! A full batch is sent at once.

use std::{thread, time::Duration};

use logtide_devserver::DevServer;
use logtide_tests::{
    entries::assert_stored_once,
    scripted::ScriptedServer,
    setup::{TIMEOUT, client, options, options_for},
};

use super::hand::Hand;

#[test]
fn c02_the_entry_that_fills_the_batch_sends_it() {
    let server = ScriptedServer::start([]);
    let client = client(options(&server.url()).batch_size(3));
    for message in ["a", "b", "c"] {
        client.info("svc", message, ());
    }
    let requests = server.wait_for_requests(1);
    let entries = requests[0].entries();
    let messages: Vec<_> = entries.iter().map(|entry| &entry["message"]).collect();
    assert_eq!(messages, ["a", "b", "c"]);
}

#[test]
fn c02_a_batch_that_is_not_full_waits() {
    let mut hand = Hand::new(|options| options.batch_size = 3);
    hand.log(2);
    hand.send(&mut Vec::new());
    assert_eq!(hand.requests.len(), 0);
    hand.log(1);
    hand.send(&mut Vec::new());
    assert_eq!(hand.requests, [(hand.now, vec![0, 1, 2])]);
}

#[test]
fn c02_what_is_left_over_leaves_on_close() {
    let server = DevServer::start().expect("the server starts");
    let client = client(options_for(&server).batch_size(3));
    for id in 0..10_u64 {
        client.info("svc", "hello", [("id", id)]);
    }
    assert_eq!(client.close_blocking(TIMEOUT).lost, 0);
    assert_stored_once(&server, 0..10);
}

#[test]
fn c02_many_threads_lose_and_double_nothing() {
    let server = DevServer::start().expect("the server starts");
    let client = client(options_for(&server).batch_size(50).flush_interval(Duration::from_millis(50)));
    thread::scope(|scope| {
        for thread in 0..10_u64 {
            let client = client.clone();
            scope.spawn(move || {
                for entry in 0..20 {
                    client.info("svc", "hello", [("id", thread * 20 + entry)]);
                }
            });
        }
    });
    assert_eq!(client.close_blocking(TIMEOUT).lost, 0);
    assert_stored_once(&server, 0..200);
}

#[test]
fn c02_no_request_carries_more_than_a_thousand_entries() {
    let mut hand = Hand::new(|options| options.batch_size = 1_000);
    hand.log(3_500);
    hand.flush(Duration::ZERO, []);
    let entries: Vec<_> = hand.requests.iter().map(|(_, entries)| entries.len()).collect();
    assert_eq!(entries, [1_000, 1_000, 1_000, 500]);
}

#[test]
fn c02_spans_fill_batches_of_their_own() {
    let server = DevServer::start().expect("the server starts");
    let client = client(options_for(&server).batch_size(3));
    client.info("svc", "waits", ());
    for _ in 0..2 {
        client.span("work").end();
    }
    assert_eq!(client.metrics().spans.pending, 2);
    client.span("work").end();
    assert!(server.wait_for_stored_spans(3, TIMEOUT));
    assert_eq!(server.stored_count(), 0, "entries have a batch of their own");
}

#[test]
fn c02_spans_of_many_threads_are_stored_once_each() {
    let server = DevServer::start().expect("the server starts");
    let client = client(options_for(&server).batch_size(50).flush_interval(Duration::from_millis(50)));
    thread::scope(|scope| {
        for _ in 0..10 {
            scope.spawn(|| (0..20).for_each(|_| client.span("work").end()));
        }
    });
    assert_eq!(client.close_blocking(TIMEOUT).lost, 0);
    let spans = server.stored_spans();
    assert_eq!((spans.len(), spans.iter().map(|span| span.sent).sum::<u64>()), (200, 200));
}
