//! The entries that were handed out.

use std::collections::BTreeSet;

use logtide_query::LogRecord;

use crate::entry_id::EntryId;

/// How many ids of entries with a future time are kept. Further ones are deferred until their time comes.
const MAX_FUTURE: usize = 20_000;

/// The ids of the entries that were handed out, by time, from a lower bound on and up to a maximum number.
#[derive(Clone, Debug)]
pub(super) struct SeenEntries {
    ids: BTreeSet<(i64, EntryId)>,
    max: usize,
    /// Everything older counts as seen. In milliseconds since 1970.
    floor: i64,
    /// Entries later than this have a future time, because a program's clock is ahead. In milliseconds since 1970.
    present: i64,
    future: BTreeSet<(i64, EntryId)>,
}

impl SeenEntries {
    pub(super) fn new(max: usize, floor: i64) -> Self {
        Self { ids: BTreeSet::new(), max, floor, present: i64::MIN, future: BTreeSet::new() }
    }

    /// Moves the present forward to a time; it never moves back.
    pub(super) fn advance_to(&mut self, time: i64) {
        if time > self.present {
            self.present = time;
            let future = self.future.split_off(&(time.saturating_add(1), EntryId::MIN));
            self.ids.append(&mut std::mem::replace(&mut self.future, future));
        }
    }

    /// The time before which everything counts as seen.
    pub(super) fn floor(&self) -> i64 {
        self.floor
    }

    /// Whether an entry was seen, or counts as seen.
    pub(super) fn contains(&self, record: &LogRecord) -> bool {
        let key = key(record);
        key.0 < self.floor || self.ids.contains(&key) || self.future.contains(&key)
    }

    /// Adds an entry. Returns whether it is new and can be handed out.
    ///
    /// When there are too many ids, the oldest tenth is forgotten and the floor rises. An entry with a future time is
    /// refused when there are too many of those; it is found again when its time comes.
    pub(super) fn insert(&mut self, record: &LogRecord) -> bool {
        let key = key(record);
        if key.0 > self.present {
            return self.future.len() < MAX_FUTURE && self.future.insert(key);
        }
        if key.0 < self.floor || !self.ids.insert(key) {
            return false;
        }
        if self.ids.len() > self.max {
            let oldest_kept = self.ids.iter().nth(self.max / 10).map_or(key.0, |(time, _)| time + 1);
            self.forget_before(oldest_kept);
        }
        true
    }

    /// Forgets what is older than a time, which counts as seen from then on.
    pub(super) fn forget_before(&mut self, time: i64) {
        if time > self.floor {
            self.floor = time;
            self.ids = self.ids.split_off(&(time, EntryId::MIN));
        }
    }

    /// Lowers the floor: entries between the new floor and the old one count as not seen.
    pub(super) fn lower_floor(&mut self, time: i64) {
        self.floor = self.floor.min(time);
    }

    /// Whether every further entry with a future time is refused.
    pub(super) fn is_future_full(&self) -> bool {
        self.future.len() >= MAX_FUTURE
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }
}

fn key(record: &LogRecord) -> (i64, EntryId) {
    (record.time.timestamp_millis(), EntryId::of(record))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen_entries(max: usize, floor: i64) -> SeenEntries {
        let mut seen = SeenEntries::new(max, floor);
        seen.advance_to(1_000_000);
        seen
    }

    fn entry(time: i64, number: u32) -> LogRecord {
        crate::testing::record(number, time)
    }

    #[test]
    fn an_entry_is_new_once() {
        let mut seen = seen_entries(100, 5);
        let entries = [entry(5, 1), entry(5, 2), entry(6, 3)];
        assert!(entries.iter().all(|entry| !seen.contains(entry) && seen.insert(entry)));
        assert!(entries.iter().all(|entry| seen.contains(entry) && !seen.insert(entry)));
        assert!(seen.contains(&entry(4, 9)), "an entry older than the floor counts as seen");
    }

    #[test]
    fn what_is_forgotten_counts_as_seen() {
        let mut seen = seen_entries(100, 0);
        (0..10).for_each(|time| assert!(seen.insert(&entry(time, 1))));
        seen.forget_before(7);
        assert_eq!((seen.len(), seen.floor()), (3, 7));
        assert!(!seen.insert(&entry(6, 2)) && seen.insert(&entry(7, 2)));
        seen.forget_before(3);
        assert_eq!(seen.floor(), 7);
    }

    #[test]
    fn memory_is_bounded_and_the_newest_are_kept() {
        let mut seen = seen_entries(1_000, 0);
        for time in 0..20_000 {
            assert!(seen.insert(&entry(time, 0)));
            assert!(seen.len() <= 1_000);
        }
        assert!((19_000..19_200).contains(&seen.floor()), "{}", seen.floor());
    }

    #[test]
    fn more_entries_of_one_time_than_the_maximum_raise_the_floor() {
        let mut seen = seen_entries(1_000, 0);
        for number in 0..3_000 {
            seen.insert(&entry(7, number));
            assert!(seen.len() <= 1_000);
        }
        assert_eq!(seen.floor(), 8);
    }

    #[test]
    fn many_future_entries_displace_no_others() {
        let mut seen = seen_entries(100, 0);
        let late = 1_000_001;
        let ahead: Vec<_> = (0..30_000).map(|number| entry(late, number)).collect();
        let taken = ahead.iter().filter(|entry| seen.insert(entry)).count();
        assert_eq!((taken, seen.floor()), (MAX_FUTURE, 0));
        assert!(seen.insert(&entry(500_000, 1)), "present entries are still accepted");
        assert!(seen.contains(&ahead[0]) && !seen.contains(&ahead[29_999]));
    }

    #[test]
    fn a_future_entry_is_still_seen_when_its_time_comes() {
        let mut seen = seen_entries(100, 0);
        let early = entry(1_000_001, 1);
        assert!(seen.insert(&early));
        seen.advance_to(1_000_001);
        assert!(seen.contains(&early) && !seen.insert(&early));
        assert_eq!(seen.len(), 1);
    }
}
