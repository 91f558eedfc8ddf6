//! Spans, and traces made of them.

use logtide_devserver::{Database, DevServer};
use serde_json::{Value, json};

use crate::client::{Client, DEADLINE};
use crate::otlp::{SPANS_TAKEN, TRACES, post, span, spans};
use crate::protobuf::{field, fixed64, number, pair};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

/// Returns nanoseconds since the epoch for milliseconds after 2025-11-22T09:00:00Z.
fn at(milliseconds: u64) -> String {
    ((1_763_802_000_000 + milliseconds) * 1_000_000).to_string()
}

/// Returns a span with times, a parent and a status.
fn timed(trace: &str, id: &str, parent: &str, name: &str, times: [u64; 2], status: i64) -> Value {
    json!({
        "traceId": trace, "spanId": id, "parentSpanId": parent, "name": name, "kind": 2,
        "startTimeUnixNano": at(times[0]), "endTimeUnixNano": at(times[1]), "status": {"code": status},
    })
}

/// Starts a server with two traces: one over three services, and one that failed and lacks its root.
fn sample() -> DevServer {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::new(&server);
    for (service, sent) in [
        ("db", timed("t1", "c", "b", "SELECT", [20, 40], 0)),
        ("cart", timed("t1", "b", "a", "POST /cart", [10, 50], 1)),
        ("cart", timed("t1", "d", "b", "check", [11, 12], 0)),
        ("web", timed("t1", "a", "0000000000000000", "GET /", [0, 100], 1)),
        ("job", timed("t2", "y", "x", "step", [1_000, 1_010], 2)),
    ] {
        assert_eq!(post(&mut client, TRACES, &spans(service, &[sent])).text, SPANS_TAKEN);
    }
    server
}

#[test]
fn json_and_protobuf_store_the_same_span() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::new(&server);
    let attributes = json!([{"key": "n", "value": {"intValue": "5"}}]);
    let text = json!({"resourceSpans": [{
        "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}]},
        "scopeSpans": [{"spans": [{
            "traceId": TRACE, "spanId": "b7ad6b7169203331", "parentSpanId": "b7ad6b7169203330",
            "name": "GET /", "kind": 2, "startTimeUnixNano": "1763802000000900000",
            "endTimeUnixNano": 1_763_802_000_002_800_000_u64, "attributes": attributes,
            "events": [{"timeUnixNano": "1763802000001000000", "name": "retry", "attributes": attributes}],
            "links": [{"traceId": "abcd", "spanId": "ef", "attributes": attributes}],
            "status": {"code": 2, "message": "timeout"},
        }]}],
    }]});
    let attribute = pair("n", &number(3, 5));
    let span = [
        field(1, 0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c_u128.to_be_bytes()),
        field(2, 0xb7ad_6b71_6920_3331_u64.to_be_bytes()),
        field(4, 0xb7ad_6b71_6920_3330_u64.to_be_bytes()),
        field(5, "GET /"),
        number(6, 2),
        fixed64(7, 1_763_802_000_000_900_000),
        fixed64(8, 1_763_802_000_002_800_000),
        field(9, &attribute),
        field(11, [fixed64(1, 1_763_802_000_001_000_000), field(2, "retry"), field(3, &attribute)].concat()),
        field(13, [field(1, [0xab, 0xcd]), field(2, [0xef]), field(4, &attribute)].concat()),
        field(15, [field(2, "timeout"), number(3, 2)].concat()),
    ]
    .concat();
    let resource = field(1, field(1, pair("service.name", &field(1, "shop"))));
    let proto = field(1, [resource, field(2, field(2, span))].concat());
    let expected = json!({
        "span_id": "b7ad6b7169203331", "trace_id": TRACE, "parent_span_id": "b7ad6b7169203330",
        "service_name": "shop", "operation_name": "GET /",
        "start_time": "2025-11-22T09:00:00.000Z", "end_time": "2025-11-22T09:00:00.002Z", "duration_ms": 1,
        "kind": "SERVER", "status_code": "ERROR", "status_message": "timeout", "attributes": {"n": 5},
        "events": [{"name": "retry", "time": "2025-11-22T09:00:00.001Z", "attributes": {"n": 5}}],
        "links": [{"trace_id": "abcd", "span_id": "ef", "attributes": {"n": 5}}],
        "resource_attributes": {"service.name": "shop"},
    });
    for (kind, body) in
        [("application/json", text.to_string().into_bytes()), ("application/x-protobuf", proto)]
    {
        server.reset();
        let answer = client.request("POST", TRACES, &[("Content-Type", kind)], &body).expect("an answer");
        assert_eq!((answer.status, answer.text.as_str()), (200, SPANS_TAKEN));
        let read = client.get(&format!("/api/v1/traces/{TRACE}/spans"));
        assert_eq!(read.json(), json!({"spans": [expected]}), "{kind}");
        let stored = &server.stored_spans()[0];
        assert_eq!((stored.service.as_str(), stored.operation.as_str(), stored.sent), ("shop", "GET /", 1));
        assert_eq!(stored.attributes, json!({"n": 5}));
    }
}

