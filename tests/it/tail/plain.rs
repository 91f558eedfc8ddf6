//! The stream of the server, with what it may have omitted.

use std::{
    sync::mpsc::channel,
    time::{Duration, Instant},
};

use logtide::{GapCause, StreamError, StreamEvent, StreamOptions};
use logtide_tests::setup::{TIMEOUT, options_for};

use super::{Tail, assert_each_once, started};

/// Returns options that report when the connection is open: earlier entries are not streamed.
fn connected() -> (StreamOptions, impl FnOnce()) {
    let (sender, receiver) = channel();
    let options = StreamOptions::new().on_event(move |event| {
        if matches!(event, StreamEvent::Connected) {
            // The receiver waits only for the first connection.
            let _ = sender.send(());
        }
    });
    (options, move || receiver.recv_timeout(TIMEOUT).expect("the stream connects"))
}

#[test]
fn what_the_server_streams_comes_once_and_in_order() {
    let (_server, client) = started();
    let (options, wait) = connected();
    let tail = Tail::start(&client, options.service("tailed"));
    wait();
    for number in 0..50 {
        client.info("", "hello", [("number", number)]);
        client.info("other", "not asked for", ());
    }
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let records = tail.take(50);
    assert_each_once(&records, 50);
    assert!(records.is_sorted_by_key(|record| record.time));
}

#[test]
fn a_burst_that_the_server_cuts_is_told() {
    let (server, _) = started();
    // All in one request, so that the server sees them at once.
    let client = logtide::Client::new(options_for(&server).batch_size(1_000)).expect("the options work");
    let (options, wait) = connected();
    let tail = Tail::start(&client, options);
    wait();
    (0..350).for_each(|number| client.info("", "burst", [("number", number)]));
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    match tail.next() {
        Err(StreamError::Gap(gap)) => assert_eq!(gap.cause, GapCause::Burst),
        other => panic!("the gap comes first: {other:?}"),
    }
    assert_eq!(tail.take(100).len(), 100);
}

#[test]
fn a_stream_without_loss_needs_no_complete_mode() {
    let (server, client) = started();
    server.stream_loss(false);
    let (options, wait) = connected();
    let tail = Tail::start(&client, options);
    wait();
    (0..90).for_each(|number| client.info("", "hello", [("number", number)]));
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    assert_each_once(&tail.take(90), 90);
}

#[test]
fn a_server_that_goes_silent_is_left_for_a_new_connection() {
    let (_server, client) = started();
    let (sender, receiver) = channel();
    let options = StreamOptions::new()
        .heartbeat_timeout(Duration::from_millis(300))
        .reconnect_delay(Duration::from_millis(1))
        .on_event(move |event| drop(sender.send(format!("{event:?}"))));
    let _tail = Tail::start(&client, options);
    // On a loaded machine a connection may be lost before the server's greeting.
    for expected in ["Connected", "no heartbeat for 300ms", "Connected"] {
        let deadline = Instant::now() + TIMEOUT;
        let event = || receiver.recv_timeout(deadline.saturating_duration_since(Instant::now()));
        while !event().unwrap_or_else(|_| panic!("waited in vain: {expected}")).contains(expected) {}
    }
}
