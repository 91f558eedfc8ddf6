//! Trees of spans, sound and unsound.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn span(id: &str, parent: Option<&str>, start: u32) -> StoredSpan {
    span_with(id, parent, start, json!({}))
}

fn span_with(id: &str, parent: Option<&str>, start: u32, fields: Value) -> StoredSpan {
    let mut span = json!({
        "span_id": id, "trace_id": "t", "parent_span_id": parent, "service_name": "s", "operation_name": id,
        "start_time": time(start), "end_time": time(start + 10), "duration_ms": 10,
    });
    span.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    serde_json::from_value(span).unwrap()
}

fn entry(message: &str, at: u32, fields: Value) -> LogRecord {
    let mut entry = json!({"id": message, "time": time(at), "service": "s", "level": "info", "message": message, "traceId": "t"});
    entry.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    serde_json::from_value(entry).unwrap()
}

fn time(millis: u32) -> String {
    format!("2026-11-22T09:58:{:02}.{:03}Z", millis / 1000, millis % 1000)
}

/// The operations, below each other by two spaces.
fn drawn(tree: &SpanTree) -> Vec<String> {
    tree.iter().map(|node| "  ".repeat(node.depth()) + &node.span().operation).collect()
}

fn messages(entries: &[LogRecord]) -> Vec<&str> {
    entries.iter().map(|entry| entry.message.as_str()).collect()
}

#[test]
fn children_are_below_their_parents_by_their_start() {
    let tree = SpanTree::new([
        span("late", Some("root"), 9),
        span("leaf", Some("early"), 8),
        span("early", Some("root"), 5),
        span("root", None, 1),
        span("second", Some("root"), 5),
    ]);
    assert_eq!(drawn(&tree), ["root", "  early", "    leaf", "  second", "  late"]);
    let root = tree.roots().next().unwrap();
    assert_eq!(
        root.children().map(|node| &*node.span().span_id).collect::<Vec<_>>(),
        ["early", "second", "late"]
    );
    assert_eq!((tree.len(), tree.iter().len(), tree.roots().count()), (5, 5, 1));
    let leaf = tree.iter().nth(2).unwrap();
    assert_eq!(leaf.parent().unwrap().parent().unwrap().span(), root.span());
    assert_eq!((leaf.children().count(), leaf.is_orphan()), (0, false));
}

#[test]
fn a_child_that_started_before_its_parent_is_below_it() {
    // The clocks of two machines are never the same.
    assert_eq!(
        drawn(&SpanTree::new([span("child", Some("root"), 1), span("root", None, 2)])),
        ["root", "  child"]
    );
}

#[test]
fn a_span_without_its_parent_is_a_root() {
    let tree = SpanTree::new([span("b", Some("gone"), 2), span("c", Some("b"), 3), span("a", None, 1)]);
    assert_eq!(drawn(&tree), ["a", "b", "  c"]);
    assert_eq!(tree.iter().map(SpanNode::is_orphan).collect::<Vec<_>>(), [false, true, false]);

    let tree = SpanTree::new([span("a", Some(""), 1), span("b", Some("0000000000000000"), 2)]);
    assert!(tree.roots().all(|root| !root.is_orphan()) && tree.roots().count() == 2);
}

#[test]
fn a_parent_in_another_trace_is_none() {
    let tree = SpanTree::new([span("a", None, 1), span_with("b", Some("a"), 2, json!({"trace_id": "u"}))]);
    assert_eq!(drawn(&tree), ["a", "b"]);
}

#[test]
fn a_span_that_was_stored_twice_is_there_once() {
    let twice = [span("root", None, 1), span("child", Some("root"), 2)].map(|span| [span.clone(), span]);
    assert_eq!(drawn(&SpanTree::new(twice.into_iter().flatten())), ["root", "  child"]);
}

#[test]
fn different_spans_with_the_same_id_all_stay() {
    // As with the propagation of Zipkin, where a client and its server share an id.
    let tree = SpanTree::new([
        span("root", None, 1),
        span_with("shared", Some("root"), 2, json!({"kind": "CLIENT"})),
        span_with("shared", Some("root"), 3, json!({"kind": "SERVER"})),
        span("leaf", Some("shared"), 4),
    ]);
    assert_eq!(drawn(&tree), ["root", "  shared", "    leaf", "  shared"]);
}

