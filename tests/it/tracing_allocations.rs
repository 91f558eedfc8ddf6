//! Events and records allocate nothing after the buffers have grown.
//!
//! This is a separate binary, because counting needs its own allocator.

use allocation_counter::measure;
use log::{Log as _, kv};
use logtide_client::Client;
use logtide_tests::setup::{TIMEOUT, memory_client, options};
use logtide_tracing::SpanEvents;
use logtide_transport::MemoryTransport;
use tracing::{field::Empty, info, info_span, subscriber::with_default};
use tracing_subscriber::layer::SubscriberExt as _;

/// The entries between two flushes, which fit in the chunk that the worker returns.
const ROUND: u64 = 100;

/// The most rounds until the buffers have grown.
const WARM_UP: u64 = 2_000;

/// The consecutive rounds that must not allocate.
const QUIET: u64 = 100;

fn assert_none(what: &str, client: &Client, log: impl Fn(u64)) {
    let mut quiet = 0;
    for _ in 0..WARM_UP {
        let counted = measure(|| (0..ROUND).for_each(&log));
        assert!(client.flush_blocking(TIMEOUT).is_complete());
        quiet = if counted.count_total == 0 { quiet + 1 } else { 0 };
        if quiet == QUIET {
            return;
        }
    }
    panic!("{what} allocate for ever");
}

fn client() -> Client {
    memory_client(&MemoryTransport::new(), options("http://localhost").service("api").batch_size(1_000))
}

fn event(user_id: u64) {
    let duration = std::time::Duration::from_millis(12);
    info!(method = "GET", status = 200_u64, duration_ms = 12.5_f64, user_id, ?duration, "request {user_id}");
}

#[test]
fn events_allocate_nothing_in_spans_and_outside() {
    let client = client();
    with_default(tracing_subscriber::registry().with(logtide_tracing::layer(&client)), || {
        assert_none("events", &client, event);
        let _request = info_span!("request", id = 1, path = "/users/42").entered();
        let _query = info_span!("query", table = "users").entered();
        let inner = info_span!("row", number = 7);
        assert_none("events that enter a span", &client, |user_id| inner.in_scope(|| event(user_id)));
        let _inner = inner.entered();
        assert_none("events in spans", &client, event);
    });
}

#[test]
fn spans_that_nest_cost_an_event_no_allocation() {
    let client = client();
    let layer = logtide_tracing::layer(&client).span_fields(logtide_tracing::SpanFields::Nest);
    with_default(tracing_subscriber::registry().with(layer), || {
        let _request = info_span!("request", id = 1, path = "/users/42").entered();
        let _query = info_span!("query", table = "users").entered();
        assert_none("events in spans", &client, event);
    });
}

/// Returns the allocations for spans in a span, with a layer that sends spans or not.
fn allocations_of_spans(are_sent: bool) -> u64 {
    let transport = MemoryTransport::new();
    let client = memory_client(&transport, options("http://localhost").traces_sample_rate(0.0));
    let layer = logtide_tracing::layer(&client).spans(are_sent).span_events(SpanEvents::SpanEvents);
    with_default(tracing_subscriber::registry().with(layer), || {
        let outer = info_span!("outer").entered();
        let work = || {
            for number in 0..ROUND {
                let span = info_span!("inner", number, otel.kind = "client", late = Empty);
                span.record("late", number);
                span.follows_from(&outer);
                span.in_scope(|| ());
            }
        };
        // The registry reuses the memory of closed spans.
        work();
        measure(work).count_total
    })
}

#[test]
fn a_span_that_is_not_sampled_costs_no_allocation_more() {
    let expected = allocations_of_spans(false);
    assert_eq!((allocations_of_spans(true), expected > 0), (expected, true));
}

/// The most bytes for a span, including its slot in the registry: far fewer than the names of thousands of enclosing spans take.
const BYTES_PER_SPAN: u64 = 2_048;

/// Enters nested spans, runs some work and exits them, the innermost first.
fn in_deep_spans(depth: u64, work: impl FnOnce()) {
    let mut spans: Vec<_> = (0..depth).map(|number| info_span!("level", number).entered()).collect();
    work();
    while spans.pop().is_some() {}
}

#[test]
fn deep_spans_cost_memory_once_each() {
    const DEPTH: u64 = 8_000;
    let client = client();
    with_default(tracing_subscriber::registry().with(logtide_tracing::layer(&client)), || {
        let counted = measure(|| in_deep_spans(DEPTH, || ()));
        assert!(counted.bytes_max < DEPTH * BYTES_PER_SPAN, "{} bytes", counted.bytes_max);
    });
}

#[test]
fn events_in_deep_spans_allocate_nothing() {
    let client = client();
    with_default(tracing_subscriber::registry().with(logtide_tracing::layer(&client)), || {
        in_deep_spans(1_000, || {
            // One in a round, since it has as many names as there are spans.
            assert_none("events in deep spans", &client, |user_id| {
                if user_id == 0 {
                    info!("deep");
                }
            });
        });
    });
}

#[test]
fn records_of_log_allocate_nothing() {
    let client = client();
    let logger = logtide_log::Logger::new(&client);
    assert_none("records", &client, |user_id| {
        let pairs: &[_] = &[("method", kv::Value::from("GET")), ("user_id", kv::Value::from(user_id))];
        let mut record = log::Record::builder();
        record.target("app::http").module_path(Some("app::http")).key_values(&pairs);
        logger.log(&record.args(format_args!("request {user_id}")).build());
    });
}
