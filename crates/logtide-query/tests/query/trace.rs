//! Traces.

use logtide_query::QueryError;
use logtide_transport::{MemoryTransport, Reply};

use crate::setup::{answered, client, ids, parameter};

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

/// The number of a trace's entries, each in a page of the search or in the answer for the trace.
fn entries(numbers: impl Iterator<Item = usize>) -> String {
    let entry = |number: usize| {
        let (second, milli) = (number / 1000, number % 1000);
        format!(
            r#"{{"id":"{number}","time":"2026-11-22T09:58:{second:02}.{milli:03}Z","service":"s","level":"info","message":"m","traceId":"t"}}"#
        )
    };
    numbers.map(entry).collect::<Vec<_>>().join(",")
}

#[tokio::test]
async fn a_trace_beyond_the_cap_is_searched_to_its_end() {
    let transport = MemoryTransport::responding(|request| {
        if request.uri.path().ends_with("/logs/trace/t") {
            return Reply::json(format!(r#"{{"logs":[{}]}}"#, entries(0..1000)));
        }
        assert_eq!(request.uri.path(), "/logtide/api/v1/logs");
        assert_eq!(parameter(request, "traceId").as_deref(), Some("t"));
        assert_eq!(parameter(request, "from").as_deref(), Some("1970-01-01T00%3A00%3A00.000000Z"));
        assert!(parameter(request, "to").unwrap().starts_with("9999-12-31"));
        let end: usize = parameter(request, "cursor").map_or(2345, |cursor| cursor.parse().unwrap());
        let start = end.saturating_sub(1000);
        let cursor = if start > 0 { format!(r#","nextCursor":"{start}""#) } else { String::new() };
        Reply::json(format!(
            r#"{{"logs":[{}],"total":1,"hasMore":{}{cursor}}}"#,
            entries((start..end).rev()),
            start > 0
        ))
    });
    let logs = client(&transport).get_by_trace_id("t").await.unwrap();
    let expected: Vec<String> = (0..2345).map(|id| id.to_string()).collect();
    assert_eq!(ids(&logs), expected);
    assert_eq!(transport.requests().len(), 4);
}

#[tokio::test]
async fn a_trace_below_or_above_the_cap_is_complete_as_it_comes() {
    // Servers before version 1.0 have no cap.
    for count in [999, 1001, 1500] {
        let (client, transport) =
            answered(move || Reply::json(format!(r#"{{"logs":[{}]}}"#, entries(0..count))));
        assert_eq!(client.get_by_trace_id("t").await.unwrap().len(), count);
        assert_eq!(transport.requests().len(), 1);
    }
}

#[tokio::test]
async fn what_is_no_id_is_not_sent() {
    let (client, transport) = answered(|| Reply::json(TRACE));
    assert!(matches!(client.get_by_trace_id("").await, Err(QueryError::EmptyTraceId)));
    // A proxy takes these for a step in the path, and the answer is a list of other entries.
    for id in [".", ".."] {
        assert!(matches!(client.get_by_trace_id(id).await, Err(QueryError::InvalidTraceId(_))), "{id}");
    }
    assert!(transport.requests().is_empty());
}
