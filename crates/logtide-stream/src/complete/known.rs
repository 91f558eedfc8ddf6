//! The entries that were handed out.

use std::collections::BTreeSet;

use logtide_query::LogRecord;

use crate::entry_id::EntryId;

/// The ids of entries, by time, from a time on and up to a number.
#[derive(Debug)]
pub(super) struct Known {
    ids: BTreeSet<(i64, EntryId)>,
    max: usize,
    /// Nothing older is known, in milliseconds since 1970.
    floor: i64,
}

impl Known {
    pub(super) fn new(max: usize, floor: i64) -> Self {
        Self { ids: BTreeSet::new(), max, floor }
    }

    /// Nothing older is known, and what is older counts as known.
    pub(super) fn floor(&self) -> i64 {
        self.floor
    }

    /// Whether an entry is known, or taken for known.
    pub(super) fn contains(&self, record: &LogRecord) -> bool {
        let (time, id) = key(record);
        time < self.floor || self.ids.contains(&(time, id))
    }

    /// Whether an entry was unknown, and knows it from now on.
    ///
    /// When there are too many, a tenth of them is forgotten, the oldest, and the floor rises.
    pub(super) fn insert(&mut self, record: &LogRecord) -> bool {
        let (time, id) = key(record);
        if time < self.floor || !self.ids.insert((time, id)) {
            return false;
        }
        if self.ids.len() > self.max {
            let oldest_kept = self.ids.iter().nth(self.max / 10).map_or(time, |(time, _)| time + 1);
            self.forget_before(oldest_kept);
        }
        true
    }

    /// Forgets what is older, and takes it for known.
    pub(super) fn forget_before(&mut self, time: i64) {
        if time > self.floor {
            self.floor = time;
            self.ids = self.ids.split_off(&(time, EntryId::MIN));
        }
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

    fn entry(time: i64, number: u32) -> LogRecord {
        crate::testing::record(number, time)
    }

    #[test]
    fn an_entry_is_unknown_once() {
        let mut known = Known::new(100, 5);
        let entries = [entry(5, 1), entry(5, 2), entry(6, 3)];
        assert!(entries.iter().all(|entry| !known.contains(entry) && known.insert(entry)));
        assert!(entries.iter().all(|entry| known.contains(entry) && !known.insert(entry)));
        assert!(known.contains(&entry(4, 9)), "what is older than the floor counts as known");
    }

    #[test]
    fn what_is_forgotten_counts_as_known() {
        let mut known = Known::new(100, 0);
        (0..10).for_each(|time| assert!(known.insert(&entry(time, 1))));
        known.forget_before(7);
        assert_eq!((known.len(), known.floor()), (3, 7));
        assert!(!known.insert(&entry(6, 2)) && known.insert(&entry(7, 2)));
        known.forget_before(3);
        assert_eq!(known.floor(), 7);
    }

    #[test]
    fn memory_is_bounded_and_the_newest_are_kept() {
        let mut known = Known::new(1_000, 0);
        for time in 0..20_000 {
            assert!(known.insert(&entry(time, 0)));
            assert!(known.len() <= 1_000);
        }
        assert!((19_000..19_200).contains(&known.floor()), "{}", known.floor());
    }

    #[test]
    fn one_moment_with_more_than_the_bound_does_not_break_it() {
        let mut known = Known::new(1_000, 0);
        for number in 0..3_000 {
            known.insert(&entry(7, number));
            assert!(known.len() <= 1_000);
        }
        assert_eq!(known.floor(), 8);
    }
}