#[test]
fn circles_are_cut_at_their_first_span() {
    assert_eq!(drawn(&SpanTree::new([span("self", Some("self"), 1)])), ["self"]);
    let circle =
        [span("b", Some("a"), 2), span("c", Some("b"), 3), span("a", Some("c"), 1), span("in", Some("c"), 4)];
    assert_eq!(drawn(&SpanTree::new(circle)), ["a", "  b", "    c", "      in"]);
    // The walk begins outside of the circle.
    let tail = [span("in", Some("y"), 1), span("x", Some("y"), 2), span("y", Some("x"), 3)];
    assert_eq!(drawn(&SpanTree::new(tail)), ["x", "  y", "    in"]);
}

#[test]
fn a_chain_of_any_depth_is_no_burden() {
    const DEPTH: usize = 20_000;
    let id = |index: usize| format!("{index}");
    let chain = (0..DEPTH).map(|index| span(&id(index), Some(&id(index + 1)), 1));
    let tree = SpanTree::new(chain).with_entries([entry("in the deepest", 1, json!({}))]);
    let deepest = tree.iter().last().unwrap();
    assert_eq!((deepest.depth(), deepest.entries().len()), (DEPTH - 1, 1));
    assert!(!format!("{:?}", tree.clone()).is_empty());
}

#[test]
fn entries_are_in_the_innermost_span_of_their_service() {
    let tree = SpanTree::new([
        span_with("root", None, 0, json!({"end_time": time(100)})),
        span_with("inner", Some("root"), 10, json!({"end_time": time(20)})),
        span_with("other", Some("inner"), 12, json!({"service_name": "db", "end_time": time(18)})),
    ]);
    let tree = tree.with_entries([
        entry("after", 21, json!({})),
        entry("inside", 15, json!({})),
        entry("at its end", 20, json!({})),
        entry("of the database", 15, json!({"service": "db"})),
        entry("before", 9, json!({})),
        entry("by its id", 99, json!({"spanId": "other", "service": "elsewhere"})),
        entry("too late", 101, json!({})),
        entry("of no span", 15, json!({"spanId": "gone"})),
        entry("of another service", 15, json!({"service": "mail"})),
        entry("of another trace", 15, json!({"traceId": "u"})),
        entry("of no trace", 15, json!({"traceId": null})),
    ]);
    let placed: Vec<_> = tree.iter().map(|node| messages(node.entries())).collect();
    assert_eq!(
        placed,
        [vec!["before", "after"], vec!["inside", "at its end"], vec!["of the database", "by its id"]]
    );
    let others = messages(tree.other_entries());
    assert_eq!(others, ["of no span", "of another service", "of another trace", "of no trace", "too late"]);
}

#[test]
fn entries_of_a_millisecond_with_several_spans_are_in_the_last_of_them() {
    let tree = SpanTree::new([span("outer", None, 5), span("inner", Some("outer"), 5)]);
    let tree =
        tree.with_entries([entry("second", 6, json!({}))]).with_entries([entry("first", 5, json!({}))]);
    assert_eq!(messages(tree.iter().last().unwrap().entries()), ["first", "second"]);
}

proptest! {
    #[test]
    fn every_span_has_one_place_whatever_its_parent_is(
        spans in prop::collection::vec((0_u8..12, prop::option::of(0_u8..14), 0_u32..30), 0..40),
        entries in prop::collection::vec(0_u32..60, 0..20),
    ) {
        let spans: Vec<StoredSpan> = spans
            .into_iter()
            .map(|(id, parent, start)| {
                span(&id.to_string(), parent.map(|id| id.to_string()).as_deref(), start)
            })
            .collect();
        let mut expected: Vec<_> = spans.iter().map(|span| (span.span_id.clone(), span.start)).collect();
        expected.sort();
        expected.dedup();
        let logged = entries.len();
        let tree = SpanTree::new(spans).with_entries(entries.into_iter().map(|at| entry("m", at, json!({}))));

        let mut placed: Vec<_> = tree.iter().map(|node| (node.span().span_id.clone(), node.span().start)).collect();
        placed.sort();
        prop_assert_eq!(placed, expected);
        let in_spans: usize = tree.iter().map(|node| node.entries().len()).sum();
        prop_assert_eq!(in_spans + tree.other_entries().len(), logged);
        let below: usize = tree.iter().map(|node| node.children().count()).sum();
        prop_assert_eq!(below + tree.roots().count(), tree.len());
        for node in &tree {
            prop_assert_eq!(node.depth(), node.parent().map_or(0, |parent| parent.depth() + 1));
            prop_assert!(node.children().all(|child| child.parent().unwrap().index == node.index));
            for (this, next) in node.children().zip(node.children().skip(1)) {
                prop_assert!(this.span().start <= next.span().start);
            }
        }
    }
}
