//! Makes the server fail on purpose.

mod apply;
mod fault;
mod rules;

use std::time::Duration;

pub use fault::Fault;
pub use rules::Target;

pub(crate) use apply::{Unanswered, apply};
pub(crate) use rules::{Rule, Rules};

use rules::When;

/// A fault that still needs to be told when it happens; made by [`DevServer::chaos`](crate::DevServer::chaos).
#[derive(Debug)]
#[must_use = "a fault happens only once `next`, `always` or `probability` is called"]
pub struct Chaos<'a> {
    rules: &'a Rules,
    fault: Fault,
    target: Target,
    after: Duration,
    lasts: Duration,
}

impl<'a> Chaos<'a> {
    pub(crate) fn new(rules: &'a Rules, fault: Fault) -> Self {
        Self { rules, fault, target: Target::default(), after: Duration::ZERO, lasts: Duration::MAX }
    }

    /// Chooses the requests that the fault can happen to; [`Target::Ingest`] by default.
    pub fn on(mut self, target: Target) -> Self {
        self.target = target;
        self
    }

    /// Lets the fault happen only once this time has passed; at once by default.
    pub fn after(mut self, delay: Duration) -> Self {
        self.after = delay;
        self
    }

    /// Ends the fault when it could happen for this time; until it is cleared by default.
    ///
    /// Requests that hang go on hanging.
    pub fn lasting(mut self, duration: Duration) -> Self {
        self.lasts = duration;
        self
    }

    /// Lets the fault happen to the next `count` requests that it can happen to.
    pub fn next(self, count: u64) {
        self.install(When::Next(count));
    }

    /// Lets the fault happen to every request until it is cleared.
    pub fn always(self) {
        self.install(When::Always);
    }

    /// Lets the fault happen by chance, from 0 (never) to 1 (always), until it is cleared.
    pub fn probability(self, probability: f64) {
        self.install(When::Probability(probability));
    }

    fn install(self, when: When) {
        let Self { rules, fault, target, after, lasts } = self;
        rules.add(Rule { fault, target, when, after, lasts });
    }
}
