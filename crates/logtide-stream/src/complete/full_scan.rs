//! The order in which a range of time is read.

/// How far a program's clock may be ahead for its entries to count as present, in milliseconds.
pub(super) const CLOCK_TOLERANCE: i64 = 5_000;

/// Longer than any range that is read: the first attempt reads everything at once.
const UNLIMITED: i64 = i64::MAX / 4;

/// Reads all entries from a time on, oldest first, in ranges that are small enough to be held in memory.
///
/// Pages come newest first. So the length of a range is halved when it has too many entries, and doubled after it was
/// read. Adjacent ranges share their border, so it does not matter whether the server includes entries exactly on it:
/// entries are deduplicated by id.
#[derive(Debug)]
pub(super) struct FullScan {
    /// The longest time from an entry's timestamp until queries find the entry, in milliseconds.
    max_delay: i64,
    /// When the first range was read that may still have lacked entries, in milliseconds since 1970.
    started_at: Option<i64>,
    from: i64,
    /// Entries later than this have a future time.
    end: i64,
    length: i64,
    /// Entries with a future time are still to be read.
    future: bool,
}

/// What to read next. Times are in milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScanRange {
    /// Hold all of it and put it in order, or report that there are too many entries.
    Ordered { from: i64, to: i64 },
    /// Hand out page by page in any order: a range of 1 ms cannot be divided.
    Indivisible { from: i64, to: i64 },
    /// Hand out page by page, without an upper bound: times of clocks that are ahead have no useful order.
    Future { from: i64 },
}

impl FullScan {
    pub(super) fn new(from: i64, now: i64, max_delay: i64) -> Self {
        let end = now.saturating_add(CLOCK_TOLERANCE);
        Self { max_delay, started_at: None, from, end, length: UNLIMITED, future: true }
    }

    /// The server's time such that, after the scan, everything that had arrived by then is read.
    ///
    /// What arrives later has at least this time minus `max_delay`. Everything earlier was read when no entry of that
    /// time could be missing any more.
    pub(super) fn started_at(&self) -> Option<i64> {
        self.started_at
    }

    /// Everything before this time is read.
    pub(super) fn position(&self) -> i64 {
        self.from
    }

    /// Skips everything before a time.
    pub(super) fn skip_to(&mut self, time: i64) {
        self.from = self.from.max(time);
    }

    /// Extends the scan to the present, unless it has got there: what has arrived meanwhile is read in order.
    pub(super) fn extend_to(&mut self, now: i64) {
        if self.from < now {
            self.end = self.end.max(now.saturating_add(CLOCK_TOLERANCE));
        }
    }

    /// Whether the scan has taken so long that it must end early: otherwise late entries would wait for it, and ids would
    /// accumulate.
    ///
    /// The next scan starts `max_delay` before [`started_at`](Self::started_at); everything earlier is read.
    pub(super) fn is_overdue(&self, now: i64) -> bool {
        let limit = self.max_delay.max(CLOCK_TOLERANCE);
        self.started_at.is_some_and(|started| now.saturating_sub(started) > limit)
    }

    /// Returns the range to read next, or `None` when everything is read.
    pub(super) fn next(&self) -> Option<ScanRange> {
        let (from, end) = (self.from, self.end);
        if !self.future {
            return None;
        }
        if from >= end {
            return Some(ScanRange::Future { from });
        }
        if self.length == UNLIMITED {
            return Some(ScanRange::Ordered { from, to: i64::MAX });
        }
        let to = from.saturating_add(self.length).min(end);
        Some(if to - from > 1 {
            ScanRange::Ordered { from, to }
        } else {
            ScanRange::Indivisible { from, to }
        })
    }

    /// Records that a range was read when the server's clock showed `at`, and that the consumer has taken its entries by `now`.
    pub(super) fn done(&mut self, range: ScanRange, at: i64, now: i64) {
        let is_settled = match range {
            ScanRange::Ordered { to, .. } | ScanRange::Indivisible { to, .. } => {
                to < at.saturating_sub(self.max_delay)
            }
            ScanRange::Future { .. } => false,
        };
        if !is_settled {
            self.started_at.get_or_insert(at);
        }
        match range {
            ScanRange::Ordered { to: i64::MAX, .. } => (self.from, self.future) = (self.end, false),
            ScanRange::Ordered { to, .. } | ScanRange::Indivisible { to, .. } => {
                // With a slow consumer, entries have arrived since the range was read. They come before later ones.
                self.from = if now.saturating_sub(at) < CLOCK_TOLERANCE { to } else { to.min(at) };
                self.length = self.length.saturating_mul(2).min(UNLIMITED);
            }
            ScanRange::Future { .. } => self.future = false,
        }
    }

