//! The buffer has a limit, and what does not fit is counted.

use std::time::Duration;

use logtide_core::DropReason;
use logtide_tests::{
    entries,
    setup::{TIMEOUT, client, memory_client, options},
};
use logtide_transport::MemoryTransport;

#[test]
fn c12_what_does_not_fit_is_dropped_and_counted() {
    for (size, logs) in [(1, 2), (2, 3), (2, 4), (3, 4), (3, 5), (5, 6), (100, 1_000)] {
        let transport = MemoryTransport::new();
        let options = options("http://localhost").max_buffer_size(size).batch_size(1_000);
        let client = memory_client(&transport, options);
        for id in 0..logs {
            client.info("svc", "hello", [("id", id)]);
        }
        let metrics = client.metrics();
        assert_eq!((metrics.logged, metrics.pending), (logs as u64, size as u64));
        assert_eq!(metrics.dropped_for(DropReason::BufferFull), (logs - size) as u64);
        let report = client.flush_blocking(TIMEOUT);
        assert_eq!((report.delivered, report.lost), (size as u64, (logs - size) as u64));
        let sent = entries::ids(&entries::of_body(&transport.requests()[0].body));
        assert!(sent.into_iter().eq(0..size as u64), "the newest are dropped");
        let metrics = client.metrics();
        assert_eq!((metrics.logs_sent, metrics.logs_dropped), (size as u64, (logs - size) as u64));
    }
}

#[test]
fn c12_room_is_made_again_by_delivery() {
    let transport = MemoryTransport::new();
    let client = memory_client(&transport, options("http://localhost").max_buffer_size(2).batch_size(1_000));
    for _ in 0..10 {
        for _ in 0..3 {
            client.info("svc", "hello", ());
        }
        let report = client.flush_blocking(TIMEOUT);
        assert_eq!((report.delivered, report.lost), (2, 1));
    }
    let metrics = client.metrics();
    assert_eq!((metrics.logs_sent, metrics.dropped_for(DropReason::BufferFull)), (20, 10));
}

#[test]
fn c12_bytes_are_bounded_too() {
    let transport = MemoryTransport::new();
    let options = options("http://localhost").max_buffer_bytes(1_024).batch_size(1_000);
    let client = memory_client(&transport, options);
    for _ in 0..20 {
        client.info("svc", "x".repeat(300), ());
    }
    let metrics = client.metrics();
    assert_eq!((metrics.pending, metrics.dropped_for(DropReason::BufferFull)), (3, 17));
    assert_eq!(client.flush_blocking(TIMEOUT).delivered, 3);
}

#[test]
fn c12_spans_have_a_bound_of_their_own_and_each_that_is_lost_is_counted() {
    let client = client(options("http://127.0.0.1:1").max_buffer_size(10));
    for _ in 0..25 {
        client.span("work").end();
    }
    let spans = client.metrics().spans;
    assert_eq!((spans.ended, spans.pending, spans.dropped), (25, 10, 15));
    client.info("svc", "there is room for entries", ());
    assert_eq!((client.metrics().pending, client.metrics().logs_dropped), (1, 0));
    client.close_blocking(Duration::ZERO);
    let spans = client.metrics().spans;
    assert_eq!((spans.ended, spans.pending, spans.dropped), (25, 0, 25));
}
