//! The order in which a stretch of time is read.

/// How far the clocks of whoever logs may be ahead and still count as now, in milliseconds.
pub(super) const AHEAD: i64 = 5_000;

/// Longer than any time that is read: the first stretch is tried as a whole.
const WHOLE: i64 = i64::MAX / 4;

/// A reading of all entries from a time on, oldest first, in stretches that are small enough to be held in memory.
///
/// Pages come newest first. So a stretch that has too many entries is made shorter, and one that has few longer.
/// Stretches share their borders, whatever the server makes of an entry exactly on one; entries are known by their ids.
#[derive(Debug)]
pub(super) struct Sweep {
    /// How long entries may be on their way, in milliseconds.
    reach: i64,
    /// When the first stretch was read of which entries may still have been on their way, in milliseconds since 1970.
    began: Option<i64>,
    from: i64,
    /// What is later is still to come.
    end: i64,
    length: i64,
    /// What carries a time to come is still to be read.
    future: bool,
}

/// What to read next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stretch {
    /// All of it, in order, or it is too much.
    Ordered { from: i64, to: i64 },
    /// Page by page, whatever the order: a moment that cannot be divided.
    Moment { from: i64, to: i64 },
    /// Page by page, without an end: clocks that are ahead have no order.
    Future { from: i64 },
}

impl Sweep {
    pub(super) fn new(from: i64, now: i64, reach: i64) -> Self {
        Self { reach, began: None, from, end: now.saturating_add(AHEAD), length: WHOLE, future: true }
    }

    /// The server's time up to which all that had arrived is read, once the sweep is over.
    ///
    /// What arrives later carries at least this time less the reach: what lies before was read when nothing of it could be
    /// on its way any more.
    pub(super) fn began(&self) -> Option<i64> {
        self.began
    }

    /// Everything before this time is read.
    pub(super) fn position(&self) -> i64 {
        self.from
    }

    /// Leaves out what is before a time.
    pub(super) fn skip_to(&mut self, time: i64) {
        self.from = self.from.max(time);
    }

    /// Time has gone on to this. A sweep that is behind it takes in, in order, what has come meanwhile.
    pub(super) fn go_on(&mut self, now: i64) {
        if self.from < now {
            self.end = self.end.max(now.saturating_add(AHEAD));
        }
    }

    /// Whether it should make way for the next one, though it is not at its end: it is under way for so long that what has come
    /// late meanwhile would wait, and ids would pile up.
    ///
    /// The next begins the reach before this one [`began`](Self::began), and all that is earlier than that was read.
    pub(super) fn is_overdue(&self, now: i64) -> bool {
        self.began.is_some_and(|began| now.saturating_sub(began) > self.reach.max(AHEAD))
    }

    /// What to read next; nothing when all is read.
    pub(super) fn next(&self) -> Option<Stretch> {
        let (from, end) = (self.from, self.end);
        if !self.future {
            return None;
        }
        if from >= end {
            return Some(Stretch::Future { from });
        }
        if self.length == WHOLE {
            return Some(Stretch::Ordered { from, to: i64::MAX });
        }
        let to = from.saturating_add(self.length).min(end);
        Some(if to - from > 1 { Stretch::Ordered { from, to } } else { Stretch::Moment { from, to } })
    }

    /// A stretch was read at that time of the server, and all of it was taken now.
    pub(super) fn done(&mut self, stretch: Stretch, at: i64, now: i64) {
        let is_settled = match stretch {
            Stretch::Ordered { to, .. } | Stretch::Moment { to, .. } => to < at.saturating_sub(self.reach),
            Stretch::Future { .. } => false,
        };
        if !is_settled {
            self.began.get_or_insert(at);
        }
        match stretch {
            Stretch::Ordered { to: i64::MAX, .. } => (self.from, self.future) = (self.end, false),
            Stretch::Ordered { to, .. } | Stretch::Moment { to, .. } => {
                // What has come while entries were taken for long is next: it must not come after what is later.
                self.from = if now.saturating_sub(at) < AHEAD { to } else { to.min(at) };
                self.length = self.length.saturating_mul(2).min(WHOLE);
            }
            Stretch::Future { .. } => self.future = false,
        }
    }

