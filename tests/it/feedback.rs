//! The SDK does not send what its own thread logs, although the program's subscriber and its logger send everything.
//!
//! This is a separate binary, because a process has one of each.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use logtide_client::Client;
use logtide_tests::{
    entries,
    scripted::{ScriptedServer, Step},
    setup::{TIMEOUT, memory_client, options},
};
use logtide_tracing::SpanEvents;
use logtide_transport::{Driver, Exchange, HttpTransport, MemoryTransport, Request, Transport};
use tracing::{Event, Subscriber, info, info_span};
use tracing_subscriber::{Layer, layer::Context, layer::SubscriberExt as _};

/// Logs about each request, like a careless library, and passes it on.
#[derive(Debug)]
struct Chatty(Arc<dyn Transport>);

impl Transport for Chatty {
    fn exchange(&self, request: Request) -> Exchange {
        let _span = info_span!("exchange", uri = %request.uri).entered();
        tracing::trace!("sending");
        log::error!("sending");
        let exchange = self.0.exchange(request);
        Box::pin(async move {
            let answer = exchange.await;
            tracing::error!("sent");
            log::trace!("sent");
            answer
        })
    }
}

/// Events on the threads of drivers.
static CHATTER: AtomicUsize = AtomicUsize::new(0);

/// Counts these events, so that the test knows that there are some.
struct Counter;

impl<S: Subscriber> Layer<S> for Counter {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        if Driver::is_driver_thread() && event.metadata().target() != module_path!() {
            CHATTER.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// Logs, creates a span and records on the current one while it is formatted.
struct Busy;

impl fmt::Debug for Busy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        tracing::Span::current().record("late", "while formatting");
        info_span!("inner", depth = 1).in_scope(|| info!("inside"));
        log::info!("inside a record");
        formatter.write_str("busy")
    }
}

const ROUNDS: usize = 20;
const EVENTS: usize = 10;

#[test]
fn what_the_sdks_thread_logs_is_not_sent() {
    let server =
        ScriptedServer::start([Step::Answer { status: 503, headers: Vec::new(), body: String::new() }]);
    let http =
        HttpTransport::new(logtide_transport::HttpOptions::new().no_proxy()).expect("the options work");
    let client = Client::with_transport(options(&server.url()), Arc::new(Chatty(Arc::new(http))))
        .expect("the options work");
    // A second client, which the first could form a loop with.
    let memory = MemoryTransport::new();
    let other = memory_client(&memory, options("http://localhost"));
    let subscriber = tracing_subscriber::registry()
        .with(logtide_tracing::layer(&client))
        .with(logtide_tracing::layer(&other).spans(true).span_events(SpanEvents::Both))
        .with(Counter);
    tracing::subscriber::set_global_default(subscriber).expect("there is no other subscriber");
    logtide_log::Logger::new(&client)
        .level(log::LevelFilter::Trace)
        .init()
        .expect("there is no other logger");

    for round in 0..ROUNDS {
        let _span = info_span!("round", round, late = tracing::field::Empty).entered();
        info!(value = ?Busy, "busy");
        for event in 0..EVENTS {
            info!(event, "event");
            log::info!("record");
        }
        client.info("svc", "call", ());
        assert!(client.flush_blocking(TIMEOUT).is_complete());
        assert!(other.flush_blocking(TIMEOUT).is_complete());
    }

    let mut counts = BTreeMap::new();
    for entry in server.requests().iter().skip(1).flat_map(|request| request.entries()) {
        *counts.entry(entry["message"].as_str().expect("a text").to_owned()).or_insert(0) += 1;
    }
    // One layer formats the value once, for an entry. The other formats it twice, for an event of a span too. Each time both see
    // what it logs.
    let expected = [
        ("busy", ROUNDS),
        ("call", ROUNDS),
        ("event", ROUNDS * EVENTS),
        ("inside", 3 * ROUNDS),
        ("inside a record", 3 * ROUNDS),
        ("record", ROUNDS * EVENTS),
    ];
    assert_eq!(counts, expected.map(|(message, count)| (message.to_owned(), count)).into());
    let requests = memory.requests();
    let requests = requests.iter().filter(|request| request.uri.path() == "/api/v1/ingest");
    let others: usize = requests.map(|request| entries::of_body(&request.body).len()).sum();
    assert_eq!(others, ROUNDS * (EVENTS + 4));
    let spans = other.metrics().spans;
    assert_eq!((spans.ended, spans.dropped), ((ROUNDS * 4) as u64, 0), "those of the exchanges are none");
    let metrics = client.metrics();
    assert_eq!((metrics.logged, metrics.logs_dropped), ((ROUNDS * (2 * EVENTS + 8)) as u64, 0));
    assert!(CHATTER.load(Ordering::SeqCst) > 0, "no library said anything");
}
