//! Traces and their spans.

use std::time::Duration;

use chrono::{DateTime, Utc};
use logtide_query::{QueryError, StatsOptions, TraceOptions};
use logtide_transport::Reply;
use serde_json::json;

use crate::setup::{answered, paths, routed};

const ID: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

const SUMMARY: &str = r#"{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","service_name":"shop","root_service_name":"web",
    "root_operation_name":"GET /orders","start_time":"2026-11-22T09:58:34.100Z","end_time":"2026-11-22T09:58:34.350Z",
    "duration_ms":250,"span_count":3,"error":true}"#;

fn json(status: u16, body: &'static str) -> Reply {
    Reply::status(status).header("content-type", "application/json; charset=utf-8").body(body)
}

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

#[tokio::test]
async fn traces_are_listed_with_their_number() {
    let unfinished = r#"{"trace_id":"t","service_name":"s","root_service_name":null,"root_operation_name":null,
        "start_time":"2026-11-22T09:58:34Z","end_time":"2026-11-22T09:58:34Z","duration_ms":0,"span_count":"1","error":false}"#;
    let (client, transport) = routed(move |_| format!(r#"{{"traces":[{SUMMARY},{unfinished}],"total":2}}"#));
    let found = client.traces(TraceOptions::new()).await.unwrap();
    assert_eq!((found.total, found.traces.len()), (2, 2));
    let trace = &found.traces[0];
    assert_eq!((trace.trace_id.as_str(), trace.service.as_str()), (ID, "shop"));
    assert_eq!(trace.root_service.as_deref(), Some("web"));
    assert_eq!(trace.root_operation.as_deref(), Some("GET /orders"));
    assert_eq!((trace.end - trace.start).to_std().unwrap(), millis(250));
    assert_eq!((trace.duration, trace.span_count, trace.error), (millis(250), 3, true));
    assert_eq!((&found.traces[1].root_service, found.traces[1].span_count), (&None, 1));
    assert_eq!(paths(&transport), ["traces"]);
}

#[tokio::test]
async fn every_option_has_the_name_the_server_knows() {
    let (client, transport) = routed(|_| r#"{"traces":[],"total":0}"#.to_owned());
    let time: DateTime<Utc> = "2026-11-22T10:00:00.123456Z".parse().unwrap();
    let options = TraceOptions::new()
        .service("a b")
        .services(["c"])
        .error(false)
        .from_time(time)
        .to_time(time)
        .min_duration(Duration::from_micros(1_999))
        .max_duration(millis(2_000))
        .limit(100)
        .offset(200);
    client.traces(options).await.unwrap();
    let expected = "traces?service=a%20b%2Cc&error=false&from=2026-11-22T10%3A00%3A00.123000Z\
                    &to=2026-11-22T10%3A00%3A00.123456Z&minDurationMs=1&maxDurationMs=2000&limit=100&offset=200";
    assert_eq!(paths(&transport), [expected]);
}

#[tokio::test]
async fn durations_beyond_what_the_server_compares_are_cut() {
    let (client, transport) = routed(|_| r#"{"traces":[],"total":0}"#.to_owned());
    let options = TraceOptions::new().min_duration(Duration::MAX).max_duration(Duration::MAX);
    client.traces(options).await.unwrap();
    assert_eq!(paths(&transport), ["traces?minDurationMs=2147483647"]);
}

#[tokio::test]
async fn options_that_make_no_sense_are_not_sent() {
    let (client, transport) = routed(|_| r#"{"traces":[],"total":0}"#.to_owned());
    let new = TraceOptions::new;
    let earlier: DateTime<Utc> = "2026-11-22T09:00:00Z".parse().unwrap();
    let later: DateTime<Utc> = "2026-11-22T10:00:00Z".parse().unwrap();
    for (options, expected) in [
        (new().limit(0), "`limit` is 0: use a number from 1 to 100"),
        (new().limit(101), "`limit` is 101: use a number from 1 to 100"),
        (new().from_time(later).to_time(earlier), "the time range starts at 2026-11-22T10:00:00.000000Z"),
        (
            new().min_duration(millis(2)).max_duration(millis(1)),
            "the shortest duration is 2ms but the longest is only 1ms",
        ),
        (new().service("a,b"), "cannot filter by the service `a,b`"),
        (new().service("a").service(""), "cannot filter by the service ``"),
        (new().service(" a"), "cannot filter by the service ` a`"),
        (new().service("a\n"), "cannot filter by the service `a\n`"),
    ] {
        let error = client.traces(options).await.unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
    let backwards = StatsOptions::new().from_time(later).to_time(earlier);
    assert!(matches!(client.trace_stats(backwards).await, Err(QueryError::TimeRange { .. })));
    assert!(matches!(client.trace_dependencies(backwards).await, Err(QueryError::TimeRange { .. })));
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn a_trace_is_found_by_its_id() {
    let (client, transport) = routed(|_| SUMMARY.to_owned());
    assert_eq!(client.trace_by_id("ABC/1 ?").await.unwrap().unwrap().trace_id, ID);
    assert_eq!(paths(&transport), ["traces/ABC%2F1%20%3F"]);
}

#[tokio::test]
async fn only_the_servers_own_word_means_that_there_is_no_trace() {
    let (client, _) = answered(|| json(404, r#"{"error":"Trace not found"}"#));
    assert_eq!(client.trace_by_id(ID).await.unwrap(), None);
    let (client, _) = answered(|| json(404, r#"{"error":"Log not found"}"#));
    assert!(matches!(client.trace_by_id(ID).await, Err(QueryError::NotFound { .. })));
    let (client, _) = answered(|| {
        json(404, r#"{"message":"Route GET:/api/v1/traces/4bf9 not found","error":"Not Found"}"#)
    });
    assert!(matches!(client.trace_by_id(ID).await, Err(QueryError::UnknownEndpoint { .. })));
    let (client, _) = answered(|| Reply::status(404).header("content-type", "text/html").body("<html>"));
    assert!(matches!(client.trace_by_id(ID).await, Err(QueryError::NotFound { .. })));
}

#[tokio::test]
async fn what_means_something_else_to_the_server_is_not_asked_for() {
    let (client, transport) = routed(|_| SUMMARY.to_owned());
    for id in [".", "..", "services", "stats", "dependencies", "stream", "service-map"] {
        let error = client.trace_by_id(id).await.unwrap_err();
        assert!(matches!(error, QueryError::InvalidTraceId(_)), "{error}");
        assert!(matches!(client.trace_spans(id).await, Err(QueryError::InvalidTraceId(_))), "{id}");
    }
    assert!(matches!(client.trace_by_id("").await, Err(QueryError::EmptyTraceId)));
    assert!(matches!(client.trace_spans("").await, Err(QueryError::EmptyTraceId)));
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn the_spans_of_a_trace_are_read() {
    let spans = r#"{"spans":[
        {"span_id":"00f067aa0ba902b7","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","parent_span_id":null,"service_name":"web",
         "operation_name":"GET /orders","start_time":"2026-11-22T09:58:34.100Z","end_time":"2026-11-22T09:58:34.350Z",
         "duration_ms":250,"kind":"SERVER","status_code":"ERROR","status_message":"card declined",
         "attributes":{"http.response.status_code":402},"resource_attributes":{"service.version":"1.4"},
         "events":[{"time":"2026-11-22T09:58:34.200Z","name":"exception","attributes":{"exception.type":"Declined"}}],
         "links":[{"trace_id":"t2","span_id":"s2"}]},
        {"span_id":"b7ad6b7169203331","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","parent_span_id":"00f067aa0ba902b7",
         "service_name":"shop","operation_name":"charge","start_time":"2026-11-22T09:58:34.150Z",
         "end_time":"2026-11-22T09:58:34.160Z","duration_ms":null,"kind":null,"status_code":null,"status_message":null,
         "attributes":null,"events":null,"links":null,"resource_attributes":null}]}"#;
    let (client, transport) = routed(move |_| spans.to_owned());
    let spans = client.trace_spans(ID).await.unwrap();
    assert_eq!(paths(&transport), [format!("traces/{ID}/spans")]);

    let web = &spans[0];
    assert_eq!((web.span_id.as_str(), web.parent_span_id.as_deref()), ("00f067aa0ba902b7", None));
    assert_eq!((web.service.as_str(), web.operation.as_str()), ("web", "GET /orders"));
    assert_eq!(
        (web.kind.as_deref(), web.status.as_deref(), web.is_error()),
        (Some("SERVER"), Some("ERROR"), true)
    );
    assert_eq!((web.duration, web.status_message.as_deref()), (millis(250), Some("card declined")));
    assert_eq!(web.attributes["http.response.status_code"], 402);
    assert_eq!(web.resource_attributes["service.version"], "1.4");
    let event = &web.events[0];
    assert_eq!(
        (event.name.as_deref(), event.time.unwrap() - web.start),
        (Some("exception"), chrono::TimeDelta::milliseconds(100))
    );
    assert_eq!(event.attributes["exception.type"], "Declined");
    assert_eq!((web.links[0].trace_id.as_deref(), web.links[0].span_id.as_deref()), (Some("t2"), Some("s2")));

    let shop = &spans[1];
    assert_eq!(shop.parent_span_id.as_deref(), Some("00f067aa0ba902b7"));
    assert_eq!((shop.duration, &shop.kind, &shop.status, shop.is_error()), (millis(10), &None, &None, false));
    assert!(shop.attributes.is_empty() && shop.events.is_empty() && shop.links.is_empty());
    assert!(shop.other.is_empty());
}

#[tokio::test]
async fn an_unknown_trace_has_no_spans() {
    let (client, _) = answered(|| Reply::json(r#"{"spans":[]}"#));
    assert!(client.trace_spans("nobody").await.unwrap().is_empty());
}

#[tokio::test]
async fn a_field_of_another_form_costs_itself_alone() {
    let odd = json!({
        "span_id": "1", "trace_id": "t", "service_name": "s", "operation_name": "o", "parent_span_id": 7,
        "start_time": "2026-11-22T09:58:35Z", "end_time": "2026-11-22T09:58:34Z", "duration_ms": -1000, "kind": 2,
        "status_code": "WARN", "attributes": [1], "events": [{"name": 1, "at": 2}], "links": "none", "sampled": true,
    });
    let body = json!({"spans": [odd]}).to_string();
    let (client, _) = answered(move || Reply::json(body.clone()));
    let spans = client.trace_spans("t").await.unwrap();
    let span = &spans[0];
    assert_eq!((&span.parent_span_id, &span.kind, span.duration), (&None, &None, Duration::ZERO));
    assert_eq!((span.status.as_deref(), span.attributes.len(), span.links.len()), (Some("WARN"), 0, 0));
    assert_eq!((&span.events[0].name, &span.events[0].other["at"]), (&None, &json!(2)));
    for (name, value) in [
        ("parent_span_id", json!(7)),
        ("kind", json!(2)),
        ("duration_ms", json!(-1000)),
        ("links", json!("none")),
    ] {
        assert_eq!(span.other[name], value);
    }
    let again: logtide_query::StoredSpan =
        serde_json::from_str(&serde_json::to_string(span).unwrap()).unwrap();
    assert_eq!(*span, again);
}

#[tokio::test]
async fn services_counts_and_dependencies_of_traces_are_read() {
    let (client, transport) = routed(|path| match path {
        "traces/services" => r#"{"services":["shop","web"]}"#.to_owned(),
        "traces/stats" => {
            r#"{"total_traces":"2","total_spans":9,"avg_duration_ms":125.5,"max_duration_ms":250,
            "error_count":1,"error_rate":0.5,"p95":null}"#
                .to_owned()
        }
        _ => r#"{"nodes":[{"id":"web","name":"web","callCount":3},{"id":"shop"}],
            "edges":[{"source":"web","target":"shop","callCount":3,"type":"span"}]}"#
            .to_owned(),
    });
    assert_eq!(client.trace_services().await.unwrap(), ["shop", "web"]);

    let epoch = std::time::SystemTime::UNIX_EPOCH;
    let options = StatsOptions::new().from_time(epoch).to_time(epoch);
    let stats = client.trace_stats(options).await.unwrap();
    assert_eq!((stats.total_traces, stats.total_spans, stats.error_count, stats.error_rate), (2, 9, 1, 0.5));
    assert_eq!(stats.average_duration, Duration::from_micros(125_500));
    assert_eq!((stats.longest_duration, &stats.other["p95"]), (millis(250), &json!(null)));

    let found = client.trace_dependencies(options).await.unwrap();
    let (web, shop) = (&found.nodes[0], &found.nodes[1]);
    assert_eq!((web.name.as_deref(), web.call_count, shop.call_count), (Some("web"), Some(3), None));
    let edge = &found.edges[0];
    assert_eq!((edge.source.as_str(), edge.target.as_str(), edge.call_count), ("web", "shop", Some(3)));
    assert_eq!(edge.other["type"], "span");

    let range = "?from=1970-01-01T00%3A00%3A00.000000Z&to=1970-01-01T00%3A00%3A00.000000Z";
    let expected =
        [format!("traces/dependencies{range}"), "traces/services".to_owned(), format!("traces/stats{range}")];
    assert_eq!(paths(&transport), expected);
}

#[tokio::test]
async fn json_of_something_else_is_not_taken_for_numbers_of_traces() {
    let (client, _) = answered(|| Reply::json(r#"{"status":"ok"}"#));
    let error = client.trace_stats(StatsOptions::new()).await.unwrap_err();
    assert!(error.to_string().contains("missing field `total_traces`"), "{error}");
    let error = client.trace_dependencies(StatsOptions::new()).await.unwrap_err();
    assert!(matches!(error, QueryError::Undecodable(_)), "{error}");
    assert!(matches!(client.traces(TraceOptions::new()).await, Err(QueryError::Undecodable(_))));
    assert!(matches!(client.trace_by_id(ID).await, Err(QueryError::Undecodable(_))));
    assert!(matches!(client.trace_spans(ID).await, Err(QueryError::Undecodable(_))));
}
