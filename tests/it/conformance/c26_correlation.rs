//! The trace and span of an entry.

use logtide_client::{Client, InScope, integration::ActiveSpan};
use logtide_core::{Level, LogEntry, Scope, SpanId, TraceContext, TraceId};
use logtide_devserver::DevServer;
use logtide_tests::setup::{TIMEOUT, client, options_for};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN: &str = "00f067aa0ba902b7";

type Ids = (Option<String>, Option<String>);

fn ids(trace: &str, span: Option<&str>) -> Ids {
    (Some(trace.to_owned()), span.map(str::to_owned))
}

/// Returns the trace and span ids that the server stored for some work.
fn stored(auto_trace_id: bool, work: impl FnOnce(&Client)) -> Vec<Ids> {
    let server = DevServer::start().expect("the server starts");
    let client = client(options_for(&server).auto_trace_id(auto_trace_id));
    work(&client);
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    server.stored().into_iter().map(|entry| (entry.trace_id, entry.span_id)).collect()
}

fn in_span(scope: &mut Scope) {
    let header = format!("00-{TRACE}-{SPAN}-01");
    scope.set_trace_context(&TraceContext::from_headers(Some(&header), None).expect("a trace"));
}

#[test]
fn c26_entries_inside_a_span_have_its_ids_and_later_ones_none() {
    let stored = stored(false, |client| {
        client.with_scope(in_span, || client.info("svc", "inside", ()));
        client.info("svc", "after", ());
        let inside = async { client.info("svc", "inside a future", ()) };
        futures::executor::block_on(inside.with_scope(Scope::new().with(in_span)));
        client.info("svc", "after", ());
    });
    assert_eq!(stored, [ids(TRACE, Some(SPAN)), (None, None), ids(TRACE, Some(SPAN)), (None, None)]);
}

#[test]
fn c26_ids_of_the_callers_own_win() {
    let own = "f".repeat(32);
    let entry = || LogEntry::new(Level::Info, "svc", "own").trace_id(&own);
    let stored = stored(false, |client| {
        client.with_scope(in_span, || {
            client.log(entry());
            client.log(entry().span_id("c".repeat(16)));
        });
    });
    assert_eq!(stored, [ids(&own, Some(SPAN)), ids(&own, Some(&"c".repeat(16)))]);
}

#[test]
fn c26_the_nearest_trace_is_taken() {
    let stored = stored(true, |client| {
        client.set_trace_id(Some("client"));
        client.with_scope(in_span, || {
            client.info("svc", "the scope's", ());
            client.with_trace_id("inner", || client.info("svc", "the inner scope's", ()));
        });
        client.info("svc", "the client's", ());
        client.set_trace_id(None);
        client.info("svc", "generated", ());
    });
    assert_eq!(stored[..3], [ids(TRACE, Some(SPAN)), ids("inner", None), ids("client", None)]);
    let (generated, span) = &stored[3];
    assert!(generated.as_ref().is_some_and(|id| id.parse::<TraceId>().is_ok()), "{generated:?}");
    assert_eq!(*span, None);
}

#[test]
fn c26_the_active_span_comes_before_the_scope_and_after_the_entry() {
    let (own, trace, span) = ("f".repeat(32), "c".repeat(32), SpanId::from_random(0xd));
    let active = ActiveSpan::new(&trace, span);
    let stored = stored(false, |client| {
        client.with_scope(in_span, || {
            active.enter();
            client.info("svc", "the active span's", ());
            client.log(LogEntry::new(Level::Info, "svc", "own").trace_id(&own));
            active.exit();
            client.info("svc", "the scope's", ());
        });
    });
    let span = span.to_string();
    assert_eq!(stored, [ids(&trace, Some(&span)), ids(&own, Some(&span)), ids(TRACE, Some(SPAN))]);
}

#[test]
fn c26_entries_inside_a_span_of_the_client_have_its_ids_and_later_ones_none() {
    let mut expected = (None, None);
    let stored = stored(false, |client| {
        let span = client.span("work");
        let context = span.trace_context();
        expected = ids(context.trace_id.as_str(), context.span_id.map(|id| id.to_string()).as_deref());
        span.in_scope(|| client.info("svc", "inside", ()));
        let inside = async { client.info("svc", "inside a future", ()) };
        futures::executor::block_on(logtide_client::InSpan::in_span(inside, span));
        client.info("svc", "after", ());
    });
    assert_eq!(stored, [expected.clone(), expected, (None, None)]);
}
