//! Sampling of entries.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use logtide_client::{Client, OptionsError};
use logtide_core::{DropReason, Level, LogEntry};
use logtide_tests::{
    entries,
    setup::{TIMEOUT, memory_client, options},
};
use logtide_transport::MemoryTransport;

#[test]
fn c23_the_ends_send_nothing_and_everything() {
    for (rate, expected) in [(0.0, 0), (1.0, 20)] {
        let transport = MemoryTransport::new();
        let client = memory_client(&transport, options("http://localhost").sample_rate(rate));
        for _ in 0..20 {
            client.info("svc", "hello", ());
        }
        assert!(client.flush_blocking(TIMEOUT).is_complete());
        let metrics = client.metrics();
        assert_eq!((metrics.logs_sent, metrics.dropped_for(DropReason::Sampled)), (expected, 20 - expected));
        assert_eq!(transport.requests().is_empty(), expected == 0);
    }
}

#[test]
fn c23_a_rate_outside_0_to_1_is_refused() {
    for rate in [1.5, -0.1, f64::NAN, f64::INFINITY] {
        let refused = Client::new(options("http://localhost").sample_rate(rate)).map(|_| ());
        assert!(matches!(refused, Err(OptionsError::Rate { option: "sample_rate", .. })), "{rate}");
    }
}

#[test]
fn c23_the_hook_sees_every_entry_and_sampling_comes_after() {
    let transport = MemoryTransport::new();
    let seen: Arc<AtomicU64> = Arc::default();
    let counter = seen.clone();
    let options = options("http://localhost").sample_rate(0.0).before_send(move |entry| {
        counter.fetch_add(1, Ordering::SeqCst);
        (entry.message == "hello").then_some(entry)
    });
    let client = memory_client(&transport, options);
    for message in ["hello", "other", "hello"] {
        client.info("svc", message, ());
    }
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    assert!(transport.requests().is_empty());
    let metrics = client.metrics();
    assert_eq!(seen.load(Ordering::SeqCst), 3);
    assert_eq!((metrics.dropped_for(DropReason::Sampled), metrics.dropped_for(DropReason::Filtered)), (2, 1));
}

#[test]
fn c23_entries_of_one_trace_are_kept_or_left_out_together_by_every_client() {
    let kept = |trace: &str| -> usize {
        let transport = MemoryTransport::new();
        let client = memory_client(&transport, options("http://localhost").sample_rate(0.5));
        for _ in 0..4 {
            client.log(LogEntry::new(Level::Info, "svc", "hello").trace_id(trace));
        }
        assert!(client.flush_blocking(TIMEOUT).is_complete());
        transport.requests().iter().map(|request| entries::of_body(&request.body).len()).sum()
    };
    let mut kept_traces = 0;
    for trace in (0..40).map(|number| format!("{number:032x}")) {
        let (here, there) = (kept(&trace), kept(&trace));
        assert!(here == there && (here == 0 || here == 4), "{trace}: {here} and {there}");
        kept_traces += here / 4;
    }
    assert!((8..=32).contains(&kept_traces), "{kept_traces} of 40");
}

#[test]
fn c23_the_share_of_traces_is_that_of_whole_traces_and_other_rates_are_refused() {
    for rate in [1.5, -0.1, f64::NAN] {
        let refused = Client::new(options("http://localhost").traces_sample_rate(rate)).map(|_| ());
        assert!(matches!(refused, Err(OptionsError::Rate { option: "traces_sample_rate", .. })), "{rate}");
    }
    for (rate, expected) in [(0.0, 0..=0), (1.0, 40..=40), (0.5, 8..=32)] {
        let transport = MemoryTransport::new();
        let client = memory_client(&transport, options("http://localhost").traces_sample_rate(rate));
        for _ in 0..40 {
            let root = client.span("root");
            let child = root.in_scope(|| client.span("child"));
            assert_eq!(root.is_sampled(), child.is_sampled());
        }
        assert!(client.flush_blocking(TIMEOUT).is_complete());
        let spans = client.metrics().spans;
        assert_eq!((spans.ended % 2, spans.sent), (0, spans.ended));
        assert!(expected.contains(&(spans.ended / 2)), "{} of 40 at {rate}", spans.ended / 2);
        assert_eq!(transport.requests().is_empty(), spans.ended == 0);
    }
}
