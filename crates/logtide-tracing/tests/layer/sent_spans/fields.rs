//! Names, kinds, attributes, status and links.

use serde_json::json;
use tracing::{error, field::Empty, info, info_span};

use super::{named, run, spans};
use crate::setup::Memory;

const SESSION: &str = "123e4567-e89b-42d3-a456-426614174000";

#[test]
fn a_span_is_sent_with_its_fields_also_those_that_are_recorded_late() {
    let spans = spans(|| {
        let span = info_span!("load", user = 7, cached = false, ratio = 0.5, rows = Empty, unset = Empty);
        span.in_scope(|| info!("inside"));
        span.record("rows", 3).record("user", 8);
    });
    let span = named(&spans, "load");
    assert_eq!((span.service.as_str(), span.kind, span.parent.as_str()), ("svc", 1, ""));
    assert_eq!((span.trace_id.len(), span.span_id.len(), span.status.0), (32, 16, 0));
    let keys = ["user", "cached", "ratio", "rows"].map(|key| span.attributes[key].clone());
    assert_eq!(keys, [json!(8), json!(false), json!(0.5), json!(3)]);
    assert!(!span.attributes.contains_key("unset") && span.events.is_empty());
    assert!(span.start > 0 && span.start <= span.end);
    assert!(span.attributes.values().any(|value| value == module_path!()), "{:#?}", span.attributes);
}

#[test]
fn spans_are_not_sent_unless_that_is_asked_for() {
    let memory = run(|layer| layer.spans(false), |_| info_span!("load").in_scope(|| info!("inside")));
    assert_eq!((memory.spans().len(), memory.entries().len()), (0, 1));
    let memory = Memory::new();
    assert_eq!(memory.client.metrics().spans.ended, 0);
}

#[test]
fn what_opentelemetry_calls_a_span_goes_before_what_the_program_calls_it() {
    let spans = spans(|| {
        info_span!(
            "request",
            otel.name = "GET /users",
            otel.kind = "server",
            otel.status_code = "OK",
            id = 1
        );
        let late = info_span!(
            "call",
            otel.name = Empty,
            otel.kind = "Client",
            otel.status_code = Empty,
            otel.status_description = Empty
        );
        late.record("otel.name", "GET /late").record("otel.status_code", "error");
        late.record("otel.status_description", "refused");
        info_span!("send", otel.kind = ?"x", otel.status_message = "lost").in_scope(|| error!("another"));
        info_span!("put", otel.kind = "PRODUCER", otel.name = "");
        info_span!("take", otel.kind = "consumer", otel.status_code = "unset");
    });
    let request = named(&spans, "GET /users");
    assert_eq!((request.kind, request.status.0, &request.attributes["id"]), (2, 1, &json!(1)));
    let late = named(&spans, "GET /late");
    assert_eq!((late.kind, late.status.clone()), (3, (2, "refused".to_owned())));
    let send = named(&spans, "send");
    assert_eq!((send.kind, send.status.clone()), (1, (2, "lost".to_owned())));
    assert_eq!((named(&spans, "put").kind, named(&spans, "take").kind), (4, 5));
    assert!(spans.iter().all(|span| span.attributes.keys().all(|key| !key.starts_with("otel."))));
}

#[test]
fn entries_keep_the_fields_that_say_what_their_span_is() {
    let memory =
        run(|layer| layer, |_| info_span!("call", otel.kind = "client").in_scope(|| info!("inside")));
    assert_eq!(memory.entries()[0]["metadata"]["otel.kind"], "client");
}

#[test]
fn service_and_session_are_those_of_the_entries_inside() {
    let memory = run(
        |layer| layer.service("api"),
        |_| {
            let outer = info_span!("outer", logtide.service = Empty, logtide.session_id = SESSION).entered();
            info_span!("inner").in_scope(|| info!("inside"));
            outer.record("logtide.service", "billing");
            info_span!("late").in_scope(|| info!("inside"));
            drop(outer);
            info_span!("beside");
        },
    );
    let spans = memory.spans();
    let of = |name| named(&spans, name).service.clone();
    assert_eq!(["outer", "inner", "late", "beside"].map(of), ["billing", "api", "billing", "api"]);
    let inner = named(&spans, "inner");
    assert_eq!(inner.attributes["session.id"], SESSION);
    assert_eq!(named(&spans, "beside").attributes.get("session.id"), None);
    assert!(!named(&spans, "outer").attributes.contains_key("logtide.service"));
}

#[test]
fn without_places_a_span_still_says_which_target_it_has() {
    let memory = run(|layer| layer.location(false), |_| drop(info_span!(target: "app::db", "query")));
    let spans = memory.spans();
    let attributes = &named(&spans, "query").attributes;
    assert!(attributes.values().any(|value| value == "app::db"), "{attributes:#?}");
    assert!(attributes.values().all(|value| value != file!()), "{attributes:#?}");
}

#[test]
fn spans_that_one_follows_from_are_links() {
    let spans = spans(|| {
        let first = info_span!("first");
        let second = info_span!("second");
        let third = info_span!("third");
        third.follows_from(&first).follows_from(&second);
        drop((first, second));
    });
    let ids = |name| {
        let span = named(&spans, name);
        (span.trace_id.clone(), span.span_id.clone())
    };
    assert_eq!(named(&spans, "third").links, [ids("first"), ids("second")]);
    assert!(named(&spans, "first").links.is_empty());
}

#[test]
fn a_value_that_panics_costs_itself_alone() {
    struct Panics;
    impl std::fmt::Debug for Panics {
        fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            panic!("expected in this test")
        }
    }
    let memory = run(
        |layer| layer.span_events(logtide_tracing::SpanEvents::Both),
        |_| {
            let span = info_span!("work", bad = ?Panics).entered();
            error!(bad = ?Panics, "{Panics:?}");
            info!("after");
            drop(span);
            info_span!("next");
        },
    );
    let spans = memory.spans();
    let span = named(&spans, "work");
    assert_eq!((span.events.len(), span.status.0), (2, 2));
    assert_eq!((span.events[1].0.as_str(), named(&spans, "next").parent.as_str()), ("after", ""));
}
