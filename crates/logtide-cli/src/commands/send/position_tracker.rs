//! How far the entries of each file are settled.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use logtide::{ClientMetrics, DropReason};

/// The number of an input.
pub(super) type Source = u32;

/// Tracks which entries are not settled, in the order in which they were submitted.
///
/// The client delivers in that order, so the number of settled entries tells which ones they are.
#[derive(Debug, Default)]
pub(super) struct PositionTracker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    settled: u64,
    open: VecDeque<(Source, u64)>,
    positions: BTreeMap<Source, u64>,
}

impl PositionTracker {
    /// Adds an input whose entries are settled up to a position.
    pub(super) fn begin(&self, source: Source, position: u64) {
        self.lock().positions.insert(source, position);
    }

    /// Records an entry that is about to be submitted, and where its last line ends.
    pub(super) fn submitted(&self, source: Source, end: u64) {
        self.lock().open.push_back((source, end));
    }

    /// Records that an input has no more entries up to a position: only empty lines follow the last one.
    pub(super) fn advance(&self, source: Source, end: u64) {
        let mut state = self.lock();
        match state.open.iter_mut().rev().find(|(open, _)| *open == source) {
            Some((_, last)) => *last = end,
            None => {
                state.positions.insert(source, end);
            }
        }
    }

    /// Returns up to which position the entries of each input are delivered, spooled or rejected.
    pub(super) fn settle(&self, metrics: &ClientMetrics) -> BTreeMap<Source, u64> {
        let unsent = [DropReason::Closed, DropReason::Shutdown].map(|reason| metrics.dropped_for(reason));
        let settled = metrics.logs_sent + metrics.spooled + metrics.logs_dropped - unsent.iter().sum::<u64>();
        let mut state = self.lock();
        let more = settled.saturating_sub(state.settled).min(state.open.len() as u64);
        state.settled += more;
        let done: Vec<_> = state.open.drain(..more as usize).collect();
        state.positions.extend(done);
        state.positions.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
