//! Assigns entries to spans.

use std::collections::{BinaryHeap, HashMap};

use chrono::{DateTime, Utc};

use super::{Place, SpanTree};
use crate::LogRecord;

/// The spans of one service in one trace, for a time that only moves forward.
#[derive(Debug, Default)]
struct Running {
    /// The indices of spans that have not started. The next one is at the end.
    ahead: Vec<usize>,
    /// Spans that have started, the latest at the end. Some may have ended.
    started: BinaryHeap<(DateTime<Utc>, usize)>,
}

/// Adds entries to the spans of a tree.
pub(super) fn place(tree: &mut SpanTree, entries: impl IntoIterator<Item = LogRecord>) {
    let places = &mut tree.places;
    let mut entries: Vec<LogRecord> = entries.into_iter().collect();
    entries.sort_by_key(|entry| entry.time);

    let by_id: HashMap<(String, String), usize> =
        places.iter().enumerate().rev().map(|(index, place)| (id_of(place), index)).collect();
    let mut running = running(places);
    for entry in entries {
        let place = entry.trace_id.clone().and_then(|trace| match &entry.span_id {
            Some(span) => by_id.get(&(trace, span.clone())).copied(),
            None => running.get_mut(&(trace, entry.service.clone()))?.at(entry.time, places),
        });
        match place {
            Some(index) => places[index].entries.push(entry),
            None => tree.other_entries.push(entry),
        }
    }
    // There may be entries of an earlier call.
    for entries in places.iter_mut().map(|place| &mut place.entries).chain([&mut tree.other_entries]) {
        entries.sort_by_key(|entry| entry.time);
    }
}

fn id_of(place: &Place) -> (String, String) {
    (place.span.trace_id.clone(), place.span.span_id.clone())
}

fn running(places: &[Place]) -> HashMap<(String, String), Running> {
    let mut running: HashMap<(String, String), Running> = HashMap::new();
    let mut indices: Vec<usize> = (0..places.len()).collect();
    indices.sort_by_key(|index| std::cmp::Reverse(places[*index].span.start));
    for index in indices {
        let span = &places[index].span;
        running.entry((span.trace_id.clone(), span.service.clone())).or_default().ahead.push(index);
    }
    running
}

impl Running {
    /// The span that started last among those running at a time, which must not be before that of the last call. If
    /// several started in the same millisecond, the deepest one.
    fn at(&mut self, time: DateTime<Utc>, places: &[Place]) -> Option<usize> {
        while let Some(index) = self.ahead.pop_if(|index| places[*index].span.start <= time) {
            self.started.push((places[index].span.start, index));
        }
        while let Some((_, index)) = self.started.peek() {
            if places[*index].span.end >= time {
                return Some(*index);
            }
            self.started.pop();
        }
        None
    }
}
