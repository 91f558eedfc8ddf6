//! Counts of entries over time.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use logtide::{Interval, Level};

/// The number of levels.
const LEVELS: usize = Level::ALL.len();

/// Counts of entries by level, in intervals of equal length.
#[derive(Clone, Debug)]
pub(super) struct Counts {
    pub(super) from: DateTime<Utc>,
    pub(super) to: DateTime<Utc>,
    pub(super) interval: Interval,
    /// Keyed by the start of the interval, in seconds since 1970. Intervals without entries are left out.
    buckets: BTreeMap<i64, [u64; LEVELS]>,
}

impl Counts {
    /// Counts from one time to another, in at most a few hundred intervals.
    pub(super) fn new(from: DateTime<Utc>, to: DateTime<Utc>) -> Self {
        let interval = match to - from {
            length if length <= TimeDelta::hours(6) => Interval::Minute,
            length if length <= TimeDelta::days(2) => Interval::FiveMinutes,
            length if length <= TimeDelta::days(30) => Interval::Hour,
            _ => Interval::Day,
        };
        Self { from, to, interval, buckets: BTreeMap::new() }
    }

    /// Returns the length of an interval in seconds.
    pub(super) fn seconds(&self) -> i64 {
        match self.interval {
            Interval::Minute => 60,
            Interval::FiveMinutes => 300,
            Interval::Day => 86_400,
            _ => 3_600,
        }
    }

    /// Adds entries of a level that were logged at a time, or in the interval that begins then.
    pub(super) fn add(&mut self, time: DateTime<Utc>, level: Level, entries: u64) {
        let seconds = self.seconds();
        let start = time.timestamp().div_euclid(seconds) * seconds;
        if entries > 0 {
            let count = &mut self.buckets.entry(start).or_default()[level as usize];
            *count = count.saturating_add(entries);
        }
    }

    /// Returns the intervals with entries: the start of each, and the count for each level.
    pub(super) fn buckets(&self) -> impl Iterator<Item = (DateTime<Utc>, &[u64; LEVELS])> {
        self.buckets.iter().filter_map(|(start, counts)| Some((DateTime::from_timestamp(*start, 0)?, counts)))
    }

    /// Returns the number of entries of a level.
    pub(super) fn of_level(&self, level: Level) -> u64 {
        self.buckets.values().fold(0, |sum, counts| sum.saturating_add(counts[level as usize]))
    }

    /// Returns the number of entries.
    pub(super) fn total(&self) -> u64 {
        Level::ALL.into_iter().fold(0, |sum, level| sum.saturating_add(self.of_level(level)))
    }
}