#[test]
fn a_span_sent_again_is_stored_once_and_counted_twice() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::new(&server);
    let body = spans("probe", &[span("b7ad6b7169203331", "work"), span("b7ad6b7169203332", "work")]);
    for _ in 0..2 {
        assert_eq!(post(&mut client, TRACES, &body).text, SPANS_TAKEN);
    }
    assert!(server.wait_for_stored_spans(2, DEADLINE));
    assert_eq!((server.stored_span_count(), server.stored_spans()[0].sent), (2, 2));
    assert_eq!(client.get(&format!("/api/v1/traces/{TRACE}")).json()["span_count"], 4);
    let read = client.get(&format!("/api/v1/traces/{TRACE}/spans")).json();
    assert_eq!(read["spans"].as_array().map(Vec::len), Some(2));
}

#[test]
fn kinds_and_statuses_are_numbers() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::new(&server);
    let kinds = [
        (json!(0), None),
        (json!(1), Some("INTERNAL")),
        (json!(2), Some("SERVER")),
        (json!(3), Some("CLIENT")),
        (json!(4), Some("PRODUCER")),
        (json!(5), Some("CONSUMER")),
        (json!(6), None),
        (json!(-1), None),
        (json!("SPAN_KIND_SERVER"), None),
    ];
    let statuses = [
        (json!(null), None),
        (json!({"code": 0}), None),
        (json!({"code": 1}), Some("OK")),
        (json!({"code": 2}), Some("ERROR")),
        (json!({"code": "STATUS_CODE_ERROR"}), None),
    ];
    for (kind, expected_kind) in &kinds {
        for (status, expected_status) in &statuses {
            server.reset();
            let mut sent = span("b7ad6b7169203331", "work");
            sent["kind"] = kind.clone();
            sent["status"] = status.clone();
            post(&mut client, TRACES, &spans("probe", &[sent]));
            let stored = &server.stored_spans()[0];
            let found = (stored.kind.as_deref(), stored.status_code.as_deref());
            assert_eq!(found, (*expected_kind, *expected_status), "{kind} {status}");
        }
    }
}

#[test]
fn lengths_of_ids_are_not_checked_and_a_span_without_one_is_left_out() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::new(&server);
    let sent = [
        json!({"traceId": "abc", "spanId": "1"}),
        json!({"traceId": "abc"}),
        json!({"spanId": "1"}),
        json!({"traceId": "00000000000000000000000000000000", "spanId": "1"}),
    ];
    assert_eq!(post(&mut client, TRACES, &spans("probe", &sent)).text, SPANS_TAKEN);
    let stored = server.stored_spans();
    assert_eq!(stored.len(), 1);
    assert_eq!((stored[0].trace_id.as_str(), stored[0].span_id.as_str()), ("abc", "1"));
    assert_eq!((stored[0].start, stored[0].duration_ms), (stored[0].end, 0));
}

