//! Flushes that wait for entries.

use crate::{Event, Tick};

/// Names a flush or close of one pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Token(u64);

/// Flushes under way, each with how many of the entries before it are pending.
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
    pending: u64,
}

impl Flushes {
    pub(crate) fn begin(&mut self, deadline: Tick, before: u64, pending: u64) -> Token {
        let token = Token(self.tokens);
        self.tokens += 1;
        self.waiting.push(Waiting { token, deadline, before, pending });
        token
    }

    /// Notes that so many entries from number `first` on are settled.
    pub(crate) fn resolve(&mut self, first: u64, entries: u64) {
        for waiting in self.waiting.iter_mut().filter(|waiting| first < waiting.before) {
            waiting.pending = waiting.pending.saturating_sub(entries.min(waiting.before - first));
        }
    }

    /// Takes out the flushes that are done: nothing pending, time up, or `all` of them. So many entries are in files.
    pub(crate) fn finish(&mut self, now: Tick, all: bool, spooled: u64) -> impl Iterator<Item = Event> {
        self.take(move |waiting| all || waiting.pending == 0 || waiting.deadline <= now, spooled)
    }

    /// Takes out the flushes whose time is up.
    pub(crate) fn expire(&mut self, now: Tick, spooled: u64) -> impl Iterator<Item = Event> {
        self.take(move |waiting| waiting.deadline <= now, spooled)
    }

    fn take(
        &mut self,
        mut is_done: impl FnMut(&Waiting) -> bool,
        spooled: u64,
    ) -> impl Iterator<Item = Event> {
        self.waiting.extract_if(.., move |waiting| is_done(waiting)).map(move |waiting| {
            let spooled = spooled.min(waiting.pending);
            Event::Flushed { token: waiting.token, pending: waiting.pending - spooled, spooled }
        })
    }

    pub(crate) fn next_deadline(&self) -> Option<Tick> {
        self.waiting.iter().map(|waiting| waiting.deadline).min()
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.waiting.is_empty()
    }
}
