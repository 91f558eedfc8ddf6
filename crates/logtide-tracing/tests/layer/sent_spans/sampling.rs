//! Which traces are sent.

use logtide_core::{Scope, TraceContext};
use logtide_tracing::SpanEvents;
use tracing::{field::Empty, info, info_span};

use super::{Sent, run_with};
use crate::setup::Memory;

fn at(rate: f64) -> Memory {
    Memory::with_options(|options| options.traces_sample_rate(rate))
}

fn trace(number: u32) -> String {
    format!("{:032x}", u128::from(number) + 1)
}

/// Returns the traces that were sent, of 200 with three spans each. A trace is sent as a whole.
fn traces(memory: &Memory) -> Vec<String> {
    run_with(
        memory,
        |layer| layer,
        |_| {
            for number in 0..200 {
                let root = info_span!("root", logtide.trace_id = trace(number)).entered();
                info_span!("child").in_scope(|| info_span!("grandchild").in_scope(|| info!("inside")));
                drop(root);
            }
        },
    );
    let mut traces: Vec<_> = memory.spans().into_iter().map(|span| span.trace_id).collect();
    traces.sort();
    assert!(traces.chunks(3).all(|spans| spans.len() == 3 && spans[0] == spans[2]), "{traces:?}");
    traces.dedup();
    traces
}

#[test]
fn a_trace_is_sent_or_not_by_its_id_alone() {
    assert_eq!((traces(&at(0.0)).len(), traces(&at(1.0)).len()), (0, 200));
    let half = traces(&at(0.5));
    assert!((60..140).contains(&half.len()), "{}", half.len());
    assert_eq!(half, traces(&at(0.5)));
    let few = traces(&at(0.1));
    assert!(few.iter().all(|trace| half.contains(trace)));
}

#[test]
fn a_span_that_is_not_sampled_is_not_sent_and_its_entries_are() {
    let memory = at(0.0);
    run_with(
        &memory,
        |layer| layer,
        |memory| {
            let root = info_span!("root").entered();
            info!("inside");
            assert!(memory.client.outgoing_trace().is_some_and(|parent| !parent.sampled), "requests tell it");
            drop(root);
        },
    );
    assert_eq!((memory.client.metrics().spans.ended, memory.spans().len()), (0, 0));
    assert_eq!(memory.entries().len(), 1);
}

#[test]
fn events_of_a_span_that_is_left_out_are_left_out_with_it_where_they_are_no_entries() {
    for (mode, entries) in [(SpanEvents::SpanEvents, 1), (SpanEvents::Both, 2)] {
        let memory = at(0.0);
        run_with(
            &memory,
            |layer| layer.span_events(mode),
            |_| {
                info_span!("root").in_scope(|| info!("inside"));
                info!("outside");
            },
        );
        assert_eq!((memory.spans().len(), memory.entries().len()), (0, entries));
    }
}

#[test]
fn the_caller_decides_for_what_it_calls() {
    for (rate, sampled) in [(1.0, false), (0.0, true)] {
        let memory = at(rate);
        let parent = format!("00-{}-00f067aa0ba902b7-0{}", trace(0), u8::from(sampled));
        let context = TraceContext::from_headers(Some(&parent), None).expect("a trace");
        let scope = Scope::new().with(|scope| scope.set_trace_context(&context));
        run_with(
            &memory,
            |layer| layer,
            |memory| {
                memory.client.in_scope(scope, || info_span!("handle").in_scope(|| info_span!("query")));
            },
        );
        assert_eq!(memory.spans().len(), if sampled { 2 } else { 0 });
    }
}

#[test]
fn a_trace_that_is_recorded_late_decides_anew() {
    let half = traces(&at(0.5));
    let memory = at(0.5);
    run_with(
        &memory,
        |layer| layer,
        |_| {
            for number in 0..200 {
                let span = info_span!("root", logtide.trace_id = Empty);
                span.record("logtide.trace_id", trace(number));
                span.in_scope(|| info!("inside"));
            }
        },
    );
    let mut sent: Vec<_> = memory.spans().into_iter().map(|Sent { trace_id, .. }| trace_id).collect();
    sent.sort();
    assert_eq!(sent, half);
}
