//! Spans that are entered again while the thread is in them.

use logtide_client::Client;
use proptest::prelude::*;
use serde_json::{Value, json};
use tracing::{Span, debug_span, info, info_span, subscriber::with_default};
use tracing_subscriber::{filter::LevelFilter, prelude::*};

use crate::setup::Memory;

const TRACES: [&str; 3] = ["trace-0", "trace-1", "trace-2"];

/// Creates spans without a parent, each in its own trace.
fn roots() -> [Span; 3] {
    [0, 1, 2].map(|number| {
        info_span!(parent: None, "root", logtide.trace_id = TRACES[number], number, logtide.session_id = session(number))
    })
}

fn session(number: usize) -> String {
    format!("123e4567-e89b-42d3-a456-42661417400{number}")
}

/// Returns the root that an entry is in. All its span data must be of that root.
fn root_of(entry: &Value) -> Option<usize> {
    let number = entry["metadata"]["number"].as_u64().map(|number| number as usize);
    assert_eq!(entry["trace_id"].as_str(), number.map(|number| TRACES[number]), "{entry:#}");
    assert_eq!(entry["session_id"].as_str(), number.map(session).as_deref(), "{entry:#}");
    assert_eq!(entry["metadata"].get("spans"), number.map(|_| json!(["root"])).as_ref(), "{entry:#}");
    number
}

fn log(client: &Client) {
    info!("an event");
    client.info("svc", "direct", ());
}

#[test]
fn an_event_is_in_the_span_that_was_entered_last_with_its_name_its_fields_and_its_ids() {
    let memory = Memory::new();
    with_default(tracing_subscriber::registry().with(memory.layer()), || {
        let [a, b, _] = roots();
        let first = a.clone().entered();
        let second = b.clone().entered();
        let again = a.clone().entered();
        info!("in a");
        let c = info_span!("c", own = true).entered();
        info!("in c, whose parent is a");
        drop(c);
        drop(again);
        info!("in b");
        drop(first);
        info!("still in b");
        let again = a.entered();
        info!("in a");
        drop(second);
        info!("still in a");
        drop(again);
        info!("in none");
    });
    let mut entries = memory.entries();
    let inner = entries.remove(1);
    assert_eq!(inner["trace_id"], TRACES[0]);
    assert_eq!((&inner["metadata"]["number"], &inner["metadata"]["own"]), (&json!(0), &json!(true)));
    assert_eq!(inner["metadata"]["spans"], json!(["root", "c"]));
    let roots: Vec<_> = entries.iter().map(root_of).collect();
    assert_eq!(roots, [Some(0), Some(1), Some(1), Some(0), Some(0), None]);
}

#[test]
fn nested_spans_that_are_entered_again_count_from_where_they_are() {
    let memory = Memory::new();
    with_default(tracing_subscriber::registry().with(memory.layer()), || {
        let outer = info_span!("outer", a = 1);
        let _outer = outer.clone().entered();
        info!("in the outer");
        let _inner = info_span!("inner", b = 2).entered();
        info!("in the inner");
        outer.in_scope(|| info!("in the outer again"));
        info!("in the inner again");
    });
    let entries = memory.entries();
    let of = |entry: &Value| (entry["metadata"].clone(), entry["trace_id"].clone(), entry["span_id"].clone());
    assert_eq!((of(&entries[2]), of(&entries[3])), (of(&entries[0]), of(&entries[1])));
    assert_eq!(entries[2]["metadata"], json!({"a": 1, "spans": ["outer"]}));
    assert_ne!(entries[0]["span_id"], entries[1]["span_id"]);
}

#[test]
fn a_child_of_a_span_that_a_layer_does_not_see_is_inside_what_it_sees_around_it() {
    let memory = Memory::new();
    let layer = memory.layer().with_filter(LevelFilter::INFO);
    with_default(tracing_subscriber::registry().with(layer), || {
        let [a, ..] = roots();
        let _a = a.entered();
        debug_span!(parent: None, "hidden").in_scope(|| {
            info!("in a");
            info_span!("inner").in_scope(|| info!("in the inner"));
        });
    });
    let entries = memory.entries();
    assert_eq!(root_of(&entries[0]), Some(0));
    assert_eq!((&entries[1]["trace_id"], &entries[1]["metadata"]["number"]), (&json!(TRACES[0]), &json!(0)));
    assert_eq!(entries[1]["metadata"]["spans"], json!(["root", "inner"]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn in_whatever_order_spans_are_entered_and_left_an_entry_is_in_one_of_them(
        steps in prop::collection::vec((any::<bool>(), 0usize..64), 1..40),
    ) {
        let (memory, other) = (Memory::new(), Memory::new());
        let mut expected = Vec::new();
        with_default(tracing_subscriber::registry().with(memory.layer()).with(other.layer()), || {
            let spans = roots();
            // The spans that the thread is in, and their guards. Which guard of a span is dropped makes no difference.
            let (mut entered, mut guards): (Vec<usize>, Vec<_>) = (Vec::new(), Vec::new());
            for (enters, number) in steps {
                if enters || guards.is_empty() {
                    let number = number % spans.len();
                    entered.push(number);
                    guards.push((number, spans[number].clone().entered()));
                } else {
                    let (number, _guard) = guards.remove(number % guards.len());
                    let at = entered.iter().rposition(|entered| *entered == number);
                    entered.remove(at.expect("it was entered"));
                }
                log(&memory.client);
                expected.push(entered.last().copied());
            }
        });
        for entries in [memory.entries(), other.entries()] {
            let events = entries.iter().filter(|entry| entry["message"] == "an event");
            prop_assert_eq!(events.map(root_of).collect::<Vec<_>>(), expected.clone());
        }
        let entries = memory.entries();
        let direct = entries.iter().filter(|entry| entry["message"] == "direct");
        let traces: Vec<_> = direct.map(|entry| entry["trace_id"].as_str()).collect();
        prop_assert_eq!(traces, expected.iter().map(|root| root.map(|root| TRACES[root])).collect::<Vec<_>>());
    }
}
