//! The entries that were handed out.

use std::collections::BTreeSet;

use logtide_query::LogRecord;

use crate::entry_id::EntryId;

/// Ids of entries with a time to come that are kept. Others wait until their time is there.
const MAX_AHEAD: usize = 20_000;

/// The ids of entries, by time, from a time on and up to a number.
#[derive(Clone, Debug)]
pub(super) struct Known {
    ids: BTreeSet<(i64, EntryId)>,
    max: usize,
    /// Nothing older is known, in milliseconds since 1970.
    floor: i64,
    /// What is later than this is ahead of its time: clocks of some programs are.
    horizon: i64,
    ahead: BTreeSet<(i64, EntryId)>,
}

impl Known {
    pub(super) fn new(max: usize, floor: i64) -> Self {
        Self { ids: BTreeSet::new(), max, floor, horizon: i64::MIN, ahead: BTreeSet::new() }
    }

    /// Time has gone on, and what is not later than this is present.
    pub(super) fn set_horizon(&mut self, time: i64) {
        if time > self.horizon {
            self.horizon = time;
            let ahead = self.ahead.split_off(&(time.saturating_add(1), EntryId::MIN));
            self.ids.append(&mut std::mem::replace(&mut self.ahead, ahead));
        }
    }

    /// Nothing older is known, and what is older counts as known.
    pub(super) fn floor(&self) -> i64 {
        self.floor
    }

    /// Whether an entry is known, or taken for known.
    pub(super) fn contains(&self, record: &LogRecord) -> bool {
        let key = key(record);
        key.0 < self.floor || self.ids.contains(&key) || self.ahead.contains(&key)
    }

    /// Whether an entry was unknown, and knows it from now on.
    ///
    /// When there are too many, a tenth of them is forgotten, the oldest, and the floor rises. An entry that is ahead of its
    /// time is put off when there are too many of these.
    pub(super) fn insert(&mut self, record: &LogRecord) -> bool {
        let key = key(record);
        if key.0 > self.horizon {
            return self.ahead.len() < MAX_AHEAD && self.ahead.insert(key);
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

    /// Forgets what is older, and takes it for known.
    pub(super) fn forget_before(&mut self, time: i64) {
        if time > self.floor {
            self.floor = time;
            self.ids = self.ids.split_off(&(time, EntryId::MIN));
        }
    }

    /// Knows older entries too from now on, of which none was known so far.
    pub(super) fn lower_floor(&mut self, time: i64) {
        self.floor = self.floor.min(time);
    }

    /// Whether all further entries that are ahead of their time are put off.
    pub(super) fn is_full_ahead(&self) -> bool {
        self.ahead.len() >= MAX_AHEAD
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

    fn known(max: usize, floor: i64) -> Known {
        let mut known = Known::new(max, floor);
        known.set_horizon(1_000_000);
        known
    }

    fn entry(time: i64, number: u32) -> LogRecord {
        crate::testing::record(number, time)
    }

    #[test]
    fn an_entry_is_unknown_once() {
        let mut known = known(100, 5);
        let entries = [entry(5, 1), entry(5, 2), entry(6, 3)];
        assert!(entries.iter().all(|entry| !known.contains(entry) && known.insert(entry)));
        assert!(entries.iter().all(|entry| known.contains(entry) && !known.insert(entry)));
        assert!(known.contains(&entry(4, 9)), "what is older than the floor counts as known");
    }

    #[test]
    fn what_is_forgotten_counts_as_known() {
        let mut known = known(100, 0);
        (0..10).for_each(|time| assert!(known.insert(&entry(time, 1))));
        known.forget_before(7);
        assert_eq!((known.len(), known.floor()), (3, 7));
        assert!(!known.insert(&entry(6, 2)) && known.insert(&entry(7, 2)));
        known.forget_before(3);
        assert_eq!(known.floor(), 7);
    }

    #[test]
    fn memory_is_bounded_and_the_newest_are_kept() {
        let mut known = known(1_000, 0);
        for time in 0..20_000 {
            assert!(known.insert(&entry(time, 0)));
            assert!(known.len() <= 1_000);
        }
        assert!((19_000..19_200).contains(&known.floor()), "{}", known.floor());
    }

    #[test]
    fn one_moment_with_more_than_the_bound_does_not_break_it() {
        let mut known = known(1_000, 0);
        for number in 0..3_000 {
            known.insert(&entry(7, number));
            assert!(known.len() <= 1_000);
        }
        assert_eq!(known.floor(), 8);
    }

    #[test]
    fn many_that_are_ahead_of_their_time_push_out_nothing_and_come_when_it_is_there() {
        let mut known = known(100, 0);
        let late = 1_000_001;
        let ahead: Vec<_> = (0..30_000).map(|number| entry(late, number)).collect();
        let taken = ahead.iter().filter(|entry| known.insert(entry)).count();
        assert_eq!((taken, known.floor()), (MAX_AHEAD, 0));
        assert!(known.insert(&entry(500_000, 1)), "what is present is known as ever");
        assert!(known.contains(&ahead[0]) && !known.contains(&ahead[29_999]));
    }

    #[test]
    fn what_was_ahead_is_still_known_when_its_time_is_there() {
        let mut known = known(100, 0);
        let early = entry(1_000_001, 1);
        assert!(known.insert(&early));
        known.set_horizon(1_000_001);
        assert!(known.contains(&early) && !known.insert(&early));
        assert_eq!(known.len(), 1);
    }
}
