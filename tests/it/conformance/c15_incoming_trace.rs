//! The trace of an incoming request.

use std::collections::BTreeSet;

use http::{HeaderMap, HeaderValue};
use logtide_client::{Client, InScope};
use logtide_core::{Scope, SpanId, TraceContext, TraceId, TraceParent};
use logtide_tests::{
    entries,
    setup::{TIMEOUT, memory_client, options},
};
use logtide_transport::MemoryTransport;
use serde_json::Value;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN: &str = "00f067aa0ba902b7";

/// Serves a request with these headers, in two steps with an await in between, and returns its entries.
fn serve(traceparent: Option<&str>, x_trace_id: Option<&str>) -> Vec<Value> {
    let transport = MemoryTransport::new();
    let client = memory_client(&transport, options("http://localhost"));
    futures::executor::block_on(request(&client, traceparent, x_trace_id));
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    transport.requests().iter().flat_map(|request| entries::of_body(&request.body)).collect()
}

async fn request(client: &Client, traceparent: Option<&str>, x_trace_id: Option<&str>) {
    let trace = client.incoming_trace(traceparent, x_trace_id);
    let scope = Scope::new().with(|scope| scope.set_trace_context(&trace));
    let handler = async {
        client.info("svc", "request received", ());
        tokio::task::yield_now().await;
        client.info("svc", "response sent", ());
    };
    handler.with_scope(scope).await;
}

fn header(version: &str, flags: &str) -> String {
    format!("{version}-{TRACE}-{SPAN}-{flags}")
}

#[test]
fn c15_every_entry_of_a_request_has_the_trace_of_its_traceparent() {
    let header = header("00", "01");
    for x_trace_id in [None, Some("legacy-123")] {
        let entries = serve(Some(&header), x_trace_id);
        assert_eq!(entries.len(), 2);
        for entry in entries {
            assert_eq!((entry["trace_id"].as_str(), entry["span_id"].as_str()), (Some(TRACE), Some(SPAN)));
            assert_eq!(entry["metadata"].get("trace_id"), None);
        }
    }
}

#[test]
fn c15_x_trace_id_is_the_second_choice() {
    for traceparent in [None, Some("garbage")] {
        for entry in serve(traceparent, Some("legacy-123")) {
            assert_eq!((entry["trace_id"].as_str(), entry.get("span_id")), (Some("legacy-123"), None));
        }
    }
}

#[test]
fn c15_a_header_that_is_there_twice_counts_as_absent() {
    let client = memory_client(&MemoryTransport::new(), options("http://localhost"));
    let trace = |headers: &[(&'static str, &[u8])]| {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_bytes(value).expect("it may stand in a header"));
        }
        client.extract_trace(&map)
    };
    let (parent, legacy): (_, &[u8]) = (header("00", "01"), b"legacy-123");
    let once = trace(&[("traceparent", parent.as_bytes()), ("x-trace-id", legacy)]);
    assert_eq!((once.trace_id.as_str(), once.span_id.map(String::from).as_deref()), (TRACE, Some(SPAN)));
    for second in [parent.as_bytes(), b"garbage", b"", b"\xff\xfe"] {
        let twice = [("traceparent", parent.as_bytes()), ("traceparent", second)];
        let found = trace(&twice);
        assert!(found.trace_id != TRACE && found.span_id.is_none(), "{found:?}");
        assert!(found.trace_id.parse::<TraceId>().is_ok(), "{found:?}");
        assert_eq!(trace(&[twice[0], twice[1], ("x-trace-id", legacy)]).trace_id, "legacy-123");
        assert_ne!(trace(&[("x-trace-id", legacy), ("x-trace-id", second)]).trace_id, "legacy-123");
    }
}

#[test]
fn c15_a_request_without_a_trace_gets_one_of_its_own() {
    let mut seen = BTreeSet::new();
    for _ in 0..20 {
        let ids: BTreeSet<String> = serve(None, None)
            .iter()
            .filter_map(|entry| Some(entry["trace_id"].as_str()?.to_owned()))
            .collect();
        assert_eq!(ids.len(), 1, "the entries of one request have one trace");
        assert!(ids.iter().all(|id| id.parse::<TraceId>().is_ok()), "{ids:?}");
        seen.extend(ids);
    }
    assert_eq!(seen.len(), 20, "each request has a trace of its own");
}

#[test]
fn c15_a_traceparent_is_read_strictly() {
    let padded = format!("  {}\t", header("00", "01"));
    let accepted = [
        ("00", "01", true),
        ("00", "00", false),
        ("00", "03", true),
        ("01", "01", true),
        ("cc", "00", false),
    ];
    for (text, sampled) in accepted
        .map(|(version, flags, sampled)| (header(version, flags), sampled))
        .into_iter()
        .chain([(padded, true), (format!("{}-later", header("01", "01")), true)])
    {
        let parent: TraceParent = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!((parent.trace_id.to_string(), parent.span_id.to_string()), (TRACE.into(), SPAN.into()));
        assert_eq!(parent.sampled, sampled, "{text}");
    }
    for text in [
        String::new(),
        "garbage".into(),
        "invalid-header".into(),
        "00-abc-def-01".into(),
        format!("00-short-{SPAN}-01"),
        format!("00-{TRACE}-{SPAN}"),
        format!("00-{}-{SPAN}-01", "0".repeat(32)),
        format!("00-{TRACE}-{}-01", "0".repeat(16)),
        header("ff", "01"),
        header("00", "01").to_uppercase(),
        format!("00-{}-{SPAN}-01", "g".repeat(32)),
        format!("00-{}-{SPAN}-01", "z".repeat(32)),
        format!("00-{TRACE}-{}-01", "G".repeat(16)),
        format!("{}-more", header("00", "01")),
        format!("{}more", header("01", "01")),
    ] {
        assert!(text.parse::<TraceParent>().is_err(), "{text}");
        assert_eq!(TraceContext::from_headers(Some(&text), None), None, "{text}");
    }
}

#[test]
fn c15_generated_ids_are_never_zero() {
    for random in 0..20 {
        let (trace, span) =
            (TraceId::from_random(random).to_string(), SpanId::from_random(random as u64).to_string());
        assert_eq!((trace.len(), span.len()), (32, 16));
        assert!((trace.clone() + &span).bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')));
        assert!(trace.contains(|digit| digit != '0') && span.contains(|digit| digit != '0'));
    }
}
