//! The entries between two heartbeats.

use std::collections::{HashSet, VecDeque};

use chrono::{DateTime, Utc};
use logtide_query::LogRecord;

use crate::{Gap, GapCause, entry_id::EntryId};

/// The server streams the newest 100 entries of each second.
const MAX_PER_BURST: usize = 100;

/// How many ids are kept. Servers before version 1.0 send the newest entries, 100 at most, every second.
const MAX_IDS: usize = 10 * MAX_PER_BURST;

/// Sorts entries, drops repeated ones, and detects that there may have been more.
#[derive(Debug, Default)]
pub(super) struct Burst {
    /// In order of arrival.
    records: Vec<LogRecord>,
    ids: HashSet<EntryId>,
    order: VecDeque<EntryId>,
    /// How many entries came since the last heartbeat, including repeated ones.
    received: usize,
    /// The times of the first and the last of them.
    ends: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// How many of them are new.
    new: usize,
    /// The span of the new entries since the last heartbeat.
    current: Option<Span>,
    /// The span of the entries before it.
    previous: Option<Span>,
}

/// The times of some entries, in milliseconds since 1970.
#[derive(Clone, Copy, Debug)]
struct Span {
    oldest: i64,
    newest: i64,
    /// How many entries have the newest time. The server reads them again for the next burst, where they count towards its limit.
    at_newest: usize,
}

impl Burst {
    /// Adds an entry, unless it is repeated. It is handed out if it matches the options.
    pub(super) fn add(&mut self, record: LogRecord, matches: impl FnOnce(&LogRecord) -> bool) {
        let first = self.ends.filter(|_| self.received > 0).map_or(record.time, |(first, _)| first);
        self.ends = Some((first, record.time));
        self.received += 1;
        let id = EntryId::of(&record);
        if !self.ids.insert(id) {
            return;
        }
        self.order.push_back(id);
        if self.order.len() > MAX_IDS {
            let oldest = self.order.pop_front();
            oldest.inspect(|oldest| _ = self.ids.remove(oldest));
        }
        self.new += 1;
        let time = record.time.timestamp_millis();
        self.current = Some(self.current.map_or_else(|| Span::of(time), |span| span.with(time)));
        if matches(&record) {
            self.records.push(record);
        }
    }

    /// Takes the entries, oldest first.
    ///
    /// The server sends each burst newest first. If the entries arrived in that order, entries with the same time are
    /// reversed too. Otherwise, or if all have the same time, those keep the order in which they arrived.
    pub(super) fn take(&mut self) -> Vec<LogRecord> {
        let mut records = std::mem::take(&mut self.records);
        if self.ends.is_some_and(|(first, last)| last < first) {
            records.reverse();
        }
        records.sort_by_key(|record| record.time);
        records
    }

    /// Ends the burst at a heartbeat. Returns a gap if there may have been more entries than the server sent.
    pub(super) fn end(&mut self) -> Option<Gap> {
        let (current, previous) = (self.current.take(), self.previous);
        let capacity = MAX_PER_BURST - previous.map_or(0, |span| span.at_newest.min(MAX_PER_BURST));
        let was_full = self.new > 0 && (self.received >= MAX_PER_BURST || self.new >= capacity);
        self.previous = match (previous, current) {
            (Some(previous), Some(current)) if previous.newest == current.newest => {
                Some(Span { at_newest: previous.at_newest + current.at_newest, ..current })
            }
            (previous, current) => current.or(previous),
        };
        (self.received, self.new) = (0, 0);
        was_full.then(|| {
            let (newest, oldest) = (previous.map(|span| span.newest), current.map(|span| span.oldest));
            Gap::new(GapCause::Burst, newest, oldest)
        })
    }

    /// The time of the newest entry before the last heartbeat.
    pub(super) fn newest(&self) -> Option<i64> {
        self.previous.map(|span| span.newest)
    }
}

impl Span {
    fn of(time: i64) -> Self {
        Self { oldest: time, newest: time, at_newest: 1 }
    }

