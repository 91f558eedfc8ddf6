//! Makes the server fail on purpose.

mod apply;
mod fault;
mod rules;

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
}

impl<'a> Chaos<'a> {
    pub(crate) fn new(rules: &'a Rules, fault: Fault) -> Self {
        Self { rules, fault, target: Target::default() }
    }

    /// Chooses the requests that the fault can happen to; [`Target::Ingest`] by default.
    pub fn on(mut self, target: Target) -> Self {
        self.target = target;
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
        self.rules.add(Rule { fault: self.fault, target: self.target, when });
    }
}
