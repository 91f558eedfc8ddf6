//! What becomes of events in spans.

use std::{cell::Cell, fmt};

use logtide_tracing::SpanEvents;
use serde_json::json;
use tracing::{
    Span, error,
    field::{Empty, debug},
    info, info_span, warn,
};

use super::{named, run};

fn work() {
    info!("outside");
    let span = info_span!("work").entered();
    info!(attempt = 1, "started");
    info_span!("inner").in_scope(|| warn!(target: "app::db", "slow"));
    info!(parent: None, "in none");
    drop(span);
    let other = info_span!("other");
    info!(parent: &other, "named");
}

#[test]
fn events_are_entries_or_events_of_their_span_or_both() {
    let all = ["outside", "started", "slow", "in none", "named"];
    for (mode, entries, are_events) in [
        (SpanEvents::LogEntries, &all[..], false),
        (SpanEvents::SpanEvents, &["outside", "in none"][..], true),
        (SpanEvents::Both, &all[..], true),
    ] {
        let memory = run(|layer| layer.span_events(mode), |_| work());
        let messages: Vec<_> = memory.entries().iter().map(|entry| entry["message"].clone()).collect();
        assert_eq!(messages, entries, "{mode:?}");
        let spans = memory.spans();
        let events = |name| named(&spans, name).events.iter().map(|event| &*event.0).collect::<Vec<_>>();
        let expected =
            if are_events { [vec!["started"], vec!["slow"], vec!["named"]] } else { Default::default() };
        assert_eq!(["work", "inner", "other"].map(events), expected, "{mode:?}");
        assert!(spans.iter().all(|span| span.status.0 == 0));
    }
}

#[test]
fn an_event_of_a_span_has_its_fields_its_level_and_its_target() {
    let memory = run(
        |layer| layer.span_events(SpanEvents::SpanEvents),
        |_| {
            let _span = info_span!("work").entered();
            warn!(target: "app::db", rows = 3, service = "db", trace_id = "own", "slow");
            info!(rows = 4);
            info!("{}", "long ".repeat(1_000));
        },
    );
    let spans = memory.spans();
    let events = &named(&spans, "work").events;
    let (name, attributes) = &events[0];
    assert_eq!(name, "slow");
    let expected =
        json!({"rows": 3, "service": "db", "trace_id": "own", "level": "WARN", "target": "app::db"});
    assert_eq!(json!(attributes), expected);
    assert!(events[1].0.starts_with("event "), "an event without a message has a name");
    assert_eq!((events[2].0.len(), events[2].1["message"].as_str().map(str::len)), (1_024, Some(5_000)));
}

#[test]
fn an_error_says_that_its_span_failed_unless_the_span_says_something_else() {
    for mode in [SpanEvents::LogEntries, SpanEvents::SpanEvents, SpanEvents::Both] {
        let memory = run(
            |layer| layer.span_events(mode),
            |_| {
                let outer = info_span!("outer").entered();
                info_span!("failed").in_scope(|| {
                    error!("first");
                    error!("second");
                });
                info_span!("handled", otel.status_code = "OK").in_scope(|| error!("retried"));
                let error = "x".parse::<u16>().expect_err("no number");
                let error: &(dyn std::error::Error + 'static) = &error;
                info_span!("with an error").in_scope(|| error!(error));
                info_span!("with both").in_scope(|| error!(error, "not read"));
                info_span!("warned").in_scope(|| warn!("slow"));
                drop(outer);
            },
        );
        let spans = memory.spans();
        let status = |name| named(&spans, name).status.clone();
        assert_eq!(status("failed"), (2, "first".to_owned()), "{mode:?}");
        assert_eq!(status("with an error"), (2, "invalid digit found in string".to_owned()), "{mode:?}");
        assert_eq!(status("with both"), (2, "not read".to_owned()), "{mode:?}");
        assert_eq!((status("handled").0, status("warned").0, status("outer").0), (1, 0, 0), "{mode:?}");
        if mode != SpanEvents::LogEntries {
            let (name, attributes) = &named(&spans, "with both").events[0];
            assert_eq!((name.as_str(), &attributes["message"]), ("exception", &json!("not read")));
            assert_eq!(attributes["exception.message"], "invalid digit found in string");
        }
    }
}

#[test]
fn a_span_keeps_as_many_events_as_it_has_room_for_and_counts_the_rest() {
    let memory = run(
        |layer| layer.span_events(SpanEvents::SpanEvents),
        |_| info_span!("work").in_scope(|| (0..200).for_each(|number| info!("{number}"))),
    );
    let spans = memory.spans();
    let span = named(&spans, "work");
    assert_eq!((span.events.len(), span.dropped_events), (128, 72));
    assert_eq!((span.events[0].0.as_str(), span.events[127].0.as_str()), ("0", "127"));
}

#[test]
fn an_event_in_a_span_of_the_client_is_an_entry_of_that() {
    let memory = run(
        |layer| layer.span_events(SpanEvents::SpanEvents),
        |memory| {
            let _outer = info_span!("outer").entered();
            memory.client.span("inner").in_scope(|| error!("inside"));
        },
    );
    let (spans, entries) = (memory.spans(), memory.entries());
    assert_eq!(entries[0]["span_id"], named(&spans, "inner").span_id.as_str());
    assert_eq!((named(&spans, "outer").events.len(), named(&spans, "outer").status.0), (0, 0));
}

/// `tests/it/feedback.rs` tests values that log, which needs a global subscriber.
#[test]
fn values_may_make_record_on_and_close_spans_while_they_are_formatted() {
    struct Busy(Span, Cell<Option<Span>>);
    impl fmt::Debug for Busy {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.record("late", "while formatting").in_scope(|| drop(self.1.take()));
            formatter.write_str("busy")
        }
    }
    let memory = run(
        |layer| layer.span_events(SpanEvents::Both),
        |_| {
            let span = info_span!("work", late = Empty, own = Empty).entered();
            let busy = Busy(span.clone(), Cell::new(Some(info_span!(parent: None, "closed"))));
            info!(?busy, "{busy:?}");
            error!("{busy:?}");
            span.record("own", debug(&busy));
        },
    );
    let spans = memory.spans();
    let work = named(&spans, "work");
    assert_eq!(
        (&work.attributes["own"], &work.attributes["late"]),
        (&json!("busy"), &json!("while formatting"))
    );
    assert_eq!((work.events[0].0.as_str(), &work.events[0].1["busy"]), ("busy", &json!("busy")));
    assert_eq!((work.status.1.as_str(), named(&spans, "closed").parent.as_str()), ("busy", ""));
}
