//! Untrusted traces.

use logtide_client::integration::ActiveSpan;
use logtide_middleware::Options;
use serde_json::json;

use crate::setup::{Server, headers};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

#[test]
fn the_trace_of_the_span_around_it_is_not_the_callers() {
    let server = Server::new(Options::new().use_active_span(true).trust_incoming_traces(false));
    let brought = headers(&[("traceparent", PARENT), ("tracestate", "a=1"), ("baggage", "b=2")]);
    for (around, kept) in [("c".repeat(32), true), (TRACE.to_owned(), false)] {
        let around = ActiveSpan::in_trace(around);
        around.enter();
        let mut exchange = server.begin_with("GET", "/", &brought);
        around.exit();
        let outgoing = exchange.run(|| server.client.outgoing_headers());
        drop(exchange);
        assert_eq!(outgoing.len(), 1, "what is not trusted goes nowhere: {outgoing:?}");
        let entries = server.entries();
        let first = &entries[entries.len() - 2];
        assert_eq!(first["trace_id"], around.trace_id());
        let expected = kept.then(|| json!(TRACE));
        assert_eq!(
            first["metadata"].get("incoming_trace_id"),
            expected.as_ref(),
            "the same one is kept once"
        );
    }
}

#[test]
fn of_a_path_that_is_skipped_the_handler_has_a_trace_of_its_own() {
    let server = Server::new(Options::new().trust_incoming_traces(false));
    let mut exchange = server.begin_with("GET", "/health", &headers(&[("traceparent", PARENT)]));
    exchange.run(|| server.client.info("app", "in the handler", ()));
    drop(exchange);
    let entry = server.last(1);
    assert!(entry["trace_id"].as_str().is_some_and(|trace| trace != TRACE), "{entry}");
}

#[test]
fn headers_that_are_there_twice_name_no_trace_to_keep() {
    let server = Server::new(Options::new().trust_incoming_traces(false));
    drop(server.begin_with("GET", "/", &headers(&[("traceparent", "garbage"), ("x-trace-id", "a,b")])));
    assert_eq!(server.entries()[0]["metadata"].get("incoming_trace_id"), None);
}
