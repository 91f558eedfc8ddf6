//! Workers that start, stop and restart.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use logtide_core::DropReason;
use logtide_transport::{MemoryTransport, Reply};

use crate::{Client, ClientMetrics, ClientOptions};

mod stopped;

const TIMEOUT: Duration = Duration::from_secs(30);

fn client() -> (Client, MemoryTransport) {
    let transport = MemoryTransport::new();
    let options = ClientOptions::new("http://localhost", "lp_key");
    (Client::with_transport(options, Arc::new(transport.clone())).unwrap(), transport)
}

#[test]
fn nothing_runs_before_the_first_entry_and_nothing_is_left_to_wait_for() {
    let (client, transport) = client();
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    assert!(client.close_blocking(TIMEOUT).is_complete());
    assert!(!client.handle().driver().is_running());
    assert!(transport.requests().is_empty());
}

/// Polls a condition that no event signals.
fn wait_until(holds: impl Fn() -> bool) {
    for _ in 0..TIMEOUT.as_millis() {
        if holds() {
            return;
        }
        thread::park_timeout(Duration::from_millis(1));
    }
    panic!("waited in vain");
}

#[test]
fn a_worker_that_has_ended_is_replaced_and_what_it_held_is_counted() {
    let (client, transport) = client();
    transport.push(Reply::hang());
    client.info("svc", "held by the first worker", ());
    let report = client.flush_blocking(Duration::from_millis(20));
    assert_eq!(report.pending, 1);

    client.handle().driver().stop();
    client.info("svc", "left for the second", ());
    assert_eq!(client.flush_blocking(TIMEOUT).delivered, 1);
    wait_until(|| client.metrics().pending == 0);
    let metrics = client.metrics();
    assert_eq!((metrics.logged, metrics.logs_sent, metrics.dropped_for(DropReason::Shutdown)), (2, 1, 1));
    assert_eq!(metrics.logs_dropped, 1);
}

#[test]
fn the_next_entry_detects_that_the_worker_has_ended() {
    let transport = MemoryTransport::new();
    let options = ClientOptions::new("http://localhost", "lp_key").flush_interval(Duration::from_millis(1));
    let client = Client::with_transport(options, Arc::new(transport)).unwrap();
    client.info("svc", "to the first worker", ());
    wait_until(|| client.metrics().logs_sent == 1);
    client.handle().driver().stop();
    wait_until(|| client.handle.intake().worker_state().is_missing());
    client.info("svc", "to the second", ());
    wait_until(|| client.metrics().logs_sent == 2);
}

#[test]
fn a_worker_that_panics_keeps_what_it_holds() {
    let (client, _) = client();
    client.handle.intake().trips.store(2, Ordering::SeqCst);
    for _ in 0..3 {
        client.info("svc", "hello", ());
    }
    assert_eq!(client.flush_blocking(TIMEOUT).delivered, 3);
    assert_eq!((client.metrics().logs_sent, client.metrics().logs_dropped), (3, 0));
    assert_eq!(client.handle().driver().generation(), 1);
}

#[test]
fn a_worker_that_panics_again_and_again_is_replaced_and_what_it_held_is_counted() {
    let (client, _) = client();
    client.info("svc", "delivered", ());
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    client.handle.intake().trips.store(3, Ordering::SeqCst);
    client.info("svc", "lost", ());
    wait_until(|| client.metrics().dropped_for(DropReason::Shutdown) == 1);
    assert!(client.metrics().last_error.is_some_and(|error| error.contains("panicked")));
    client.info("svc", "delivered", ());
    let report = client.flush_blocking(TIMEOUT);
    assert_eq!((report.delivered, report.lost, report.pending), (1, 1, 0));
    let metrics = client.metrics();
    assert_eq!((metrics.logged, metrics.logs_sent, metrics.pending), (3, 2, 0));
}

