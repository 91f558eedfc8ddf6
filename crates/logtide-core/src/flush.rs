//! Flushes that wait for entries.

use crate::{Event, Tick};

/// Identifies a flush or close of a pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Token(u64);

/// Active flushes, each with the number of pending entries before it.
#[derive(Debug, Default)]
pub(crate) struct Flushes {
    waiting: Vec<Waiting>,
    tokens: u64,
}

#[derive(Debug)]
struct Waiting {
    token: Token,
    deadline: Tick,
    /// It waits for entries with lower numbers than this.
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

    /// Records that a number of entries, from number `first` on, are settled.
    pub(crate) fn resolve(&mut self, first: u64, entries: u64) {
        for waiting in self.waiting.iter_mut().filter(|waiting| first < waiting.before) {
            waiting.pending = waiting.pending.saturating_sub(entries.min(waiting.before - first));
        }
    }

    /// Removes the flushes that have ended: nothing is pending, the deadline has passed, or `all` is set. `spooled`
    /// entries are in files.
    pub(crate) fn finish(&mut self, now: Tick, all: bool, spooled: u64) -> impl Iterator<Item = Event> {
        self.take(move |waiting| all || waiting.pending == 0 || waiting.deadline <= now, spooled)
    }

    /// Removes the flushes whose deadline has passed.
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
