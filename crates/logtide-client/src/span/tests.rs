//! Spans from start to buffer.

use std::{sync::Arc, task::Poll, time::Duration};

use logtide_core::{SpanStatus, TraceContext};
use logtide_transport::{MemoryTransport, Reply};

use super::*;
use crate::ClientOptions;

const TIMEOUT: Duration = Duration::from_secs(5);

fn client_with(options: impl FnOnce(ClientOptions) -> ClientOptions) -> (Client, MemoryTransport) {
    client_of(MemoryTransport::new(), options)
}

fn client_of(
    transport: MemoryTransport,
    options: impl FnOnce(ClientOptions) -> ClientOptions,
) -> (Client, MemoryTransport) {
    let options = options(ClientOptions::new("http://localhost:8080", "lp_key"));
    (Client::with_transport(options, Arc::new(transport.clone())).unwrap(), transport)
}

fn new_client() -> (Client, MemoryTransport) {
    client_with(|options| options)
}

fn parent_of(span: &Span) -> Option<SpanId> {
    span.0.active.parent_id()
}

#[test]
fn spans_inside_each_other_are_of_one_trace_with_the_right_parents() {
    let (client, _) = new_client();
    let root = client.span("root");
    let inner = root.in_scope(|| client.span("inner"));
    let beside = client.span("beside");
    assert_eq!(inner.trace_context().trace_id, root.trace_context().trace_id);
    assert_eq!((parent_of(&root), parent_of(&inner)), (None, root.trace_context().span_id));
    assert_ne!(beside.trace_context().trace_id, root.trace_context().trace_id);
    assert_eq!(ActiveSpan::current().map(|span| span.span_id()), None, "the guard is gone");
}

#[test]
fn a_span_in_the_scope_of_a_request_is_a_child_of_the_caller() {
    let (client, _) = new_client();
    let caller = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let context = TraceContext::from_headers(Some(caller), None).unwrap();
    let span = client.span_in(&context, "handle");
    assert_eq!(span.trace_context().trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_eq!(parent_of(&span), context.span_id);
    let scope = logtide_core::Scope::new().with(|scope| scope.set_trace_context(&context));
    let span = client.in_scope(scope, || client.span("inside"));
    assert_eq!(parent_of(&span), context.span_id);
}

#[test]
fn each_span_is_counted_once_and_entries_are_counted_apart() {
    let (client, transport) = new_client();
    let span = client.span("work").attribute("a", 1);
    let clone = span.clone();
    client.info("api", "entry", ());
    span.end();
    drop(clone);
    drop(client.span("second"));
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let metrics = client.metrics();
    assert_eq!((metrics.logged, metrics.logs_sent), (1, 1));
    assert_eq!((metrics.spans.ended, metrics.spans.sent, metrics.spans.pending), (2, 2, 0));
    let paths: Vec<_> = transport.requests().iter().map(|request| request.uri.path().to_owned()).collect();
    assert!(paths.contains(&"/v1/otlp/traces".to_owned()), "{paths:?}");
}

#[test]
fn spans_that_cannot_be_sent_open_no_breaker_of_entries_and_are_counted_at_the_close() {
    let transport = MemoryTransport::responding(|request| match request.uri.path() {
        "/v1/otlp/traces" => Reply::status(503),
        _ => Reply::status(200),
    });
    let (client, _) = client_of(transport, |options| options.max_retries(0).circuit_breaker_threshold(1));
    drop(client.span("lost"));
    client.flush_blocking(TIMEOUT);
    client.info("api", "entry", ());
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    client.close_blocking(Duration::from_millis(100));
    let metrics = client.metrics();
    assert_eq!((metrics.logs_sent, metrics.logs_dropped), (1, 0));
    assert_eq!((metrics.spans.ended, metrics.spans.dropped, metrics.spans.pending), (1, 1, 0));
}

#[test]
fn the_share_of_traces_is_decided_at_the_root_and_followed_inside() {
    let (client, _) = client_with(|options| options.traces_sample_rate(0.0));
    let root = client.span("root");
    let inner = root.in_scope(|| client.span("inner"));
    assert!(!root.is_sampled() && !inner.is_sampled());
    assert!(!root.trace_context().sampled, "requests tell it");
    let caller =
        TraceContext::from_headers(Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"), None);
    let sampled = client.span_in(&caller.unwrap(), "called");
    assert!(sampled.is_sampled(), "the caller has decided");
    drop((inner, root, sampled));
    assert_eq!(client.metrics().spans.ended, 1);

    let (client, _) = new_client();
    let caller =
        TraceContext::from_headers(Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"), None);
    drop(client.span_in(&caller.unwrap(), "called"));
    assert_eq!(client.metrics().spans.ended, 0);
}

#[test]
fn a_future_is_in_its_span_while_it_is_polled_and_dropped() {
    let (client, _) = new_client();
    let span = client.span("work");
    let id = span.trace_context().span_id;
    let current = || ActiveSpan::current().map(|span| span.span_id());
    let polls = std::cell::Cell::new(0);
    let work = std::future::poll_fn(|_| {
        assert_eq!(current(), id);
        polls.set(polls.get() + 1);
        if polls.get() == 2 { Poll::Ready(()) } else { Poll::Pending }
    });
    let mut work = std::pin::pin!(work.in_span(span));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(work.as_mut().poll(&mut context).is_pending());
    assert_eq!(current(), None);
    assert_eq!(client.metrics().spans.ended, 0);
    assert!(work.as_mut().poll(&mut context).is_ready());
    assert_eq!(client.metrics().spans.ended, 1, "it ends with the future");
    assert_eq!((polls.get(), current()), (2, None));
}

#[test]
fn a_span_that_is_never_dropped_is_never_sent_and_one_that_is_too_large_is_cut() {
    let (client, _) = client_with(|options| {
        options.payload_limits(logtide_core::PayloadLimits::default().max_entry_bytes(4_096))
    });
    std::mem::forget(client.span("leaked"));
    let large = client.span("n".repeat(100_000)).attribute("a", "x ".repeat(50_000));
    for _ in 0..1_000 {
        large.event("tick", [("text", "y ".repeat(500))]);
    }
    large.set_status(SpanStatus::Error, "failed");
    large.end();
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let spans = client.metrics().spans;
    assert_eq!((spans.ended, spans.sent, spans.dropped), (1, 1, 0));
}

#[test]
fn what_several_threads_say_of_a_span_is_kept() {
    let (client, _) = new_client();
    let span = client.span("work");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..20).for_each(|_| span.event("tick", ())));
        }
    });
    let counted = |span: &Span| format!("{:?}", span.0.lock().data);
    assert!(counted(&span).contains("events: 128") && counted(&span).contains("dropped_events: 32"));
}