#[test]
fn what_was_delivered_before_the_worker_gave_up_is_not_counted_as_lost() {
    let (client, answered) = (Arc::new(OnceLock::<Client>::new()), AtomicUsize::new(0));
    let asked = client.clone();
    let transport = MemoryTransport::responding(move |_| {
        // From the turn that handles the answer to the first request.
        if let (0, Some(client)) = (answered.fetch_add(1, Ordering::SeqCst), asked.get()) {
            client.handle.intake().trips.store(3, Ordering::SeqCst);
        }
        Reply::json(r#"{"received":1}"#)
    });
    let options = ClientOptions::new("http://localhost", "lp_key").flush_interval(Duration::from_millis(1));
    let client = client.get_or_init(|| Client::with_transport(options, Arc::new(transport.clone())).unwrap());
    client.info("svc", "delivered", ());
    wait_until(|| client.handle.intake().worker_state().is_missing());
    let metrics = client.metrics();
    assert_eq!((metrics.logs_sent, metrics.logs_dropped, metrics.pending), (1, 0, 0));
}

#[test]
fn a_closed_client_starts_no_other_worker() {
    let (client, transport) = client();
    client.info("svc", "delivered", ());
    assert!(client.close_blocking(TIMEOUT).is_complete());
    for _ in 0..200 {
        client.info("svc", "too late", ());
    }
    assert_eq!(client.flush_blocking(TIMEOUT).lost, 200);
    let metrics = client.metrics();
    assert_eq!((metrics.logged, metrics.logs_sent, metrics.dropped_for(DropReason::Closed)), (201, 1, 200));
    assert_eq!(transport.requests().len(), 1);
}

#[test]
fn metrics_start_anew_and_still_add_up() {
    let (client, transport) = client();
    client.info("svc", "one", ());
    client.flush_blocking(TIMEOUT);
    client.reset_metrics();
    assert_eq!(client.metrics().logged, 0);
    transport.push(Reply::status(400));
    client.info("svc", "two", ());
    client.flush_blocking(TIMEOUT);
    let metrics = client.metrics();
    assert_eq!((metrics.logged, metrics.logs_sent, metrics.logs_dropped, metrics.errors), (1, 0, 1, 1));
    assert!(metrics.last_error.is_some_and(|error| error.contains("status 400")));
}

/// Reads the metrics while other threads log and flush, and one thread does something else with the client.
fn read_metrics_while(other: impl Fn(&Client) + Sync, mut read: impl FnMut(ClientMetrics)) {
    const READINGS: usize = 20_000;
    let (client, _) = client();
    let (client, done) = (&client, AtomicBool::new(false));
    let repeat = |work: &dyn Fn(&Client)| {
        while !done.load(Ordering::SeqCst) {
            work(client);
        }
    };
    thread::scope(|scope| {
        scope.spawn(|| repeat(&|client| client.info("svc", "hello", ())));
        scope.spawn(|| repeat(&|client| assert!(client.flush_blocking(TIMEOUT).lost < 1 << 40)));
        scope.spawn(|| repeat(&other));
        for _ in 0..READINGS {
            let metrics = client.metrics();
            assert_eq!(
                metrics.logged,
                metrics.logs_sent + metrics.logs_dropped + metrics.pending,
                "{metrics}"
            );
            assert!(metrics.logged < 1 << 40 && metrics.requests < 1 << 40, "{metrics}");
            read(metrics);
        }
        done.store(true, Ordering::SeqCst);
    });
}

#[test]
fn metrics_add_up_while_another_thread_resets_them() {
    read_metrics_while(Client::reset_metrics, |_| ());
}

#[test]
fn metrics_never_go_backwards() {
    let mut before = ClientMetrics::default();
    read_metrics_while(
        |client| client.handle().driver().stop(),
        |metrics| {
            assert!(metrics.logged >= before.logged && metrics.logs_sent >= before.logs_sent, "{metrics}");
            assert!(metrics.logs_dropped >= before.logs_dropped, "{metrics}");
            before = metrics;
        },
    );
}

#[test]
fn metrics_that_are_off_tell_nothing() {
    let options = ClientOptions::new("http://localhost", "lp_key").enable_metrics(false);
    let client = Client::with_transport(options, Arc::new(MemoryTransport::new())).unwrap();
    client.info("svc", "one", ());
    assert_eq!(client.flush_blocking(TIMEOUT).delivered, 1);
    assert_eq!(client.metrics(), crate::ClientMetrics::default());
}

#[test]
fn a_full_buffer_without_a_worker_gets_one() {
    let transport = MemoryTransport::new();
    let options = ClientOptions::new("http://localhost", "lp_key")
        .max_buffer_size(2)
        .flush_interval(Duration::from_millis(1));
    let client = Client::with_transport(options, Arc::new(transport)).unwrap();
    let delivery = client.handle.delivery();
    let starting = super::lock(&delivery.starting);
    (0..4).for_each(|_| client.info("svc", "nobody starts the worker", ()));
    drop(starting);
    assert_eq!(client.metrics().dropped_for(DropReason::BufferFull), 2);
    client.info("svc", "starts it", ());
    wait_until(|| client.metrics().logs_sent == 2);
}
