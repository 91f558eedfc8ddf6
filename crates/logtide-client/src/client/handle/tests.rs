//! Workers that come and go.

use std::{sync::Arc, time::Duration};

use logtide_core::DropReason;
use logtide_transport::{MemoryTransport, Reply};

use crate::{Client, ClientOptions};

const PATIENCE: Duration = Duration::from_secs(30);

fn client() -> (Client, MemoryTransport) {
    let transport = MemoryTransport::new();
    let options = ClientOptions::new("http://localhost", "lp_key");
    (Client::with_transport(options, Arc::new(transport.clone())).unwrap(), transport)
}

#[test]
fn nothing_runs_before_the_first_entry_and_nothing_is_left_to_wait_for() {
    let (client, transport) = client();
    assert!(client.flush_blocking(PATIENCE).is_complete());
    assert!(client.close_blocking(PATIENCE).is_complete());
    assert!(!client.driver().is_running());
    assert!(transport.requests().is_empty());
}

#[test]
fn a_worker_that_is_gone_is_replaced_and_what_it_held_is_counted() {
    let (client, transport) = client();
    transport.push(Reply::hang());
    client.info("svc", "held by the first worker", ());
    let report = client.flush_blocking(Duration::from_millis(20));
    assert_eq!(report.pending, 1);

    client.driver().stop();
    client.info("svc", "left for the second", ());
    let report = client.flush_blocking(PATIENCE);
    assert_eq!((report.delivered, report.lost, report.pending), (1, 1, 0));
    let metrics = client.metrics();
    assert_eq!((metrics.logged, metrics.logs_sent, metrics.dropped_for(DropReason::Shutdown)), (2, 1, 1));
    assert_eq!((metrics.logs_dropped, metrics.pending), (1, 0));
}

#[test]
fn a_closed_client_starts_no_other_worker() {
    let (client, transport) = client();
    client.info("svc", "delivered", ());
    assert!(client.close_blocking(PATIENCE).is_complete());
    for _ in 0..200 {
        client.info("svc", "too late", ());
    }
    assert_eq!(client.flush_blocking(PATIENCE).lost, 200);
    let metrics = client.metrics();
    assert_eq!((metrics.logged, metrics.logs_sent, metrics.dropped_for(DropReason::Closed)), (201, 1, 200));
    assert_eq!(transport.requests().len(), 1);
}

#[test]
fn metrics_start_anew_and_still_add_up() {
    let (client, transport) = client();
    client.info("svc", "one", ());
    let _ = client.flush_blocking(PATIENCE);
    client.reset_metrics();
    assert_eq!(client.metrics().logged, 0);
    transport.push(Reply::status(400));
    client.info("svc", "two", ());
    let _ = client.flush_blocking(PATIENCE);
    let metrics = client.metrics();
    assert_eq!((metrics.logged, metrics.logs_sent, metrics.logs_dropped, metrics.errors), (1, 0, 1, 1));
    assert!(metrics.last_error.is_some_and(|error| error.contains("status 400")));
}

#[test]
fn metrics_that_are_off_tell_nothing() {
    let options = ClientOptions::new("http://localhost", "lp_key").enable_metrics(false);
    let client = Client::with_transport(options, Arc::new(MemoryTransport::new())).unwrap();
    client.info("svc", "one", ());
    assert_eq!(client.flush_blocking(PATIENCE).delivered, 1);
    assert_eq!(client.metrics(), crate::ClientMetrics::default());
}