    /// A stretch has too many entries; those that were read lie between these times.
    pub(super) fn too_many(&mut self, oldest: i64, newest: i64) {
        let until = oldest.min(self.end);
        // All in one moment: what is before it may be little.
        let length = if oldest == newest { until - 1 - self.from } else { (until - self.from) / 2 };
        self.length = length.max(1);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const REACH: i64 = 10_000;

    #[test]
    fn it_counts_from_where_entries_may_still_be_on_their_way() {
        let mut sweep = Sweep::new(0, 100_000, REACH);
        sweep.too_many(60_000, 90_000);
        let read = |sweep: &mut Sweep, at| {
            let stretch = sweep.next().unwrap();
            sweep.done(stretch, at, at);
        };
        read(&mut sweep, 100_000);
        assert_eq!((sweep.position(), sweep.began()), (30_000, None));
        read(&mut sweep, 101_000);
        assert_eq!((sweep.position(), sweep.began()), (90_000, None), "read when it was 11 s old");
        read(&mut sweep, 102_000);
        assert_eq!(sweep.began(), Some(102_000));
        read(&mut sweep, 103_000);
        assert_eq!((sweep.began(), sweep.next()), (Some(102_000), None));
    }

    #[test]
    fn a_quiet_time_is_one_stretch() {
        let mut sweep = Sweep::new(1_000, 60_000, REACH);
        assert_eq!(sweep.next(), Some(Stretch::Ordered { from: 1_000, to: i64::MAX }));
        sweep.done(sweep.next().unwrap(), 0, 0);
        assert_eq!(sweep.next(), None);
    }

    #[test]
    fn a_sweep_that_is_behind_takes_in_what_has_come_and_ends() {
        let mut sweep = Sweep::new(0, 10_000, REACH);
        sweep.too_many(5_000, 6_000);
        for now in (100_000..).step_by(100) {
            sweep.go_on(now);
            match sweep.next() {
                Some(Stretch::Future { from }) => return assert!(from >= 104_000, "{from}"),
                stretch => sweep.done(stretch.unwrap(), now, now),
            }
        }
    }

    #[test]
    fn where_there_is_too_much_the_future_is_read_apart() {
        let mut sweep = Sweep::new(0, 95_000, REACH);
        sweep.too_many(99_000, 99_990);
        assert_eq!(sweep.next(), Some(Stretch::Ordered { from: 0, to: 49_500 }));
        sweep.done(sweep.next().unwrap(), 0, 0);
        assert_eq!(sweep.next(), Some(Stretch::Ordered { from: 49_500, to: 100_000 }));
        sweep.done(sweep.next().unwrap(), 0, 0);
        assert_eq!(sweep.next(), Some(Stretch::Future { from: 100_000 }));
        sweep.done(sweep.next().unwrap(), 0, 0);
        assert_eq!(sweep.next(), None);
    }

    proptest! {
        #[test]
        fn whatever_lies_where_all_is_read_oldest_first_in_bounded_pieces(
            times in prop::collection::vec(prop_oneof![0i64..20, 0i64..100_000, Just(5_000)], 0..400),
            room in 1usize..20,
        ) {
            let mut sweep = Sweep::new(0, 100_000 - AHEAD, REACH);
            let (mut read, mut steps) = (Vec::new(), 0);
            while let Some(stretch) = sweep.next() {
                steps += 1;
                prop_assert!(steps < 20_000);
                match stretch {
                    Stretch::Ordered { from, to } => {
                        // An entry on a border belongs to both sides, as it may on a server.
                        let mut found: Vec<i64> =
                            times.iter().copied().filter(|time| (from..=to).contains(time)).collect();
                        found.sort_unstable();
                        if found.len() > room {
                            sweep.too_many(found[found.len() - room], found[found.len() - 1]);
                            continue;
                        }
                        read.extend(found);
                    }
                    Stretch::Moment { from, to } => {
                        let mut found: Vec<i64> =
                            times.iter().copied().filter(|time| (from..=to).contains(time)).collect();
                        found.sort_unstable();
                        read.extend(found);
                    }
                    Stretch::Future { .. } => {}
                }
                sweep.done(stretch, 0, 0);
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
