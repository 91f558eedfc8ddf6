//! The lowest level that the layer takes.

use serde_json::{Value, json};
use tracing::{Span, debug, debug_span, error, info, info_span, subscriber::with_default, trace, warn};
use tracing_subscriber::{Layer as _, filter::LevelFilter, fmt, prelude::*};

use crate::setup::{Memory, sent, sent_by_default};

fn log() {
    trace!("trace");
    debug!("debug");
    info!("info");
    warn!("warn");
    error!("error");
}

fn messages(entries: &[Value]) -> Vec<&str> {
    entries.iter().filter_map(|entry| entry["message"].as_str()).collect()
}

#[test]
fn without_a_filter_details_are_not_sent() {
    assert_eq!(messages(&sent_by_default(log)), ["info", "warn", "error"]);
}

#[test]
fn the_level_can_be_any() {
    for (level, expected) in [
        (LevelFilter::TRACE, &["trace", "debug", "info", "warn", "error"][..]),
        (LevelFilter::DEBUG, &["debug", "info", "warn", "error"]),
        (LevelFilter::ERROR, &["error"]),
        (LevelFilter::OFF, &[]),
    ] {
        assert_eq!(messages(&sent(|layer| layer.level(level), log)), expected, "{level}");
    }
}

#[test]
fn a_filter_of_the_layer_decides_alone_unless_a_level_was_set() {
    let taken = |configure: fn(logtide_tracing::Layer) -> logtide_tracing::Layer, filter: LevelFilter| {
        let memory = Memory::new();
        with_default(tracing_subscriber::registry().with(configure(memory.layer()).with_filter(filter)), log);
        memory.entries()
    };
    let all = taken(|layer| layer, LevelFilter::TRACE);
    assert_eq!(messages(&all), ["trace", "debug", "info", "warn", "error"]);
    assert_eq!(messages(&taken(|layer| layer, LevelFilter::WARN)), ["warn", "error"]);
    let set = taken(|layer| layer.level(LevelFilter::DEBUG), LevelFilter::TRACE);
    assert_eq!(messages(&set), ["debug", "info", "warn", "error"]);
}

#[test]
fn a_filter_that_is_put_before_it_in_another_way_goes_with_the_level() {
    let memory = Memory::new();
    let layer = Some(memory.layer().level(LevelFilter::TRACE)).with_filter(LevelFilter::DEBUG);
    with_default(tracing_subscriber::registry().with(layer), log);
    assert_eq!(messages(&memory.entries()), ["debug", "info", "warn", "error"]);
}

#[test]
fn other_layers_see_what_this_one_does_not_take() {
    let (memory, other) = (Memory::new(), Memory::new());
    let subscriber = tracing_subscriber::registry()
        .with(other.layer().level(LevelFilter::TRACE))
        .with(memory.layer())
        .with(fmt::layer().with_writer(std::io::sink));
    with_default(subscriber, || {
        assert!(tracing::enabled!(tracing::Level::TRACE));
        log();
    });
    assert_eq!(memory.entries().len(), 3);
    assert_eq!(messages(&other.entries()), ["trace", "debug", "info", "warn", "error"]);
}

/// Logs in spans that the layer takes, around and inside one that it does not.
fn nested_spans() {
    let outer = info_span!("outer", a = 1).entered();
    let hidden = debug_span!("hidden", b = 2, late = tracing::field::Empty).entered();
    hidden.record("late", 3);
    info!("in the hidden one");
    let _inner = info_span!("inner", c = 4).entered();
    info!("inside");
    info!(parent: &*hidden, "of the hidden one");
    let child = info_span!(parent: &*hidden, "child");
    child.follows_from(&*hidden).follows_from(&*outer);
    child.in_scope(|| info!("in a child of the hidden one"));
    let alone: Span = debug_span!(parent: None, "alone");
    info!(parent: &alone, "of a hidden one without a parent");
}

#[test]
fn spans_below_the_level_are_as_behind_a_filter() {
    let (memory, filtered, all) = (Memory::new(), Memory::new(), Memory::new());
    with_default(tracing_subscriber::registry().with(memory.layer()), nested_spans);
    // A span that no layer takes is not a parent of other spans.
    let all = all.layer().level(LevelFilter::TRACE);
    let behind = filtered.layer().with_filter(LevelFilter::INFO);
    with_default(tracing_subscriber::registry().with(all).with(behind), nested_spans);
    let entries = memory.entries();
    let spans: Vec<_> = entries.iter().map(|entry| entry["metadata"].clone()).collect();
    assert_eq!(
        spans,
        [
            json!({"a": 1, "spans": ["outer"]}),
            json!({"a": 1, "c": 4, "spans": ["outer", "inner"]}),
            json!({"a": 1, "spans": ["outer"]}),
            json!({"a": 1, "spans": ["outer", "child"]}),
            json!({}),
        ]
    );
    let of_filtered: Vec<_> = filtered.entries().iter().map(|entry| entry["metadata"].clone()).collect();
    // Behind a filter, an event of a hidden parent is in no span.
    for index in [0, 1, 3, 4] {
        assert_eq!(spans[index], of_filtered[index], "{index}");
    }
    assert_eq!(entries[0]["span_id"], entries[2]["span_id"]);
    assert!(entries[..4].iter().all(|entry| entry["trace_id"] == entries[0]["trace_id"]));
    assert_eq!(entries[4].get("trace_id"), None);
}
