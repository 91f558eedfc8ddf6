//! Values that log, panics, and deep nesting.

use std::{
    fmt::{self, Debug},
    thread,
};

use logtide_client::Client;
use logtide_core::PayloadLimits;
use serde_json::{Value, json};
use tracing::{Span, field::Empty, info, info_span, subscriber::with_default};
use tracing_subscriber::prelude::*;

use crate::setup::{Memory, sent_by_default};

/// Logs, creates a span and records on the current one while it is formatted.
struct Busy;

impl Debug for Busy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        Span::current().record("late", "while formatting");
        info_span!("inner", depth = 1).in_scope(|| info!("inside"));
        formatter.write_str("busy")
    }
}

/// `tracing` leaves out an event inside an event here; in `tests/it/feedback.rs` a global subscriber does not.
#[test]
fn values_may_log_while_they_are_formatted() {
    let memory = Memory::new();
    let dispatch = tracing::Dispatch::new(tracing_subscriber::registry().with(memory.layer()));
    let work = || {
        let span = info_span!("outer", busy = ?Busy, late = Empty).entered();
        info!(busy = ?Busy, "{:?}", Busy);
        span.record("busy", tracing::field::debug(Busy));
    };
    tracing::dispatcher::with_default(&dispatch, work);
    let entries = memory.entries();
    let outer: Vec<&Value> = entries.iter().filter(|entry| entry["message"] == "busy").collect();
    assert_eq!(outer.len(), 1);
    assert_eq!(
        (&outer[0]["metadata"]["busy"], &outer[0]["metadata"]["spans"]),
        (&json!("busy"), &json!(["outer"]))
    );
}

#[test]
fn a_closed_client_counts_and_nothing_else_happens() {
    let memory = Memory::new();
    let Memory { client, .. } = memory;
    let (metrics, layer) = (client.detached(), logtide_tracing::layer(&client));
    with_default(tracing_subscriber::registry().with(layer), || {
        let _span = info_span!("span").entered();
        info!("sent");
        drop(client);
        info!("too late");
        info_span!("another", a = 1).in_scope(|| info!("too late"));
    });
    let metrics = metrics.metrics();
    assert_eq!((metrics.logs_sent, metrics.logs_dropped), (1, 2));
}

#[test]
fn threads_log_to_their_very_end() {
    struct AtEnd(tracing::Dispatch);
    impl Drop for AtEnd {
        fn drop(&mut self) {
            tracing::dispatcher::with_default(&self.0, || {
                info_span!("at the end").in_scope(|| info!("at the end"));
            });
        }
    }
    thread_local! {
        static LAST: std::cell::RefCell<Option<AtEnd>> = const { std::cell::RefCell::new(None) };
    }
    let memory = Memory::new();
    let dispatch = tracing::Dispatch::new(tracing_subscriber::registry().with(memory.layer()));
    let thread = thread::spawn(move || {
        LAST.with(|last| *last.borrow_mut() = Some(AtEnd(dispatch.clone())));
        tracing::dispatcher::with_default(&dispatch, || info_span!("span").in_scope(|| info!("inside")));
    });
    thread.join().expect("the thread does not panic");
    let entries = memory.entries();
    assert_eq!(entries[0]["message"], "inside");
}

#[test]
fn deep_stacks_are_written_whole() {
    let entries = sent_by_default(|| {
        let spans: Vec<_> = (0..100).map(|depth| info_span!("level", depth).entered()).collect();
        info!("deep");
        // Drops in the order of entering, the outermost first.
        spans.into_iter().for_each(drop);
        info!("outside");
    });
    assert_eq!(entries[0]["metadata"]["depth"], 99);
    assert_eq!(entries[0]["metadata"]["spans"].as_array().map(Vec::len), Some(100));
    assert_eq!(entries[1].get("trace_id"), None);
}

#[test]
fn spans_however_deep_are_left_in_any_order_and_an_event_in_them_stays_within_its_limit() {
    const DEPTH: usize = 8_000;
    let memory = Memory::new();
    let dispatch = tracing::Dispatch::new(tracing_subscriber::registry().with(memory.layer()));
    let work = move || {
        tracing::dispatcher::with_default(&dispatch, || {
            let spans: Vec<_> = (0..DEPTH).map(|depth| info_span!("level", depth).entered()).collect();
            info!("deep");
            spans.into_iter().for_each(drop);
            info!("outside");
        });
    };
    // The registry closes a span from within the one inside it.
    thread::Builder::new().stack_size(256 << 20).spawn(work).expect("a thread").join().expect("no panic");
    let entries = memory.whole_entries();
    assert_eq!(
        (&entries[0]["message"], &entries[0]["metadata"]["depth"]),
        (&json!("deep"), &json!(DEPTH - 1))
    );
    let names = entries[0]["metadata"]["spans"].as_array().expect("a list");
    assert!(names.len() > 1_000 && names.iter().all(|name| name == "level"), "{}", names.len());
    assert!(entries[0].to_string().len() <= PayloadLimits::default().max_entry_bytes);
    assert_eq!((&entries[1]["message"], entries[1].get("trace_id")), (&json!("outside"), None));
}

#[test]
fn the_layer_shows_no_key() {
    let memory = Memory::new();
    let shown = format!("{:?}", memory.layer());
    assert!(shown.starts_with("Layer") && !shown.contains("lp_k"), "{shown}");
    let _: fn(&Client) -> logtide_tracing::Layer = logtide_tracing::layer;
}
