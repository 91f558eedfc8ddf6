//! Ids of OpenTelemetry.

use logtide_tracing::Layer;
use opentelemetry::trace::{SpanContext, TraceContextExt as _, TraceFlags, TraceState, TracerProvider as _};
use opentelemetry_sdk::trace::SdkTracerProvider;
use serde_json::Value;
use tracing::{info, info_span, subscriber::with_default};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::{Registry, prelude::*, reload};

use crate::setup::Memory;

fn ids(entry: &Value) -> (&str, &str) {
    (entry["trace_id"].as_str().expect("a trace"), entry["span_id"].as_str().expect("a span"))
}

/// Logs inside two spans, the outer one in an incoming trace, and returns the ids that OpenTelemetry has for each.
fn work(memory: &Memory) -> Vec<(String, String)> {
    let parent = SpanContext::new(
        0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736_u128.into(),
        0x00f0_67aa_0ba9_02b7_u64.into(),
        TraceFlags::SAMPLED,
        true,
        TraceState::default(),
    );
    let outer = info_span!("outer");
    let parent = opentelemetry::Context::new().with_remote_span_context(parent);
    outer.set_parent(parent).expect("the span has not started");
    let told = |span: &tracing::Span| {
        let context = span.context().span().span_context().clone();
        (context.trace_id().to_string(), context.span_id().to_string())
    };
    let _outer = outer.clone().entered();
    info!("in the outer");
    let inner = info_span!("inner").entered();
    info!("in the inner");
    memory.client.info("svc", "direct", ());
    let outgoing = memory.client.outgoing_trace().expect("there is a trace").to_string();
    let told = vec![told(&outer), told(&inner), told(&inner)];
    assert_eq!(outgoing, format!("00-{}-{}-01", told[1].0, told[1].1));
    told
}

#[test]
fn its_ids_are_taken_whatever_the_order_of_the_layers() {
    let provider = SdkTracerProvider::builder().build();
    let tracer = provider.tracer("test");
    for inside in [true, false] {
        let memory = Memory::new();
        let told = if inside {
            let layer = tracing_opentelemetry::layer().with_tracer(tracer.clone());
            with_default(tracing_subscriber::registry().with(layer).with(memory.layer()), || work(&memory))
        } else {
            let layer = tracing_opentelemetry::layer().with_tracer(tracer.clone());
            with_default(tracing_subscriber::registry().with(memory.layer()).with(layer), || work(&memory))
        };
        memory.client.info("svc", "after", ());
        let entries = memory.entries();
        let written: Vec<_> = entries[..3].iter().map(ids).collect();
        let told: Vec<_> = told.iter().map(|(trace, span)| (trace.as_str(), span.as_str())).collect();
        assert_eq!(written, told);
        assert_eq!(told[0].0, "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!(entries[3].get("trace_id"), None);
    }
}

#[test]
fn a_layer_that_is_put_in_later_leaves_the_ids_to_others() {
    let provider = SdkTracerProvider::builder().build();
    let (late, memory) = (Memory::new(), Memory::new());
    let (layer, handle) = reload::Layer::<Option<Layer>, Registry>::new(None);
    let opentelemetry = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
    let subscriber = tracing_subscriber::registry().with(layer).with(memory.layer()).with(opentelemetry);
    let told = with_default(subscriber, || {
        handle.reload(Some(late.layer())).expect("the subscriber is there");
        work(&memory)
    });
    let (entries, late) = (memory.entries(), late.entries());
    for (entry, (trace, span)) in entries.iter().chain(&late).zip(told.iter().chain(&told)) {
        assert_eq!(ids(entry), (trace.as_str(), span.as_str()));
    }
    assert_eq!((entries.len(), late.len()), (3, 2));
}

#[test]
fn without_its_layer_spans_have_ids_of_their_own() {
    let memory = Memory::new();
    with_default(tracing_subscriber::registry().with(memory.layer()), || {
        info_span!("span").in_scope(|| info!("m"));
    });
    let entries = memory.entries();
    assert_eq!((ids(&entries[0]).0.len(), ids(&entries[0]).1.len()), (32, 16));
}
