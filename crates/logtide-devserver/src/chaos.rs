//! Faults on demand.

mod apply;
mod fault;
mod rules;

use std::time::Duration;

pub use fault::Fault;
pub use rules::Target;

pub(crate) use apply::{Unanswered, apply};
pub(crate) use rules::{Rule, Rules};

use rules::When;

/// A fault that still needs a frequency. Created by [`DevServer::chaos`](crate::DevServer::chaos).
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

    /// Sets which requests the fault can affect. Default [`Target::Ingest`].
    pub fn on(mut self, target: Target) -> Self {
        self.target = target;
        self
    }

    /// Delays the fault until this time has passed. Default zero.
    pub fn after(mut self, delay: Duration) -> Self {
        self.after = delay;
        self
    }

    /// Ends the fault after it was active for this time. By default it stays active until it is cleared.
    ///
    /// Requests that hang by then continue to hang.
    pub fn lasting(mut self, duration: Duration) -> Self {
        self.lasts = duration;
        self
    }

    /// Applies the fault to the next `count` matching requests.
    pub fn next(self, count: u64) {
        self.install(When::Next(count));
    }

    /// Applies the fault to every matching request until it is cleared.
    pub fn always(self) {
        self.install(When::Always);
    }

    /// Applies the fault with this probability, from 0 (never) to 1 (always), until it is cleared.
    pub fn probability(self, probability: f64) {
        self.install(When::Probability(probability));
    }

    fn install(self, when: When) {
        let Self { rules, fault, target, after, lasts } = self;
        rules.add(Rule { fault, target, when, after, lasts });
    }
}
