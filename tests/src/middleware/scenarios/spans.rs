//! Events and spans of `tracing` in a handler, see [`App::trace`](super::App::trace).

use logtide_core::{SpanId, TraceId};
use logtide_middleware::Options;
use serde_json::{Value, json};

use super::{SPAN, Serve, Site, TRACE, parent};

/// The messages logged inside the span, in order.
const INSIDE: [&str; 7] = ["user 42 orders", "trace", "debug", "warn", "error", "critical", "call"];

/// Returns the entries of one request with these headers.
fn logged(serve: Serve, headers: &[(&str, &str)]) -> Vec<Value> {
    let site = Site::new(serve, Options::new());
    assert_eq!(site.get("/traced", headers).map(|answer| answer.body.contains("traced")), Some(true));
    site.finish(INSIDE.len() + 4)
}

/// Entries logged inside a span of the handler have the span's id, before and after it waits, as an event and through the client.
/// Before and after the span, they have the request's id. The trace is the same everywhere.
pub fn correlates_what_is_logged_inside_a_span(serve: Serve) {
    let parent = parent();
    let brought = logged(serve, &[("traceparent", &parent)]);
    assert_eq!((&brought[0]["trace_id"], &brought[0]["span_id"]), (&json!(TRACE), &json!(SPAN)));
    for entries in [brought, logged(serve, &[])] {
        let (trace, request) = (&entries[0]["trace_id"], &entries[0]["span_id"]);
        assert!(trace.as_str().is_some_and(|id| id.parse::<TraceId>().is_ok()), "{trace}");
        assert!(entries.iter().all(|entry| entry["trace_id"] == *trace), "{entries:#?}");
        let span = &entries[1]["span_id"];
        assert!(span.as_str().is_some_and(|id| id.parse::<SpanId>().is_ok()) && span != request, "{span}");
        for entry in &entries {
            let is_inside = INSIDE.iter().any(|message| entry["message"] == *message);
            assert_eq!(&entry["span_id"], if is_inside { span } else { request }, "{entry}");
        }
    }
}

/// Events of the handler are entries with their level, their target, and the typed fields of the event and of its span, if they
/// reach the level of their target.
pub fn brings_events_with_their_fields(serve: Serve) {
    let entries = logged(serve, &[]);
    let [_, inside @ .., event, _, _] = &entries[..] else { panic!("{entries:#?}") };
    let levels: Vec<_> = inside.iter().map(|entry| (&entry["message"], &entry["level"])).collect();
    let expected = ["info", "debug", "debug", "warn", "error", "critical", "info"].map(|level| json!(level));
    let messages = INSIDE.map(|message| json!(message));
    assert_eq!(levels, messages.iter().zip(&expected).collect::<Vec<_>>());

    let (first, call) = (&inside[0]["metadata"], &inside[INSIDE.len() - 1]["metadata"]);
    for (key, value) in [
        ("user_id", json!(42)),
        ("ratio", json!(0.5)),
        ("paid", json!(false)),
        ("order_id", json!(7)),
        ("spans", json!(["order"])),
        ("logger", json!("orders")),
    ] {
        assert_eq!(first[key], value, "{key}");
        assert_eq!((call.get(key), event["metadata"].get("spans")), (None, None), "{key}");
    }
    assert_eq!((&event["message"], &event["level"]), (&json!("event after the span"), &json!("info")));
    assert_eq!(event["metadata"]["tags"]["http.method"], "GET", "events have the scope of the request");
}
