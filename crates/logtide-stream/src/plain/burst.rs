//! What the server says between two heartbeats.

use std::collections::{HashSet, VecDeque};

use logtide_query::LogRecord;

use crate::{Gap, GapCause, entry_id::EntryId};

/// The server looks at the newest 100 entries at a time.
const MAX_AT_ONCE: usize = 100;

/// How many ids are remembered. Servers before version 1.0 send the newest entries again and again, 100 at most.
const REMEMBERED: usize = 10 * MAX_AT_ONCE;

/// Puts entries in order, leaves out those that come again, and notices when there may have been more.
#[derive(Debug, Default)]
pub(super) struct Burst {
    /// Newest first as a rule, which is how they come.
    records: Vec<LogRecord>,
    ids: HashSet<EntryId>,
    order: VecDeque<EntryId>,
    /// Entries since the last heartbeat, repeated ones too.
    given: usize,
    /// Those of them that are new.
    new: usize,
    /// The new ones since the last heartbeat.
    now: Option<Span>,
    /// Those before it.
    before: Option<Span>,
}

/// From when to when some entries are, in milliseconds since 1970.
#[derive(Clone, Copy, Debug)]
struct Span {
    oldest: i64,
    newest: i64,
    /// How many have the newest time. The server looks at them again in vain.
    at_newest: usize,
}

impl Burst {
    pub(super) fn add(&mut self, record: LogRecord, wanted: impl FnOnce(&LogRecord) -> bool) {
        self.given += 1;
        let id = EntryId::of(&record);
        if !self.ids.insert(id) {
            return;
        }
        self.order.push_back(id);
        if self.order.len() > REMEMBERED {
            let oldest = self.order.pop_front();
            oldest.inspect(|oldest| _ = self.ids.remove(oldest));
        }
        self.new += 1;
        let time = record.time.timestamp_millis();
        self.now = Some(self.now.map_or_else(|| Span::of(time), |span| span.with(time)));
        if wanted(&record) {
            self.records.push(record);
        }
    }

    /// Takes what is there, oldest first.
    pub(super) fn take(&mut self) -> Vec<LogRecord> {
        let mut records = std::mem::take(&mut self.records);
        records.reverse();
        records.sort_by_key(|record| record.time);
        records
    }

    /// Ends the burst at a heartbeat; says so if there may have been more than was sent.
    pub(super) fn end(&mut self) -> Option<Gap> {
        let (now, before) = (self.now.take(), self.before);
        let room = MAX_AT_ONCE - before.map_or(0, |span| span.at_newest.min(MAX_AT_ONCE));
        let was_full = self.new > 0 && (self.given >= MAX_AT_ONCE || self.new >= room);
        self.before = match (before, now) {
            (Some(before), Some(now)) if before.newest == now.newest => {
                Some(Span { at_newest: before.at_newest + now.at_newest, ..now })
            }
            (before, now) => now.or(before),
        };
        (self.given, self.new) = (0, 0);
        was_full.then(|| {
            let (newest, oldest) = (before.map(|span| span.newest), now.map(|span| span.oldest));
            Gap::new(GapCause::Burst, newest, oldest)
        })
    }

    /// The time of the newest entry before the last heartbeat.
    pub(super) fn newest(&self) -> Option<i64> {
        self.before.map(|span| span.newest)
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
    use super::*;
    use crate::testing::record;

    fn add(burst: &mut Burst, ids: impl IntoIterator<Item = u32>, time: impl Fn(u32) -> i64) {
        for id in ids {
            burst.add(record(id, time(id)), |_| true);
        }
    }

    #[test]
    fn what_comes_newest_first_is_handed_out_oldest_first_and_once() {
        let mut burst = Burst::default();
        add(&mut burst, [5, 4, 3, 5, 1], |id| i64::from(id) / 2);
        let ids: Vec<_> = burst.take().iter().map(|record| record.message.clone()).collect();
        assert_eq!(ids, ["1", "3", "4", "5"]);
        assert_eq!(burst.end(), None);
        add(&mut burst, [5, 4], i64::from);
        assert!(burst.take().is_empty());
    }

    #[test]
    fn a_full_burst_may_have_left_something_out() {
        let mut burst = Burst::default();
        add(&mut burst, 0..99, |id| 1_000 + i64::from(id));
        assert_eq!(burst.end(), None);
        add(&mut burst, (200..300).rev(), |id| 1_000 + i64::from(id));
        assert_eq!(burst.end(), Some(Gap::new(GapCause::Burst, Some(1_098), Some(1_200))));
        assert_eq!(burst.end(), None);
    }

    #[test]
    fn entries_of_the_newest_moment_take_room_in_the_next_burst() {
        let mut burst = Burst::default();
        add(&mut burst, 0..60, |_| 1_000);
        assert_eq!(burst.end(), None);
        add(&mut burst, 60..100, |id| 1_000 + i64::from(id));
        assert!(burst.end().is_some());
    }

    #[test]
    fn entries_that_come_again_are_no_sign_of_more() {
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
        assert_eq!((burst.ids.len(), burst.order.len()), (REMEMBERED, REMEMBERED));
    }
}
