//! Traces.

use logtide_query::QueryError;
use logtide_transport::Reply;

use crate::setup::answered;

const TRACE: &str = r#"{"logs":[
    {"id":"1","time":"2026-11-22T09:58:34.001Z","projectId":"p","service":"web","level":"info","message":"first",
     "metadata":null,"traceId":"ABC/1"},
    {"id":"2","time":"2026-11-22T09:58:34.002Z","projectId":"p","service":"api","level":"warn","message":"second",
     "metadata":{},"traceId":"ABC/1"}]}"#;

#[tokio::test]
async fn the_entries_of_a_trace_come_in_the_order_of_the_server() {
    let (client, transport) = answered(|| Reply::json(TRACE));
    let logs = client.get_by_trace_id("ABC/1 ?").await.unwrap();
    let messages: Vec<&str> = logs.iter().map(|log| log.message.as_str()).collect();
    assert_eq!(messages, ["first", "second"]);
    let uri = &transport.requests()[0].uri;
    assert_eq!(uri.path(), "/logtide/api/v1/logs/trace/ABC%2F1%20%3F");
    assert_eq!(uri.query(), None);
}

#[tokio::test]
async fn an_unknown_trace_is_empty() {
    let (client, _) = answered(|| Reply::json(r#"{"logs":[]}"#));
    assert!(client.get_by_trace_id("nobody").await.unwrap().is_empty());
}

#[tokio::test]
async fn an_empty_id_is_not_sent() {
    let (client, transport) = answered(|| Reply::json(TRACE));
    assert!(matches!(client.get_by_trace_id("").await, Err(QueryError::EmptyTraceId)));
    assert!(transport.requests().is_empty());
}
