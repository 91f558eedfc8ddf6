//! Trace and span ids.

use std::{
    collections::BTreeSet,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
    thread,
};

use logtide_client::{Client, integration::ActiveSpan};
use logtide_core::{Level, LogEntry, Scope, SpanId, TraceContext, TraceId};
use serde_json::Value;
use tokio::sync::Barrier;
use tracing::{
    Instrument as _, debug_span, info, info_span, instrument::WithSubscriber as _, subscriber::with_default,
};
use tracing_subscriber::{filter::LevelFilter, prelude::*};

use crate::setup::{Memory, sent_by_default};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN: &str = "00f067aa0ba902b7";

fn ids(entry: &Value) -> (Option<&str>, Option<&str>) {
    (entry.get("trace_id").and_then(Value::as_str), entry.get("span_id").and_then(Value::as_str))
}

#[test]
fn spans_have_ids_and_share_the_trace_of_their_root() {
    let entries = sent_by_default(|| {
        info!("outside");
        for _ in 0..2 {
            let root = info_span!("root").entered();
            info!("m");
            info_span!("child").in_scope(|| info!("m"));
            drop(root);
        }
        info!("outside");
    });
    let ids: Vec<_> = entries.iter().map(ids).collect();
    assert_eq!((ids[0], ids[5]), ((None, None), (None, None)));
    for (trace, span) in &ids[1..5] {
        trace.expect("a trace").parse::<TraceId>().expect("of the W3C form");
        span.expect("a span").parse::<SpanId>().expect("of the W3C form");
    }
    assert_eq!((ids[1].0, ids[3].0), (ids[2].0, ids[4].0));
    assert_ne!(ids[1].0, ids[3].0, "each root has a trace of its own");
    assert_eq!(ids[1..5].iter().map(|ids| ids.1).collect::<BTreeSet<_>>().len(), 4);
}

#[test]
fn a_root_span_belongs_to_the_trace_it_is_made_in() {
    let memory = Memory::new();
    let client = &memory.client;
    with_default(tracing_subscriber::registry().with(memory.layer()), || {
        client.set_trace_id(Some("client"));
        info_span!("root").in_scope(|| info!("the client's"));
        let parent = format!("00-{TRACE}-{SPAN}-00");
        let parent = TraceContext::from_headers(Some(&parent), None).expect("a trace");
        let scope = Scope::new().with(|scope| scope.set_trace_context(&parent));
        client.in_scope(scope, || {
            info_span!("root").in_scope(|| {
                info!("the scope's");
                let outgoing = client.outgoing_trace().expect("there is a trace");
                assert_eq!((outgoing.trace_id.to_string().as_str(), outgoing.sampled), (TRACE, false));
            });
        });
        info_span!("root", logtide.trace_id = "own").in_scope(|| {
            info!("its own");
            info_span!("child").in_scope(|| info!("its parent's"));
        });
    });
    let entries = memory.entries();
    let traces: Vec<_> = entries.iter().map(|entry| ids(entry).0.expect("a trace")).collect();
    assert_eq!(traces, ["client", TRACE, "own", "own"]);
    assert_ne!(ids(&entries[1]).1, Some(SPAN), "the span has an id of its own");
}

#[test]
fn direct_calls_belong_to_the_span_they_are_made_in() {
    let memory = Memory::new();
    let client = &memory.client;
    with_default(tracing_subscriber::registry().with(memory.layer()), || {
        let outer = info_span!("outer").entered();
        let inner = info_span!("inner").entered();
        info!("the event");
        client.with_trace_id("scope", || client.info("svc", "direct", ()));
        client.log(LogEntry::new(Level::Info, "svc", "own").trace_id("own"));
        let context = client.trace_context().expect("there is a trace");
        info!(trace = %context.trace_id, span = %context.span_id.expect("there is a span"), "told");
        drop(outer);
        client.info("svc", "the inner is left last", ());
        drop(inner);
        client.info("svc", "after", ());
    });
    let entries = memory.entries();
    assert_eq!(ids(&entries[1]), ids(&entries[0]), "the active span goes before the scope");
    assert_eq!(ids(&entries[2]).0, Some("own"));
    let told = &entries[3]["metadata"];
    assert_eq!((told["trace"].as_str(), told["span"].as_str()), ids(&entries[0]));
    assert_eq!(ids(&entries[4]), ids(&entries[0]));
    assert_eq!(ids(&entries[5]), (None, None));
}

#[test]
fn what_was_entered_last_counts_whoever_entered_it() {
    let memory = Memory::new();
    let request = ActiveSpan::in_trace(TRACE);
    with_default(tracing_subscriber::registry().with(memory.layer()), || {
        let connection = info_span!("connection").entered();
        info!("of the connection");
        request.enter();
        info!("of the request");
        info_span!("inside").in_scope(|| info!("inside the request"));
        info!(parent: &connection, "of the connection");
        info_span!(parent: &connection, "next").in_scope(|| info!("of the connection"));
        request.exit();
        info!("of the connection");
    });
    let entries = memory.entries();
    let ids: Vec<_> = entries.iter().map(ids).collect();
    let (connection, request) = (ids[0], request.trace_context());
    let span = request.span_id.map(|id| id.to_string());
    assert_eq!(ids[1], (Some(TRACE), span.as_deref()));
    assert_eq!(ids[2].0, Some(TRACE));
    assert_ne!(ids[2].1, ids[1].1, "the span has an id of its own");
    assert_eq!((ids[3], ids[5]), (connection, connection));
    assert_eq!(ids[4].0, connection.0);
    assert_eq!(entries[2]["metadata"]["spans"], serde_json::json!(["connection", "inside"]));
}

