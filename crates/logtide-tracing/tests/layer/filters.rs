//! The layer behind filters, and beside other layers.

use logtide_tracing::Layer;
use serde_json::{Value, json};
use tracing::{Level, debug, debug_span, info, info_span, subscriber::with_default, warn};
use tracing_subscriber::{EnvFilter, Registry, filter::LevelFilter, fmt, prelude::*, reload};

use crate::setup::Memory;

fn messages(memory: &Memory) -> Vec<Value> {
    memory.entries().into_iter().map(|mut entry| entry["message"].take()).collect()
}

/// Returns a layer that takes every level.
fn all_of(memory: &Memory) -> Layer {
    memory.layer().level(LevelFilter::TRACE)
}

#[test]
fn what_a_filter_refuses_is_not_even_formatted() {
    let memory = Memory::new();
    let filter = EnvFilter::new("warn,shop=debug,shop::noise=off,[order{id=7}]=trace");
    with_default(tracing_subscriber::registry().with(filter).with(all_of(&memory)), || {
        let formatted = || -> u8 { panic!("this is formatted") };
        info!("{}", formatted());
        warn!("a warning");
        debug!(target: "shop", "of the shop");
        warn!(target: "shop::noise", "noise");
        info_span!("order", id = 7).in_scope(|| debug!("of the order"));
        info_span!("order", id = 8).in_scope(|| debug!("of another order"));
    });
    assert_eq!(messages(&memory), ["a warning", "of the shop", "of the order"]);
}

#[test]
fn layers_with_filters_of_their_own_see_their_own_spans() {
    let (all, some) = (Memory::new(), Memory::new());
    let subscriber = tracing_subscriber::registry()
        .with(all_of(&all))
        .with(some.layer().with_filter(LevelFilter::INFO))
        .with(fmt::layer().with_writer(std::io::sink));
    with_default(subscriber, || {
        let _outer = info_span!("outer", a = 1).entered();
        let _hidden = debug_span!("hidden", b = 2).entered();
        let _inner = info_span!("inner", c = 3).entered();
        debug!("detail");
        info!("m");
    });
    let (all, some) = (all.entries(), some.entries());
    assert_eq!((all.len(), some.len()), (2, 1));
    assert_eq!(all[1]["metadata"], json!({"a": 1, "b": 2, "c": 3, "spans": ["outer", "hidden", "inner"]}));
    assert_eq!(some[0]["metadata"], json!({"a": 1, "c": 3, "spans": ["outer", "inner"]}));
    assert_eq!(all[1]["trace_id"], some[0]["trace_id"]);
}

#[test]
fn a_trace_goes_through_spans_that_a_layer_does_not_see() {
    let (all, some) = (Memory::new(), Memory::new());
    let log = || {
        let _hidden = debug_span!("hidden").entered();
        debug!("detail");
        let _inner = info_span!("inner").entered();
        info!("m");
    };
    let filtered = some.layer().with_filter(LevelFilter::INFO);
    with_default(tracing_subscriber::registry().with(filtered).with(all_of(&all)), log);
    let filtered = some.layer().with_filter(LevelFilter::INFO);
    with_default(tracing_subscriber::registry().with(all_of(&all)).with(filtered), log);
    let (all, some) = (all.entries(), some.entries());
    for (round, seen) in some.iter().enumerate() {
        let (detail, event) = (&all[2 * round], &all[2 * round + 1]);
        assert_eq!(detail["trace_id"], event["trace_id"]);
        assert_eq!((&seen["trace_id"], &seen["span_id"]), (&event["trace_id"], &event["span_id"]));
    }
}

#[test]
fn a_layer_that_is_taken_away_inside_a_span_leaves_no_trace_of_it() {
    let memory = Memory::new();
    let (layer, handle) = reload::Layer::<_, Registry>::new(Some(memory.layer()));
    with_default(tracing_subscriber::registry().with(layer), || {
        let span = info_span!("span").entered();
        info!("inside");
        handle.reload(None).expect("the subscriber is there");
        drop(span);
        memory.client.info("svc", "after", ());
    });
    let entries = memory.entries();
    assert!(entries[0].get("trace_id").is_some());
    assert_eq!((entries[1].get("trace_id"), entries[1].get("span_id")), (None, None));
}

#[test]
fn filters_are_reloaded_inside_spans() {
    let memory = Memory::new();
    let (filter, handle) = reload::Layer::new(LevelFilter::WARN);
    with_default(tracing_subscriber::registry().with(memory.layer().with_filter(filter)), || {
        let hidden = info_span!("hidden").entered();
        info!("refused");
        handle.modify(|filter| *filter = LevelFilter::DEBUG).expect("the subscriber is there");
        let span = info_span!("span").entered();
        debug!("taken");
        handle.modify(|filter| *filter = LevelFilter::WARN).expect("the subscriber is there");
        info!("refused");
        drop((span, hidden));
        memory.client.info("svc", "after", ());
    });
    let entries = memory.entries();
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[0]["metadata"]["spans"], json!(["span"]));
    assert_eq!(entries[1].get("trace_id"), None);
}

#[test]
fn a_layer_that_is_exchanged_inside_a_span_leaves_no_trace_of_it() {
    let (before, after) = (Memory::new(), Memory::new());
    let (layer, handle) = reload::Layer::<_, Registry>::new(before.layer());
    with_default(tracing_subscriber::registry().with(layer), || {
        let span = info_span!("span").entered();
        info!("before");
        handle.reload(after.layer()).expect("the subscriber is there");
        info!("after");
        drop(span);
        after.client.info("svc", "outside", ());
        info_span!("new").in_scope(|| info!("after"));
    });
    assert_eq!(messages(&before), ["before"]);
    let entries = after.entries();
    assert_eq!(entries[0]["trace_id"], before.entries()[0]["trace_id"], "the span keeps its ids");
    assert_eq!(entries[1].get("trace_id"), None);
    assert_eq!(entries[2]["metadata"], json!({"spans": ["new"]}));
}

#[test]
fn the_level_is_the_most_that_a_subscriber_asks_for() {
    let memory = Memory::new();
    let subscriber = tracing_subscriber::registry().with(memory.layer().with_filter(LevelFilter::INFO));
    with_default(subscriber, || {
        assert!(tracing::enabled!(Level::INFO) && !tracing::enabled!(Level::DEBUG));
    });
}
