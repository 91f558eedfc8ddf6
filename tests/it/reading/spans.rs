//! Traces, spans and heartbeats through the client, with responses of version 1.0.

use std::sync::Arc;

use logtide::{
    Client, ClientOptions, MemoryTransport, QueryError, SpanTree, StatsOptions, TraceOptions, Transport,
};
use logtide_transport::{RecordedRequest, Reply};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

fn client() -> (Client, MemoryTransport) {
    let transport = MemoryTransport::responding(answer);
    let shared: Arc<dyn Transport> = Arc::new(transport.clone());
    let options = ClientOptions::new("http://logs.example", "lp_secret");
    (Client::with_transport(options, shared).expect("the options work"), transport)
}

fn answer(request: &RecordedRequest) -> Reply {
    let times = r#""start_time":"2026-11-22T09:58:34Z","end_time":"2026-11-22T09:58:35Z","duration_ms":1000"#;
    let span = |id: &str, parent: &str, service: &str| {
        format!(
            r#"{{"span_id":"{id}","trace_id":"{TRACE}","parent_span_id":{parent},"service_name":"{service}","operation_name":"o",{times}}}"#
        )
    };
    Reply::json(match request.uri.path().trim_start_matches("/api/v1/") {
        "traces" => {
            format!(r#"{{"traces":[{{"trace_id":"{TRACE}","service_name":"web",{times}}}],"total":1}}"#)
        }
        "traces/services" => r#"{"services":["web"]}"#.to_owned(),
        "traces/stats" => r#"{"total_traces":1,"total_spans":2}"#.to_owned(),
        "traces/dependencies" => r#"{"nodes":[],"edges":[{"source":"web","target":"shop"}]}"#.to_owned(),
        path if path.starts_with("logs/trace/") => format!(
            r#"{{"logs":[{{"id":"1","time":"2026-11-22T09:58:34.500Z","service":"shop","level":"info","message":"m","traceId":"{TRACE}"}}]}}"#
        ),
        path if path.ends_with("/spans") => {
            format!(r#"{{"spans":[{},{}]}}"#, span("2", r#""1""#, "shop"), span("1", "null", "web"))
        }
        path if path.ends_with("/heartbeat") => return Reply::status(204),
        _ => return Reply::status(404).body(r#"{"error":"Trace not found"}"#),
    })
}

#[tokio::test]
async fn traces_are_read_by_async_code() -> Result<(), QueryError> {
    let (client, transport) = client();
    assert_eq!(client.traces(TraceOptions::new().limit(1)).await?.traces[0].trace_id, TRACE);
    assert_eq!(client.trace_by_id("nobody").await?, None);
    assert_eq!(client.trace_services().await?, ["web"]);
    assert_eq!(client.trace_stats(StatsOptions::new()).await?.total_spans, 2);
    assert_eq!(client.trace_dependencies(StatsOptions::new()).await?.edges[0].target, "shop");
    let spans = client.trace_spans(TRACE).await?;
    check(&SpanTree::new(spans).with_entries(client.get_by_trace_id(TRACE).await?));
    client.heartbeat("m").await?;
    assert_eq!(transport.requests().len(), 8);
    Ok(())
}

#[test]
fn traces_are_read_by_code_that_blocks() -> Result<(), QueryError> {
    let (client, transport) = client();
    assert_eq!(client.traces_blocking(TraceOptions::new().limit(1))?.traces[0].trace_id, TRACE);
    assert_eq!(client.trace_by_id_blocking("nobody")?, None);
    assert_eq!(client.trace_services_blocking()?, ["web"]);
    assert_eq!(client.trace_stats_blocking(StatsOptions::new())?.total_spans, 2);
    assert_eq!(client.trace_dependencies_blocking(StatsOptions::new())?.edges[0].target, "shop");
    let spans = client.trace_spans_blocking(TRACE)?;
    check(&SpanTree::new(spans).with_entries(client.get_by_trace_id_blocking(TRACE)?));
    client.heartbeat_blocking("m")?;
    assert_eq!(transport.requests().len(), 8);
    Ok(())
}

fn check(tree: &SpanTree) {
    let seen: Vec<_> =
        tree.iter().map(|node| (node.depth(), &*node.span().service, node.entries().len())).collect();
    assert_eq!(seen, [(0, "web", 0), (1, "shop", 1)]);
}