#[test]
fn an_event_without_a_parent_has_no_ids() {
    let memory = Memory::new();
    let layer = memory.layer().with_filter(LevelFilter::INFO);
    with_default(tracing_subscriber::registry().with(layer), || {
        let hidden = debug_span!("hidden");
        let _span = info_span!("span").entered();
        info!(parent: None, "root");
        info!(parent: &hidden, "the layer does not see its parent");
        info!("m");
        memory.client.set_trace_id(Some("client"));
        info!(parent: None, "root");
        info!(parent: None, logtide.trace_id = "own", "root");
    });
    let entries = memory.entries();
    let ids: Vec<_> = entries.iter().map(ids).collect();
    assert_eq!(ids[..2], [(None, None); 2]);
    assert!(ids[2].0.is_some() && ids[2].1.is_some());
    assert_eq!(ids[3..], [(Some("client"), None), (Some("own"), None)]);
}

#[test]
fn a_panic_inside_a_span_leaves_it() {
    let memory = Memory::new();
    with_default(tracing_subscriber::registry().with(memory.layer()), || {
        let work = || info_span!("span").in_scope(|| panic!("expected in this test"));
        let _ = std::panic::catch_unwind(work);
        memory.client.info("svc", "after", ());
    });
    assert_eq!(ids(&memory.entries()[0]), (None, None));
}

#[test]
fn all_layers_agree_on_the_ids() {
    let (first, second) = (Memory::new(), Memory::new());
    let subscriber =
        tracing_subscriber::registry().with(first.layer()).with(second.layer().service("second"));
    with_default(subscriber, || {
        let _span = info_span!("span", a = 1).entered();
        info!("m");
        second.client.info("svc", "direct", ());
    });
    second.client.info("svc", "after", ());
    let (first, second) = (first.entries(), second.entries());
    assert_eq!(ids(&first[0]), ids(&second[0]));
    assert_eq!(ids(&first[0]), ids(&second[1]));
    assert_eq!(ids(&second[2]), (None, None));
    assert_eq!((&first[0]["service"], &second[0]["service"]), (&"svc".into(), &"second".into()));
    assert_eq!(first[0]["metadata"], second[0]["metadata"]);
}

fn poll<F: Future>(work: &mut Pin<Box<F>>) -> Poll<F::Output> {
    work.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn a_future_takes_its_span_along_to_another_thread() {
    let memory = Memory::new();
    let dispatch = tracing::Dispatch::new(tracing_subscriber::registry().with(memory.layer()));
    let client = memory.client.clone();
    let work = async move {
        info!("first");
        client.info("svc", "first", ());
        tokio::task::yield_now().await;
        info!("second");
        client.info("svc", "second", ());
    };
    let span = with_default_dispatch(&dispatch, || info_span!("request"));
    let mut work = Box::pin(work.instrument(span).with_subscriber(dispatch));
    assert!(poll(&mut work).is_pending());
    memory.client.info("svc", "between", ());
    let client = memory.client.clone();
    let other = thread::spawn(move || {
        assert!(poll(&mut work).is_ready());
        client.info("svc", "after", ());
    });
    other.join().expect("the thread does not panic");
    let entries = memory.entries();
    let (inside, outside): (Vec<_>, Vec<_>) =
        entries.iter().partition(|entry| entry["message"] == "first" || entry["message"] == "second");
    assert_eq!((inside.len(), outside.len()), (4, 2));
    assert!(inside.iter().all(|entry| ids(entry) == ids(inside[0]) && ids(entry).0.is_some()));
    assert!(outside.iter().all(|entry| ids(entry) == (None, None)));
}

/// Logs an event and a direct entry before and after each of several yields, in step with other tasks.
async fn request(client: Client, number: usize, step: Arc<Barrier>) {
    for _ in 0..20 {
        info!(number, "event");
        client.info("svc", "direct", [("number", number)]);
        step.wait().await;
        tokio::task::yield_now().await;
    }
}

#[test]
fn instrumented_tasks_keep_their_ids_on_whatever_thread_they_run() {
    const TASKS: usize = 8;
    let memory = Memory::new();
    let dispatch = tracing::Dispatch::new(tracing_subscriber::registry().with(memory.layer()));
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(4).build().expect("a runtime starts");
    let step = Arc::new(Barrier::new(TASKS));
    let tasks: Vec<_> = (0..TASKS)
        .map(|number| {
            let span = with_default_dispatch(&dispatch, || info_span!("request", task = number));
            let work = request(memory.client.clone(), number, step.clone()).instrument(span);
            runtime.spawn(work.with_subscriber(dispatch.clone()))
        })
        .collect();
    runtime.block_on(async {
        for task in tasks {
            task.await.expect("a task does not panic");
        }
    });
    let entries = memory.entries();
    assert_eq!(entries.len(), TASKS * 40);
    let of_task = |number: usize| entries.iter().filter(move |entry| entry["metadata"]["number"] == number);
    let mut seen = BTreeSet::new();
    for number in 0..TASKS {
        let mine: BTreeSet<_> = of_task(number).map(ids).collect();
        assert_eq!((of_task(number).count(), mine.len()), (40, 1), "one pair of ids a task");
        seen.extend(mine);
    }
    assert_eq!(seen.len(), TASKS);
}

fn with_default_dispatch<R>(dispatch: &tracing::Dispatch, work: impl FnOnce() -> R) -> R {
    tracing::dispatcher::with_default(dispatch, work)
}