    /// Records that a range has too many entries. Those that were read lie between these times.
    pub(super) fn too_many(&mut self, oldest: i64, newest: i64) {
        let until = oldest.min(self.end);
        // When all of them have the same time, there may be few before it.
        let length = if oldest == newest { until - 1 - self.from } else { (until - self.from) / 2 };
        self.length = length.max(1);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MAX_DELAY: i64 = 10_000;

    #[test]
    fn it_counts_from_the_first_range_that_may_lack_entries() {
        let mut scan = FullScan::new(0, 100_000, MAX_DELAY);
        scan.too_many(60_000, 90_000);
        let read = |scan: &mut FullScan, at| {
            let range = scan.next().unwrap();
            scan.done(range, at, at);
        };
        read(&mut scan, 100_000);
        assert_eq!((scan.position(), scan.started_at()), (30_000, None));
        read(&mut scan, 101_000);
        assert_eq!((scan.position(), scan.started_at()), (90_000, None), "read when it was 11 s old");
        read(&mut scan, 102_000);
        assert_eq!(scan.started_at(), Some(102_000));
        read(&mut scan, 103_000);
        assert_eq!((scan.started_at(), scan.next()), (Some(102_000), None));
    }

    #[test]
    fn few_entries_are_read_as_one_range() {
        let mut scan = FullScan::new(1_000, 60_000, MAX_DELAY);
        assert_eq!(scan.next(), Some(ScanRange::Ordered { from: 1_000, to: i64::MAX }));
        scan.done(scan.next().unwrap(), 0, 0);
        assert_eq!(scan.next(), None);
    }

    #[test]
    fn a_scan_that_is_behind_reads_what_has_arrived_and_ends() {
        let mut scan = FullScan::new(0, 10_000, MAX_DELAY);
        scan.too_many(5_000, 6_000);
        for now in (100_000..).step_by(100) {
            scan.extend_to(now);
            match scan.next() {
                Some(ScanRange::Future { from }) => return assert!(from >= 104_000, "{from}"),
                range => scan.done(range.unwrap(), now, now),
            }
        }
    }

    #[test]
    fn with_many_entries_the_future_is_read_separately() {
        let mut scan = FullScan::new(0, 95_000, MAX_DELAY);
        scan.too_many(99_000, 99_990);
        assert_eq!(scan.next(), Some(ScanRange::Ordered { from: 0, to: 49_500 }));
        scan.done(scan.next().unwrap(), 0, 0);
        assert_eq!(scan.next(), Some(ScanRange::Ordered { from: 49_500, to: 100_000 }));
        scan.done(scan.next().unwrap(), 0, 0);
        assert_eq!(scan.next(), Some(ScanRange::Future { from: 100_000 }));
        scan.done(scan.next().unwrap(), 0, 0);
        assert_eq!(scan.next(), None);
    }

    proptest! {
        #[test]
        fn any_entries_are_read_oldest_first_in_bounded_ranges(
            times in prop::collection::vec(prop_oneof![0i64..20, 0i64..100_000, Just(5_000)], 0..400),
            max_held in 1usize..20,
        ) {
            let mut scan = FullScan::new(0, 100_000 - CLOCK_TOLERANCE, MAX_DELAY);
            let (mut read, mut steps) = (Vec::new(), 0);
            while let Some(range) = scan.next() {
                steps += 1;
                prop_assert!(steps < 20_000);
                match range {
                    ScanRange::Ordered { from, to } => {
                        // An entry on a border belongs to both sides, as it may on a server.
                        let mut found: Vec<i64> =
                            times.iter().copied().filter(|time| (from..=to).contains(time)).collect();
                        found.sort_unstable();
                        if found.len() > max_held {
                            scan.too_many(found[found.len() - max_held], found[found.len() - 1]);
                            continue;
                        }
                        read.extend(found);
                    }
                    ScanRange::Indivisible { from, to } => {
                        let mut found: Vec<i64> =
                            times.iter().copied().filter(|time| (from..=to).contains(time)).collect();
                        found.sort_unstable();
                        read.extend(found);
                    }
                    ScanRange::Future { .. } => {}
                }
                scan.done(range, 0, 0);
            }
            prop_assert!(read.is_sorted());
            let mut expected = times;
            expected.sort_unstable();
            expected.dedup();
            read.dedup();
            prop_assert_eq!(read, expected);
        }
    }
}
