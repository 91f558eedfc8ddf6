//! Flushes that wait for entries.

use crate::{Event, FlushReport, Tick};

/// Names a flush or close of one pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Token(u64);

/// Flushes under way, each with what became so far of the entries before it.
#[derive(Debug, Default)]
pub(crate) struct Flushes {
    waiting: Vec<Waiting>,
    tokens: u64,
}

#[derive(Debug)]
struct Waiting {
    token: Token,
    deadline: Tick,
    /// It waits for the entries with numbers below this one.
    before: u64,
    report: FlushReport,
}

impl Flushes {
    pub(crate) fn begin(&mut self, deadline: Tick, before: u64, pending: u64) -> Token {
        let token = Token(self.tokens);
        self.tokens += 1;
        self.waiting.push(Waiting {
            token,
            deadline,
            before,
            report: FlushReport { pending, ..FlushReport::default() },
        });
        token
    }

    /// Notes that entries from number `first` on are settled. Where a flush covers only the first of them, those that were
    /// delivered are told first.
    pub(crate) fn resolve(&mut self, first: u64, delivered: u64, lost: u64) {
        for waiting in self.waiting.iter_mut().filter(|waiting| first < waiting.before) {
            let covered = (delivered + lost).min(waiting.before - first);
            let delivered = delivered.min(covered);
            waiting.report.delivered += delivered;
            waiting.report.lost += covered - delivered;
            waiting.report.pending = waiting.report.pending.saturating_sub(covered);
        }
    }

    /// Takes out the flushes that are done: nothing pending, time up, or `all` of them.
    pub(crate) fn finish(&mut self, now: Tick, all: bool) -> impl Iterator<Item = Event> {
        self.waiting
            .extract_if(.., move |waiting| all || waiting.report.pending == 0 || waiting.deadline <= now)
            .map(|waiting| Event::Flushed { token: waiting.token, report: waiting.report })
    }

    pub(crate) fn next_deadline(&self) -> Option<Tick> {
        self.waiting.iter().map(|waiting| waiting.deadline).min()
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.waiting.is_empty()
    }
}
