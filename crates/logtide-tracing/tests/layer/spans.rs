//! Fields and names of spans.

use logtide_tracing::SpanFields;
use serde_json::json;
use tracing::{field::Empty, info, info_span, subscriber::with_default};
use tracing_subscriber::prelude::*;

use crate::setup::{Memory, sent, sent_by_default};

fn nested() {
    let _request = info_span!("request", method = "GET", id = 1, depth = "outer").entered();
    let _query = info_span!("query", table = "users", depth = "inner", rows = Empty).entered();
    info!(id = 2, "found");
    tracing::Span::current().record("rows", 7);
    tracing::Span::current().record("table", "orders");
    info!("found");
}

#[test]
fn fields_of_all_spans_are_there_and_the_nearest_wins() {
    let entries = sent_by_default(|| {
        nested();
        info!("outside");
    });
    assert_eq!(
        entries[0]["metadata"],
        json!({"id": 2, "method": "GET", "table": "users", "depth": "inner", "spans": ["request", "query"]})
    );
    assert_eq!(
        entries[1]["metadata"],
        json!({
            "id": 1, "method": "GET", "table": "orders", "depth": "inner", "rows": 7, "spans": ["request", "query"]
        })
    );
    assert_eq!(entries[2]["metadata"], json!({}));
}

#[test]
fn spans_nest_under_their_names_or_are_left_out() {
    let entries = sent(|layer| layer.span_fields(SpanFields::Nest).span_names(false), nested);
    assert_eq!(
        entries[1]["metadata"],
        json!({
            "request": {"method": "GET", "id": 1, "depth": "outer"},
            "query": {"table": "orders", "depth": "inner", "rows": 7},
        })
    );
    let entries = sent(|layer| layer.span_fields(SpanFields::Omit), nested);
    assert_eq!(entries[0]["metadata"], json!({"id": 2, "spans": ["request", "query"]}));
}

#[test]
fn an_events_own_parent_counts_and_not_the_current_span() {
    let entries = sent_by_default(|| {
        let other = info_span!("other", a = 1);
        let _current = info_span!("current", b = 2).entered();
        info!(parent: &other, "m");
        let child = info_span!(parent: &other, "child", c = 3);
        child.in_scope(|| info!("m"));
        info_span!(parent: None, "root", d = 4).in_scope(|| info!("m"));
    });
    let metadata: Vec<_> = entries.iter().map(|entry| &entry["metadata"]).collect();
    assert_eq!(
        metadata,
        [
            &json!({"a": 1, "spans": ["other"]}),
            &json!({"a": 1, "c": 3, "spans": ["other", "child"]}),
            &json!({"d": 4, "spans": ["root"]}),
        ]
    );
    let traces: Vec<_> = entries.iter().map(|entry| entry["trace_id"].as_str().expect("a text")).collect();
    assert_eq!(traces[0], traces[1]);
    assert_ne!(traces[0], traces[2]);
}

#[test]
fn service_and_session_of_a_span_hold_for_all_in_it() {
    let session = "123e4567-e89b-42d3-a456-426614174000";
    let entries = sent_by_default(|| {
        let _request =
            info_span!("request", logtide.service = "billing", logtide.session_id = session).entered();
        info!("m");
        let _inner = info_span!("inner", message = "of the span").entered();
        info!("m");
        let _other = info_span!("other", logtide.service = "mail").entered();
        info!("m");
        info!(logtide.service = "event's", "m");
    });
    let services: Vec<_> = entries.iter().map(|entry| &entry["service"]).collect();
    assert_eq!(services, ["billing", "billing", "mail", "event's"]);
    assert!(entries.iter().all(|entry| entry["session_id"] == session));
    assert_eq!(
        entries[2]["metadata"],
        json!({"message": "of the span", "spans": ["request", "inner", "other"]})
    );
}

#[test]
fn what_is_recorded_late_holds_for_later_events() {
    let session = "123e4567-e89b-42d3-a456-426614174000";
    let entries = sent_by_default(|| {
        let span = info_span!(
            "request",
            logtide.service = Empty,
            logtide.session_id = Empty,
            logtide.trace_id = Empty
        );
        span.record("logtide.trace_id", "late");
        let _span = span.clone().entered();
        let _inner = info_span!("inner").entered();
        info!("m");
        span.record("logtide.service", "billing").record("logtide.session_id", session);
        info!("m");
        span.record("logtide.trace_id", "too late").record("logtide.service", "two words");
        span.record("logtide.trace_id", "too-late");
        info!("m");
    });
    let services: Vec<_> = entries.iter().map(|entry| &entry["service"]).collect();
    assert_eq!(services, ["svc", "billing", "billing"]);
    assert!(
        entries.iter().all(|entry| entry["trace_id"] == "late" && entry["span_id"] == entries[0]["span_id"])
    );
    assert_eq!((entries[0].get("session_id"), &entries[1]["session_id"]), (None, &json!(session)));
    let spans = json!(["request", "inner"]);
    assert_eq!(entries[0]["metadata"], json!({"spans": spans}));
    assert_eq!(entries[1]["metadata"], json!({"spans": spans}));
    assert_eq!(
        entries[2]["metadata"],
        json!({"spans": spans, "logtide.trace_id": "too late", "logtide.service": "two words"}),
        "only what is no id and no name"
    );
}

#[test]
fn an_argument_that_is_called_service_is_not_the_service() {
    #[derive(Debug)]
    #[expect(dead_code, reason = "it is formatted")]
    struct Config {
        port: u16,
    }
    #[tracing::instrument]
    fn serve(service: &Config, trace_id: Option<u32>, session_id: &str) {
        info!("m");
    }
    // Only an argument can have such a value by accident, and a prefix of it cannot.
    let entries = sent(|layer| layer.override_prefix(""), || serve(&Config { port: 80 }, Some(7), "any one"));
    assert_eq!((&entries[0]["service"], entries[0].get("session_id")), (&json!("svc"), None));
    assert_eq!(entries[0]["trace_id"].as_str().map(str::len), Some(32));
    assert_eq!(
        entries[0]["metadata"],
        json!({
            "service": "Config { port: 80 }", "trace_id": "Some(7)", "session_id": "any one", "spans": ["serve"]
        })
    );
}

#[test]
fn a_span_is_never_critical_and_keeps_the_field() {
    let entries = sent_by_default(|| info_span!("span", logtide.critical = true).in_scope(|| info!("m")));
    assert_eq!(
        (&entries[0]["level"], &entries[0]["metadata"]),
        (&json!("info"), &json!({"logtide.critical": true, "spans": ["span"]}))
    );
}

#[test]
fn a_span_that_takes_the_place_of_a_closed_one_has_nothing_of_it() {
    let memory = Memory::new();
    with_default(tracing_subscriber::registry().with(memory.layer()), || {
        for round in 0..1_000 {
            let name = if round % 2 == 0 {
                info_span!("even", even = round)
            } else {
                info_span!("odd", odd = round)
            };
            name.in_scope(|| info!("m"));
        }
    });
    let entries = memory.entries();
    let mut spans = std::collections::BTreeSet::new();
    for (round, entry) in entries.iter().enumerate() {
        let name = if round % 2 == 0 { "even" } else { "odd" };
        assert_eq!(entry["metadata"], json!({(name): round, "spans": [name]}));
        assert!(spans.insert(entry["span_id"].as_str().expect("a text")), "ids are not used again");
    }
}
