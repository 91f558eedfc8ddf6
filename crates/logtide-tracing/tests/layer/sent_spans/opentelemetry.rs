//! Beside a layer of OpenTelemetry.

use std::sync::{Arc, Mutex};

use logtide_tracing::SpanEvents;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::{
    error::OTelSdkResult,
    trace::{SdkTracerProvider, SpanData, SpanExporter},
};
use tracing::{Dispatch, dispatcher, error, info, info_span};
use tracing_subscriber::{filter::filter_fn, prelude::*};

use super::named;
use crate::setup::Memory;

/// The spans that OpenTelemetry sends.
#[derive(Clone, Debug, Default)]
struct Theirs(Arc<Mutex<Vec<SpanData>>>);

impl SpanExporter for Theirs {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.0.lock().expect("nothing panics").extend(batch);
        Ok(())
    }
}

struct Both {
    memory: Memory,
    theirs: Theirs,
    dispatch: Dispatch,
}

/// Adds the layer of OpenTelemetry, which does not see spans named `hidden`, inside or outside that of LogTide.
fn both(is_inside: bool, events: SpanEvents) -> Both {
    let theirs = Theirs::default();
    let provider = SdkTracerProvider::builder().with_simple_exporter(theirs.clone()).build();
    let memory = Memory::new();
    let layer = memory.layer().spans(true).span_events(events);
    let tracer = provider.tracer("test");
    let sees = filter_fn(|metadata| metadata.name() != "hidden");
    let dispatch = if is_inside {
        let opentelemetry = tracing_opentelemetry::layer().with_tracer(tracer).with_filter(sees);
        Dispatch::new(tracing_subscriber::registry().with(opentelemetry).with(layer))
    } else {
        let opentelemetry = tracing_opentelemetry::layer().with_tracer(tracer).with_filter(sees);
        Dispatch::new(tracing_subscriber::registry().with(layer).with(opentelemetry))
    };
    Both { memory, theirs, dispatch }
}

#[test]
fn no_span_is_sent_twice_and_entries_have_the_ids_of_opentelemetry() {
    for is_inside in [true, false] {
        let Both { memory, theirs, dispatch } = both(is_inside, SpanEvents::LogEntries);
        dispatcher::with_default(&dispatch, || {
            let root = info_span!("root").entered();
            info!("inside");
            info_span!("child").in_scope(|| error!("inside the child"));
            drop(root);
            let named = info_span!("named as a parent");
            info_span!(parent: &named, "of the named").in_scope(|| info!("inside"));
            info_span!("followed").follows_from(&named);
            info_span!("never entered");
        });
        let theirs = theirs.0.lock().expect("nothing panics").clone();
        assert_eq!(theirs.len(), 6);
        let ours = memory.spans();
        assert!(ours.is_empty(), "{is_inside}: {ours:#?}");
        assert_eq!(memory.client.metrics().spans.ended, 0);
        for entry in memory.entries() {
            let id = entry["span_id"].as_str().expect("a span");
            assert!(theirs.iter().any(|span| span.span_context.span_id().to_string() == id));
        }
    }
}

#[test]
fn spans_that_opentelemetry_does_not_see_are_sent_inside_of_those_that_it_does() {
    for is_inside in [true, false] {
        let Both { memory, theirs, dispatch } = both(is_inside, SpanEvents::LogEntries);
        dispatcher::with_default(&dispatch, || {
            info_span!("root").in_scope(|| info_span!("hidden").in_scope(|| info!("inside")));
        });
        let theirs = theirs.0.lock().expect("nothing panics").clone();
        let spans = memory.spans();
        let (hidden, root) = (named(&spans, "hidden"), &theirs[0].span_context);
        assert_eq!((spans.len(), theirs.len()), (1, 1));
        assert_eq!(
            (&hidden.trace_id, &hidden.parent),
            (&root.trace_id().to_string(), &root.span_id().to_string())
        );
        assert_eq!(memory.entries()[0]["span_id"], hidden.span_id.as_str());
    }
}

#[test]
fn events_in_spans_of_opentelemetry_stay_entries() {
    let Both { memory, dispatch, .. } = both(true, SpanEvents::SpanEvents);
    dispatcher::with_default(&dispatch, || info_span!("root").in_scope(|| info!("inside")));
    assert_eq!((memory.entries().len(), memory.spans().len()), (1, 0));
}

#[test]
fn without_a_layer_of_opentelemetry_spans_are_sent_also_such_that_are_never_entered() {
    let memory = Memory::new();
    let dispatch = Dispatch::new(tracing_subscriber::registry().with(memory.layer().spans(true)));
    dispatcher::with_default(&dispatch, || {
        info_span!("first");
        info_span!("entered").in_scope(|| info!("inside"));
        info_span!("last");
    });
    assert_eq!(memory.spans().len(), 3);
}
