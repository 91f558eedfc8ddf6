//! Calls whose future is dropped before they end.

use std::{
    pin::pin,
    task::{Context, Waker},
    time::Duration,
};

use logtide_devserver::{DevServer, Fault};
use logtide_tests::{
    entries::assert_stored_once,
    setup::{TIMEOUT, client, memory_client, options, options_for, wait_until},
};
use logtide_transport::{MemoryTransport, Reply};

/// Polls a call once and drops it.
fn begin(call: impl Future) {
    assert!(pin!(call).poll(&mut Context::from_waker(Waker::noop())).is_pending());
}

#[test]
fn what_a_flush_would_have_told_is_told_by_the_next() {
    let transport = MemoryTransport::responding(|_| Reply::status(400));
    let client = memory_client(&transport, options("http://localhost"));
    client.info("svc", "refused", ());
    begin(client.flush());
    wait_until("the loss is counted", || client.metrics().logs_dropped == 1);
    assert_eq!(client.flush_blocking(TIMEOUT).lost, 1);
    assert_eq!(client.flush_blocking(TIMEOUT).lost, 0);
}

#[test]
fn the_last_handle_waits_for_a_close_that_was_left() {
    let server = DevServer::start().expect("the server starts");
    server.chaos(Fault::Slow(Duration::from_millis(150))).next(1);
    let client = client(options_for(&server).shutdown_timeout(TIMEOUT));
    client.info("svc", "hello", [("id", 0_u64)]);
    begin(client.close());
    drop(client);
    assert_stored_once(&server, 0..1);
}
