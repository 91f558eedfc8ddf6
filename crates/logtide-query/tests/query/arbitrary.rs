//! Answers of any bytes.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use logtide_query::{
    AggregatedStatsOptions, ContextOptions, LogRecord, QueryClient, QueryOptions, SpanTree, StatsOptions,
    StoredSpan, TraceOptions, block_on,
};
use logtide_transport::{MemoryTransport, Reply};
use proptest::prelude::*;

use crate::setup::client;

const ID: &str = "8d7f0f1e-6c0a-4b7e-9d44-0c7c0d1f2a3b";

/// Makes every call; whatever comes of it, it comes without a panic and to an end.
fn call_everything(client: &QueryClient) {
    let epoch = std::time::SystemTime::UNIX_EPOCH;
    let _ = block_on(client.query(QueryOptions::new()));
    let _ = client.query_all_blocking(QueryOptions::new()).take(100).count();
    let _ = block_on(client.get_by_trace_id("t"));
    let _ = block_on(client.get_aggregated_stats(AggregatedStatsOptions::new(epoch, epoch)));
    let _ = block_on(client.top_services(1));
    let _ = block_on(client.top_errors(1));
    let _ = block_on(client.stats(StatsOptions::new()));
    let _ = block_on(client.log_by_id(ID));
    let _ = block_on(client.context(ContextOptions::new(epoch)));
    let _ = block_on(client.services());
    let _ = block_on(client.hostnames());
    let _ = block_on(client.traces(TraceOptions::new()));
    let _ = block_on(client.trace_by_id("t"));
    let _ = block_on(client.trace_spans("t")).map(SpanTree::new);
    let _ = block_on(client.trace_services());
    let _ = block_on(client.trace_stats(StatsOptions::new()));
    let _ = block_on(client.trace_dependencies(StatsOptions::new()));
    let _ = block_on(client.heartbeat(ID));
}

/// Fields of the server's objects, and some that are nearly so, each with a comma.
fn fields() -> impl Strategy<Value = String> {
    let field = prop::sample::select(vec![
        r#""id":"1""#,
        r#""time":"2026-11-22T09:58:34Z""#,
        r#""service":"s""#,
        r#""level":"info""#,
        r#""level":7"#,
        r#""message":"m""#,
        r#""metadata":{"a":[1]}"#,
        r#""metadata":[]"#,
        r#""traceId":{}"#,
        r#""time":"yesterday""#,
        r#""x":{"y":null}"#,
        r#""trace_id":"t","service_name":"s""#,
        r#""span_id":"1","operation_name":"o""#,
        r#""parent_span_id":"1""#,
        r#""start_time":"2026-11-22T09:58:34Z","end_time":"-262143-01-01T00:00:00Z""#,
        r#""start_time":"2026-11-22T09:58:34Z","end_time":"+262142-12-31T23:59:59Z""#,
        r#""duration_ms":-1"#,
        r#""duration_ms":0.25"#,
        r#""attributes":[1]"#,
        r#""events":[{"time":7},{}],"links":[null]"#,
        r#""nextCursor":"c""#,
        r#""hasMore":true"#,
        r#""total":-1"#,
        r#""error":[]"#,
        r#""details":[{"message":7}]"#,
        r#""details":{"a":{"_errors":["b"]}}"#,
        r#""code":"capability.x""#,
        r#""message":"é\u0000""#,
    ]);
    prop::collection::vec(field, 0..8)
        .prop_map(|fields| fields.into_iter().map(|field| format!("{field},")).collect())
}

/// Bytes, and JSON that is nearly right.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let name = prop_oneof![
        Just("logs"),
        Just("log"),
        Just("traces"),
        Just("spans"),
        Just("nodes"),
        Just("timeseries"),
        Just("services"),
        Just("before")
    ];
    let object = (name, fields(), fields()).prop_map(|(name, inner, outer)| {
        let inner = inner.trim_end_matches(',');
        let outer = outer.trim_end_matches(',');
        format!(r#"{{"{name}":[{{{inner}}}],"log":{{{inner}}},{outer}}}"#)
    });
    let near = (object, any::<prop::sample::Index>(), any::<bool>()).prop_map(|(text, end, cut)| {
        let end = if cut { end.index(text.len()) } else { text.len() };
        text.as_bytes()[..end].to_vec()
    });
    prop_oneof![prop::collection::vec(any::<u8>(), 0..200), near]
}

#[test]
fn no_answer_makes_a_call_panic_or_go_on_for_ever() {
    type Answer = (u16, &'static str, Vec<u8>);
    let answer: Arc<Mutex<Answer>> = Arc::default();
    let served = answer.clone();
    let transport = MemoryTransport::responding(move |_| {
        let (status, content_type, body) = served.lock().unwrap().clone();
        Reply::status(status).header("content-type", content_type).body(Bytes::from(body))
    });
    let client = client(&transport).timeout(std::time::Duration::from_millis(1));
    let statuses = prop::sample::select(vec![200, 200, 200, 204, 301, 400, 401, 403, 404, 429, 500]);
    let types = prop::sample::select(vec!["application/json", "text/html", "x"]);
    proptest!(ProptestConfig::with_cases(300), |(status in statuses, content_type in types, body in body())| {
        *answer.lock().unwrap() = (status, content_type, body);
        call_everything(&client);
    });
}

proptest! {
    #[test]
    fn a_record_that_can_be_read_can_be_written_and_read_again(text in body()) {
        if let Ok(record) = serde_json::from_slice::<LogRecord>(&text) {
            let again: LogRecord = serde_json::from_str(&serde_json::to_string(&record).unwrap()).unwrap();
            prop_assert_eq!(record, again);
        }
    }

    #[test]
    fn a_span_that_can_be_read_can_be_written_and_read_again(fields in fields()) {
        let text = format!(
            r#"{{"trace_id":"t","span_id":"1","service_name":"s","operation_name":"o","start_time":"2026-11-22T09:58:34Z",
                "end_time":"2026-11-22T09:58:35Z",{fields}"x":1}}"#
        );
        if let Ok(span) = serde_json::from_str::<StoredSpan>(&text) {
            let again: StoredSpan = serde_json::from_str(&serde_json::to_string(&span).unwrap()).unwrap();
            prop_assert_eq!(span, again);
        }
    }
}
