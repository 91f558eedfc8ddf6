//! The trace of an outgoing request.

use http::HeaderMap;
use logtide_client::{Client, integration::ActiveSpan};
use logtide_core::{Scope, SpanId, TraceContext};
use logtide_tests::setup::{memory_client, options};
use logtide_transport::MemoryTransport;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN: &str = "00f067aa0ba902b7";

/// Returns the `traceparent` of an outgoing request inside a scope, which may already have one.
fn header(configure: impl FnOnce(&mut Scope), present: Option<&str>) -> Option<String> {
    let client = client();
    let mut headers = HeaderMap::new();
    if let Some(present) = present {
        headers.insert("traceparent", present.parse().expect("a header value"));
    }
    client.with_scope(configure, || client.inject_trace(&mut headers));
    let all: Vec<_> = headers.get_all("traceparent").iter().collect();
    assert!(all.len() <= 1, "{all:?}");
    all.first().map(|value| value.to_str().expect("a text").to_owned())
}

fn client() -> Client {
    memory_client(&MemoryTransport::new(), options("http://localhost"))
}

#[test]
fn c25_trace_and_span_of_the_scope_go_along() {
    let configure = |scope: &mut Scope| {
        scope.set_trace_id(TRACE);
        scope.set_span_id(SPAN);
    };
    assert_eq!(header(configure, None), Some(format!("00-{TRACE}-{SPAN}-01")));
}

#[test]
fn c25_a_trace_without_a_span_gets_a_new_one() {
    let mut spans = Vec::new();
    for _ in 0..2 {
        let header = header(|scope| scope.set_trace_id(TRACE), None).expect("there is a trace");
        let span = header.strip_prefix(&format!("00-{TRACE}-")).and_then(|rest| rest.strip_suffix("-01"));
        spans.push(span.expect("the trace is kept").parse::<SpanId>().expect("an id that is not zero"));
    }
    assert_ne!(spans[0], spans[1]);
}

#[test]
fn c25_without_a_trace_there_is_no_header() {
    assert_eq!(header(|_| (), None), None);
    assert_eq!(header(|scope| scope.set_span_id(SPAN), None), None);
    assert_eq!(header(|scope| scope.set_trace_id("legacy-123"), None), None, "it is not of the form");
}

#[test]
fn c25_a_header_that_is_there_is_left_alone() {
    let present = format!("00-{}-{}-01", "a".repeat(32), "b".repeat(16));
    assert_eq!(header(|scope| scope.set_trace_id(TRACE), Some(&present)), Some(present));
}

#[test]
fn c25_what_the_caller_decided_about_sampling_goes_along() {
    let unsampled = format!("00-{TRACE}-{SPAN}-00");
    let context = TraceContext::from_headers(Some(&unsampled), None).expect("a trace");
    assert_eq!(header(|scope| scope.set_trace_context(&context), None), Some(unsampled));
}

#[test]
fn c25_the_clients_trace_goes_along_outside_all_scopes() {
    let client = client();
    client.set_trace_id(Some(TRACE));
    let parent = client.outgoing_trace().expect("there is a trace");
    assert_eq!(parent.trace_id.to_string(), TRACE);
}

#[test]
fn c25_the_active_span_comes_before_the_scope() {
    let (trace, span) = ("c".repeat(32), "d".repeat(16));
    let active = ActiveSpan::new(&trace, span.parse::<SpanId>().expect("an id"));
    active.enter();
    let inside = header(|scope| scope.set_trace_id(TRACE), None);
    active.exit();
    assert_eq!(inside, Some(format!("00-{trace}-{span}-01")));
    let after = header(|scope| scope.set_trace_id(TRACE), None).expect("there is a trace");
    assert!(after.starts_with(&format!("00-{TRACE}-")), "{after}");
}

#[test]
fn c25_an_active_span_that_the_caller_does_not_record_says_so() {
    let unsampled = format!("00-{TRACE}-{SPAN}-00");
    let parent = TraceContext::from_headers(Some(&unsampled), None).expect("a trace");
    let active = ActiveSpan::inside(&parent);
    active.enter();
    let inside = header(|_| (), None);
    active.exit();
    let span = active.trace_context().span_id.expect("a span has an id");
    assert_ne!(span.to_string(), SPAN);
    assert_eq!(inside, Some(format!("00-{TRACE}-{span}-00")));
}
