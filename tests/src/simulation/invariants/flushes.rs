//! Flushes without a report.

use std::collections::{BTreeSet, HashMap};

use logtide_core::{Tick, Token};

#[derive(Default)]
pub(crate) struct FlushBook {
    waiting: HashMap<Token, Waiting>,
}

struct Waiting {
    deadline: Tick,
    pending: u64,
}

impl FlushBook {
    /// Records that a flush or close began while this many entries were pending.
    pub(crate) fn begun(&mut self, token: Token, deadline: Tick, pending: u64) {
        let former = self.waiting.insert(token, Waiting { deadline, pending });
        assert!(former.is_none(), "a token was given twice");
    }

    pub(super) fn done(&mut self, token: Token, pending: u64, now: Tick, seen: &mut BTreeSet<&'static str>) {
        let waiting = self.waiting.remove(&token).expect("one report for each flush");
        assert!(now <= waiting.deadline, "a flush ended at {now:?} and not by {:?}", waiting.deadline);
        assert!(pending <= waiting.pending, "{pending} of {} are pending", waiting.pending);
        if pending > 0 {
            seen.insert(if now == waiting.deadline { "flush deadline" } else { "flush cut off" });
        }
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.waiting.is_empty()
    }
}