    fn with(mut self, time: i64) -> Self {
        self.oldest = self.oldest.min(time);
        if time == self.newest {
            self.at_newest += 1;
        } else if time > self.newest {
            (self.newest, self.at_newest) = (time, 1);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::record;

    fn add(burst: &mut Burst, ids: impl IntoIterator<Item = u32>, time: impl Fn(u32) -> i64) {
        for id in ids {
            burst.add(record(id, time(id)), |_| true);
        }
    }

    #[test]
    fn entries_that_come_newest_first_are_handed_out_oldest_first_and_once() {
        let mut burst = Burst::default();
        add(&mut burst, [5, 4, 3, 5, 1], |id| i64::from(id) / 2);
        let ids: Vec<_> = burst.take().iter().map(|record| record.message.clone()).collect();
        assert_eq!(ids, ["1", "3", "4", "5"]);
        assert_eq!(burst.end(), None);
        add(&mut burst, [5, 4], i64::from);
        assert!(burst.take().is_empty());
    }

    fn taken(times: &[i64]) -> Vec<String> {
        let mut burst = Burst::default();
        // An earlier burst must not affect the order.
        add(&mut burst, [1_000, 1_001], |id| i64::from(id).saturating_neg());
        burst.end();
        burst.take();
        add(&mut burst, 0..times.len() as u32, |id| times[id as usize]);
        burst.end();
        burst.take().into_iter().map(|record| record.message).collect()
    }

    #[test]
    fn entries_of_one_time_stay_in_order_unless_the_burst_is_newest_first() {
        assert_eq!(taken(&[7, 7, 7]), ["0", "1", "2"]);
        assert_eq!(taken(&[7, 7, 8, 8]), ["0", "1", "2", "3"]);
        assert_eq!(taken(&[8, 8, 7, 7]), ["3", "2", "1", "0"]);
        assert_eq!(taken(&[7]), ["0"]);
    }

    #[test]
    fn a_burst_is_still_newest_first_when_its_end_is_handed_out_alone() {
        let mut burst = Burst::default();
        add(&mut burst, [4, 3], i64::from);
        burst.take();
        add(&mut burst, [2, 1], |_| 1);
        let ids: Vec<_> = burst.take().into_iter().map(|record| record.message).collect();
        assert_eq!(ids, ["1", "2"]);
    }

    proptest! {
        #[test]
        fn entries_and_gaps_are_in_order_for_any_input(
            bursts in prop::collection::vec((prop::collection::vec((0u32..400, 0i64..50), 0..120), any::<bool>()), 0..8),
        ) {
            let (mut burst, mut seen) = (Burst::default(), HashSet::new());
            for (entries, is_server) in bursts {
                // A repeated entry has the same time.
                let mut entries: Vec<_> = entries.into_iter().map(|(id, time)| (id, 1_000 + time + i64::from(id % 60))).collect();
                if is_server {
                    entries.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
                }
                for (id, time) in &entries {
                    burst.add(record(*id, *time), |_| true);
                }
                if let Some(gap) = burst.end() {
                    prop_assert!(gap.from.zip(gap.to).is_none_or(|(from, to)| from <= to), "{gap:?}");
                    prop_assert!(gap.to.is_some());
                }
                let taken = burst.take();
                prop_assert!(taken.is_sorted_by_key(|record| record.time));
                prop_assert!(taken.iter().all(|record| seen.insert(record.id.clone())), "an entry is repeated");
            }
        }
    }

    #[test]
    fn a_full_burst_is_a_gap() {
        let mut burst = Burst::default();
        add(&mut burst, 0..99, |id| 1_000 + i64::from(id));
        assert_eq!(burst.end(), None);
        add(&mut burst, (200..300).rev(), |id| 1_000 + i64::from(id));
        assert_eq!(burst.end(), Some(Gap::new(GapCause::Burst, Some(1_098), Some(1_200))));
        assert_eq!(burst.end(), None);
    }

    #[test]
    fn entries_of_the_newest_time_count_towards_the_next_burst() {
        let mut burst = Burst::default();
        add(&mut burst, 0..60, |_| 1_000);
        assert_eq!(burst.end(), None);
        add(&mut burst, 60..100, |id| 1_000 + i64::from(id));
        assert!(burst.end().is_some());
    }

    #[test]
    fn repeated_entries_are_no_gap() {
        let mut burst = Burst::default();
        for _ in 0..5 {
            add(&mut burst, 0..60, |_| 1_000);
            assert_eq!(burst.end(), None);
        }
        add(&mut burst, 100..200, |_| 2_000);
        assert!(burst.end().is_some());
        for _ in 0..5 {
            add(&mut burst, 100..200, |_| 2_000);
            assert_eq!(burst.end(), None);
        }
    }

    #[test]
    fn memory_is_bounded() {
        let mut burst = Burst::default();
        add(&mut burst, 0..10_000, i64::from);
        assert_eq!((burst.ids.len(), burst.order.len()), (MAX_IDS, MAX_IDS));
    }
}
