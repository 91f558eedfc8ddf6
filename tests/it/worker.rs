//! The lifetime of the worker, and what it survives.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use logtide_client::{Client, integration::Integration};
use logtide_core::Event;
use logtide_tests::setup::{TIMEOUT, memory_client, options};
use logtide_transport::{Exchange, MemoryTransport, Reply, Request, Transport};

#[test]
fn nothing_runs_before_the_first_entry() {
    let transport = MemoryTransport::new();
    let client = memory_client(&transport, options("http://localhost"));
    let _ = (client.clone(), client.service("svc"), client.metrics(), client.circuit_breaker_state());
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    assert!(!Integration::of(&client).driver().is_running());
    client.info("svc", "hello", ());
    assert!(Integration::of(&client).driver().is_running());
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    assert_eq!(transport.requests().len(), 1);
}

/// Panics at first, in the call or in the future that it returns, and works from then on.
#[derive(Debug)]
struct Panicking {
    calls: AtomicUsize,
    works: MemoryTransport,
}

impl Transport for Panicking {
    fn exchange(&self, request: Request) -> Exchange {
        match self.calls.fetch_add(1, Ordering::SeqCst) {
            0 => panic!("expected in this test"),
            1 => Box::pin(async { panic!("expected in this test") }),
            _ => self.works.exchange(request),
        }
    }
}

#[test]
fn a_transport_that_panics_costs_an_attempt() {
    let works = MemoryTransport::new();
    let transport = Panicking { calls: AtomicUsize::new(0), works: works.clone() };
    let client = Client::with_transport(options("http://localhost"), Arc::new(transport)).expect("it works");
    client.info("svc", "hello", ());
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let metrics = client.metrics();
    assert_eq!((works.requests().len(), metrics.errors, metrics.retries, metrics.logs_sent), (1, 2, 2, 1));
    assert!(metrics.last_error.is_some_and(|error| error.contains("panicked")));
}

#[test]
fn a_transport_that_never_answers_costs_an_attempt() {
    let transport = MemoryTransport::new();
    transport.push(Reply::hang());
    let client =
        memory_client(&transport, options("http://localhost").request_timeout(Duration::from_millis(50)));
    client.info("svc", "hello", ());
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    assert_eq!((transport.requests().len(), client.metrics().errors), (2, 1));
}

/// Logs with the client that sends through it, like an HTTP library that logs through the client.
#[derive(Debug, Default)]
struct Chatty {
    client: OnceLock<Client>,
    works: MemoryTransport,
}

impl Transport for Chatty {
    fn exchange(&self, request: Request) -> Exchange {
        let client = self.client.get().cloned();
        let exchange = self.works.exchange(request);
        Box::pin(async move {
            if let Some(client) = client {
                client.debug("http", "sending", ());
                // Waiting on the thread that does the work would be a deadlock.
                client.flush_blocking(TIMEOUT);
                client.close_blocking(Duration::ZERO);
            }
            exchange.await
        })
    }
}

#[test]
fn what_the_transport_logs_is_not_sent_through_it() {
    let transport = Arc::new(Chatty::default());
    let works = transport.works.clone();
    let client = Client::with_transport(options("http://localhost"), transport.clone()).expect("it works");
    let _ = transport.client.set(client.clone());
    client.info("svc", "hello", ());
    client.flush_blocking(TIMEOUT);
    client.close_blocking(TIMEOUT);
    assert_eq!((works.requests().len(), client.metrics().logged), (1, 1));
}

#[test]
fn what_the_event_hook_logs_is_not_sent_and_its_panic_is_its_own() {
    let client = Arc::new(OnceLock::<Client>::new());
    let (transport, calls, hooked) = (MemoryTransport::new(), Arc::new(AtomicUsize::new(0)), client.clone());
    let counted = calls.clone();
    let options = options("http://localhost").on_event(move |event: &Event| {
        counted.fetch_add(1, Ordering::SeqCst);
        if let Some(client) = hooked.get() {
            client.warn("hook", event, ());
        }
        panic!("expected in this test");
    });
    let client = client.get_or_init(|| memory_client(&transport, options)).clone();
    for _ in 0..3 {
        client.info("svc", "hello", ());
        assert!(client.flush_blocking(TIMEOUT).is_complete());
    }
    assert_eq!((transport.requests().len(), client.metrics().logged), (3, 3));
    assert_eq!(calls.load(Ordering::SeqCst), 3);
}
