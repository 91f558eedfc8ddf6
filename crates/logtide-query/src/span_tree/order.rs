//! Orders spans as a tree.

use std::collections::{HashMap, HashSet};

use super::Place;
use crate::StoredSpan;

/// Spans sorted by their start, each with its parent, without cycles.
#[derive(Debug)]
pub(super) struct Order {
    spans: Vec<StoredSpan>,
    parents: Vec<Parent>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Parent {
    None,
    Missing,
    At(usize),
}

impl Order {
    pub(super) fn of(spans: impl IntoIterator<Item = StoredSpan>) -> Self {
        let mut spans = each_once(spans);
        spans.sort_by_key(|span| span.start);
        let mut parents = parents(&spans);
        cut_circles(&mut parents);
        Self { spans, parents }
    }

    /// The spans, parents before their children.
    pub(super) fn places(self) -> Vec<Place> {
        let Self { spans, parents } = self;
        let mut roots = Vec::new();
        let mut children = vec![Vec::new(); spans.len()];
        for (index, parent) in parents.iter().enumerate() {
            match parent {
                Parent::At(parent) => children[*parent].push(index),
                Parent::None | Parent::Missing => roots.push(index),
            }
        }

        let mut spans: Vec<Option<StoredSpan>> = spans.into_iter().map(Some).collect();
        let mut places: Vec<Place> = Vec::with_capacity(spans.len());
        // The spans still to be placed, the next one at the end, each with the position of its parent.
        let mut ahead: Vec<(usize, Option<usize>)> =
            roots.into_iter().rev().map(|root| (root, None)).collect();
        while let Some((index, parent)) = ahead.pop() {
            let Some(span) = spans[index].take() else { continue };
            let place = places.len();
            places.push(Place {
                span,
                entries: Vec::new(),
                depth: parent.map_or(0, |parent| places[parent].depth + 1),
                parent,
                is_orphan: parents[index] == Parent::Missing,
                end: place + 1,
            });
            ahead.extend(children[index].iter().rev().map(|child| (*child, Some(place))));
        }
        // From the last one on, so that the descendants of a span are known before it.
        for index in (0..places.len()).rev() {
            if let Some(parent) = places[index].parent {
                places[parent].end = places[parent].end.max(places[index].end);
            }
        }
        places
    }
}

/// Removes spans that were stored again. The same span always has the same id, times and names.
fn each_once(spans: impl IntoIterator<Item = StoredSpan>) -> Vec<StoredSpan> {
    let mut seen = HashSet::new();
    let mut is_new = |span: &StoredSpan| {
        let ids = (span.trace_id.clone(), span.span_id.clone());
        let names = (span.service.clone(), span.operation.clone(), span.kind.clone());
        seen.insert((ids, names, span.start, span.end))
    };
    spans.into_iter().filter(|span| is_new(span)).collect()
}

/// Finds the parent of each span: the first one with the id.
fn parents(spans: &[StoredSpan]) -> Vec<Parent> {
    let mut by_id = HashMap::new();
    for (index, span) in spans.iter().enumerate() {
        by_id.entry((&*span.trace_id, &*span.span_id)).or_insert(index);
    }
    let parent = |span: &StoredSpan| match span.parent_span_id.as_deref() {
        Some(id) if is_an_id(id) => {
            by_id.get(&(&*span.trace_id, id)).map_or(Parent::Missing, |parent| Parent::At(*parent))
        }
        _ => Parent::None,
    };
    spans.iter().map(parent).collect()
}

/// OpenTelemetry writes an empty id, or one of zeros, if there is none.
fn is_an_id(text: &str) -> bool {
    text.bytes().any(|byte| byte != b'0')
}

/// Makes the first span of each cycle a root.
fn cut_circles(parents: &mut [Parent]) {
    // The walk that reached each span.
    let mut walks: Vec<Option<usize>> = vec![None; parents.len()];
    for walk in 0..parents.len() {
        let mut index = walk;
        while walks[index].is_none() {
            walks[index] = Some(walk);
            match parents[index] {
                Parent::At(parent) => index = parent,
                Parent::None | Parent::Missing => break,
            }
        }
        // A walk that reaches one of its own spans is in a cycle.
        if walks[index] == Some(walk)
            && let Parent::At(parent) = parents[index]
        {
            let first = first_in_circle(parents, index, parent);
            parents[first] = Parent::None;
        }
    }
}

/// The lowest index in a cycle, given one of its spans and its parent.
fn first_in_circle(parents: &[Parent], start: usize, parent: usize) -> usize {
    let (mut first, mut index) = (start, parent);
    while index != start {
        first = first.min(index);
        match parents[index] {
            Parent::At(parent) => index = parent,
            Parent::None | Parent::Missing => break,
        }
    }
    first
}