#[test]
fn a_trace_is_shown_with_its_root() {
    let server = sample();
    let mut client = Client::new(&server);
    let whole = json!({
        "trace_id": "t1", "service_name": "web", "root_service_name": "web", "root_operation_name": "GET /",
        "start_time": "2025-11-22T09:00:00.000Z", "end_time": "2025-11-22T09:00:00.100Z",
        "duration_ms": 100, "span_count": 4, "error": false,
    });
    let part = json!({
        "trace_id": "t2", "service_name": "job", "root_service_name": null, "root_operation_name": null,
        "start_time": "2025-11-22T09:00:01.000Z", "end_time": "2025-11-22T09:00:01.010Z",
        "duration_ms": 10, "span_count": 1, "error": true,
    });
    assert_eq!(client.get("/api/v1/traces/t1").json(), whole);
    assert_eq!(client.get("/api/v1/traces").json(), json!({"traces": [part, whole], "total": 2}));
    let missing = client.get("/api/v1/traces/t3");
    assert_eq!((missing.status, missing.text.as_str()), (404, r#"{"error":"Trace not found"}"#));
    assert_eq!(client.get("/api/v1/traces/t3/spans").json(), json!({"spans": []}));
    let read = client.get("/api/v1/traces/t1/spans").json();
    let ids: Vec<_> = read["spans"].as_array().expect("spans").iter().map(|span| &span["span_id"]).collect();
    assert_eq!(ids, ["a", "b", "d", "c"], "by their start");
    assert_eq!(read["spans"][0]["parent_span_id"], Value::Null, "zeros are no parent");
}

#[test]
fn traces_are_filtered() {
    let server = sample();
    let mut client = Client::new(&server);
    for (query, expected) in [
        ("service=web", &["t1"][..]),
        ("service=web,job", &["t2", "t1"]),
        ("service=nobody", &[]),
        ("error=true", &["t2"]),
        ("error=false", &["t1"]),
        ("from=2025-11-22T09:00:00.500Z", &["t2"]),
        ("to=2025-11-22T09:00:00.500Z", &["t1"]),
        ("minDurationMs=11", &["t1"]),
        ("maxDurationMs=10", &["t2"]),
        ("minDurationMs=10&maxDurationMs=100", &["t2", "t1"]),
        ("limit=1", &["t2"]),
        ("limit=1&offset=1", &["t1"]),
    ] {
        let answer = client.get(&format!("/api/v1/traces?{query}")).json();
        let traces = answer["traces"].as_array().expect("traces");
        let ids: Vec<_> = traces.iter().map(|trace| &trace["trace_id"]).collect();
        assert_eq!(ids, expected, "{query}");
        let total = if query.starts_with("limit") { 2 } else { expected.len() };
        assert_eq!(answer["total"], total, "{query}");
    }
    for query in ["limit=101", "limit=0", "error=perhaps", "from=yesterday", "minDurationMs=-1"] {
        assert_eq!(client.get(&format!("/api/v1/traces?{query}")).status, 400, "{query}");
    }
}

#[test]
fn traces_are_summed_up() {
    let server = sample();
    let mut client = Client::new(&server);
    let services = client.get("/api/v1/traces/services").json();
    assert_eq!(services, json!({"services": ["cart", "db", "job", "web"]}));
    assert_eq!(
        client.get("/api/v1/traces/stats").json(),
        json!({
            "total_traces": 2, "total_spans": 5, "avg_duration_ms": 55.0, "max_duration_ms": 100,
            "error_count": 1, "error_rate": 0.5,
        })
    );
    let node = |name: &str, count: u64| json!({"id": name, "name": name, "callCount": count});
    assert_eq!(
        client.get("/api/v1/traces/dependencies").json(),
        json!({
            "nodes": [node("cart", 2), node("db", 1), node("job", 1), node("web", 1)],
            "edges": [
                {"source": "cart", "target": "db", "callCount": 1},
                {"source": "web", "target": "cart", "callCount": 1},
            ],
        })
    );
    let from = "from=2030-01-01T00:00:00Z";
    assert_eq!(
        client.get(&format!("/api/v1/traces/stats?{from}")).json(),
        json!({
            "total_traces": 0, "total_spans": 0, "avg_duration_ms": 0.0, "max_duration_ms": 0,
            "error_count": 0, "error_rate": 0.0,
        })
    );
    assert_eq!(client.get(&format!("/api/v1/traces/services?{from}")).json(), json!({"services": []}));
    let none = client.get(&format!("/api/v1/traces/dependencies?{from}")).json();
    assert_eq!(none, json!({"nodes": [], "edges": []}));
}

#[test]
fn a_key_that_only_sends_reads_no_traces() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::with_key(server.address(), Some(server.write_key()));
    for path in ["", "/t1", "/t1/spans", "/services", "/stats", "/dependencies"] {
        assert_eq!(client.get(&format!("/api/v1/traces{path}")).status, 403, "{path}");
    }
}

#[test]
fn a_file_keeps_its_spans_until_a_reset() {
    let folder = std::env::temp_dir().join(format!("logtide-devserver-spans-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let file = folder.join("spans.db");
    let start = || DevServer::builder().database(Database::File(file.clone())).start().expect("it starts");
    let server = start();
    post(&mut Client::new(&server), TRACES, &spans("probe", &[span("b7ad6b7169203331", "work")]));
    server.shutdown();
    let server = start();
    assert_eq!((server.stored_span_count(), server.stored_spans().len()), (1, 1));
    let mut control = Client::with_key(server.address(), None);
    let stored = control.get("/_dev/spans").json();
    assert_eq!((&stored["count"], &stored["spans"][0]["operation"]), (&json!(1), &json!("work")));
    server.reset();
    assert_eq!((server.stored_span_count(), server.stored_spans().len()), (0, 0));
    assert_eq!(Client::new(&server).get("/api/v1/traces").json()["total"], 0);
    drop(server);
    std::fs::remove_dir_all(&folder).expect("the folder can be removed");
}
