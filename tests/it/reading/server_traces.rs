//! Spans that were sent, read back from a server over real sockets.

use logtide::{Client, ClientOptions, QueryError, SpanKind, SpanTree, StatsOptions, TraceOptions};
use logtide_core::DropReason;
use logtide_devserver::{DevServer, Fault};
use logtide_tests::setup::{TIMEOUT, options_for};

fn client(server: &DevServer) -> Client {
    Client::new(options_for(server).service("web")).expect("the options work")
}

#[test]
fn everything_that_was_sent_of_a_trace_is_read_back() -> Result<(), QueryError> {
    let server = DevServer::start().expect("the server starts");
    let client = client(&server);
    let root = client.span("GET /orders").kind(SpanKind::Server);
    root.in_scope(|| {
        let query = client.span("SELECT").kind(SpanKind::Client).service("shop");
        query.record_error(&"seven".parse::<u8>().expect_err("no number"));
        query.end();
        client.info("web", "orders read", ());
    });
    let trace = root.trace_context().trace_id.to_string();
    root.end();
    assert!(client.flush_blocking(TIMEOUT).is_complete());

    let found = client.traces_blocking(TraceOptions::new().service("web"))?;
    assert_eq!((found.total, found.traces[0].trace_id.as_str()), (1, trace.as_str()));
    assert!(client.traces_blocking(TraceOptions::new().service("nobody"))?.traces.is_empty());
    let summary = client.trace_by_id_blocking(&trace)?.expect("the trace is there");
    assert_eq!((summary.span_count, summary.error), (2, true));
    assert_eq!(client.trace_by_id_blocking(&"a".repeat(32))?, None);
    let tree = SpanTree::new(client.trace_spans_blocking(&trace)?)
        .with_entries(client.get_by_trace_id_blocking(&trace)?);
    let lines: Vec<_> = tree.iter().map(|node| (node.depth(), node.span().operation.as_str())).collect();
    assert_eq!(lines, [(0, "GET /orders"), (1, "SELECT")]);
    assert_eq!(tree.iter().map(|node| node.entries().len()).sum::<usize>(), 1);
    assert_eq!(client.trace_services_blocking()?, ["shop", "web"]);
    let stats = client.trace_stats_blocking(StatsOptions::new())?;
    assert_eq!((stats.total_traces, stats.total_spans, stats.error_count), (1, 2, 1));
    let edges = client.trace_dependencies_blocking(StatsOptions::new())?.edges;
    assert_eq!((edges[0].source.as_str(), edges[0].target.as_str()), ("web", "shop"));
    Ok(())
}

#[tokio::test]
async fn a_heartbeat_reaches_its_monitor_and_an_unknown_one_is_explained() {
    let server = DevServer::builder().monitor("m1").start().expect("the server starts");
    // Any key of the project is allowed.
    let options = ClientOptions::new(server.url(), server.write_key());
    let client = Client::new(options).expect("the options work");
    client.heartbeat("m1").await.expect("the monitor is there");
    assert_eq!(server.heartbeats("m1"), 1);
    let error = client.heartbeat("m2").await.expect_err("the monitor is not there");
    assert!(matches!(error, QueryError::HeartbeatFailed { .. }), "{error}");
    assert!(error.to_string().contains("monitor"), "{error}");
}

#[test]
fn spans_that_the_server_does_not_take_are_counted_as_rejected() {
    let server = DevServer::start().expect("the server starts");
    server.chaos(Fault::RejectPart("poison".to_owned())).always();
    let client = client(&server);
    for name in ["good", "poison", "good", "poison", "good"] {
        client.span(name).end();
    }
    assert!(client.flush_blocking(TIMEOUT).is_complete(), "no entry was lost");
    let spans = client.metrics().spans;
    assert_eq!((spans.ended, spans.sent, spans.dropped, spans.pending), (5, 3, 2, 0));
    assert_eq!(spans.dropped_by_reason.get(DropReason::Rejected), 2);
    assert_eq!(server.stored_span_count(), 3);
}
