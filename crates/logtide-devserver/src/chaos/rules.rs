//! The faults that are set, and which of them a request meets.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::Fault;
use crate::validate::Entry;

/// Requests that a fault can happen to, all of them under `/api/v1/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Target {
    /// Sending entries; the default.
    #[default]
    Ingest,
    /// Everything but sending entries.
    Reads,
    /// Every request.
    All,
}

/// How often a fault happens.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum When {
    /// To every request.
    Always,
    /// To this many more requests.
    Next(u64),
    /// By chance, from 0 to 1.
    Probability(f64),
}

/// A fault with its occasions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Rule {
    pub(crate) fault: Fault,
    #[serde(default)]
    pub(crate) target: Target,
    pub(crate) when: When,
}

/// What a request meets before it is handled.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Encounter {
    pub(crate) delay: Duration,
    pub(crate) close_after_answer: bool,
    pub(crate) fault: Option<Fault>,
}

/// All faults that are set.
#[derive(Debug)]
pub(crate) struct Rules {
    rules: Mutex<Vec<Rule>>,
    random: Mutex<fastrand::Rng>,
    cleared: watch::Sender<()>,
}

impl Rules {
    /// No faults; `seed` decides those that happen by chance.
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            rules: Mutex::default(),
            random: Mutex::new(fastrand::Rng::with_seed(seed)),
            cleared: watch::Sender::new(()),
        }
    }

    pub(crate) fn add(&self, rule: Rule) {
        self.lock().push(rule);
    }

    pub(crate) fn list(&self) -> Vec<Rule> {
        self.lock().clone()
    }

    /// Removes all faults and lets go of the requests that hang.
    pub(crate) fn clear(&self) {
        self.lock().clear();
        self.cleared.send_replace(());
    }

    /// Tells a hanging request when to stop.
    pub(crate) fn cleared(&self) -> watch::Receiver<()> {
        self.cleared.subscribe()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    /// Decides what a request meets, whatever its entries are.
    pub(crate) fn meet(&self, ingest: bool, body_bytes: usize) -> Encounter {
        let mut encounter = Encounter::default();
        self.each(|rule, happens| {
            let applies = match rule.target {
                Target::Ingest => ingest,
                Target::Reads => !ingest,
                Target::All => true,
            };
            let applies = applies
                && match &rule.fault {
                    Fault::RejectMessage(_) | Fault::InsertFails(_) => false,
                    Fault::RefuseOver(limit) => encounter.fault.is_none() && body_bytes > *limit,
                    Fault::Slow(_) | Fault::CloseAfterAnswer => true,
                    _ => encounter.fault.is_none(),
                };
            if !applies || !happens(&mut rule.when) {
                return;
            }
            match &rule.fault {
                Fault::Slow(delay) => encounter.delay += *delay,
                Fault::CloseAfterAnswer => encounter.close_after_answer = true,
                fault => encounter.fault = Some(fault.clone()),
            }
        });
        encounter
    }

    /// Decides what valid entries meet: [`Fault::RejectMessage`] or [`Fault::InsertFails`].
    pub(crate) fn meet_entries(&self, entries: &[Entry<'_>]) -> Option<Fault> {
        let mut met = None;
        self.each(|rule, happens| {
            let (Fault::RejectMessage(text) | Fault::InsertFails(text)) = &rule.fault else { return };
            let contained = || entries.iter().any(|entry| entry.message.contains(text.as_str()));
            if met.is_none() && rule.target != Target::Reads && contained() && happens(&mut rule.when) {
                met = Some(rule.fault.clone());
            }
        });
        met
    }

    fn each(&self, mut visit: impl FnMut(&mut Rule, &mut dyn FnMut(&mut When) -> bool)) {
        let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        let mut happens = |when: &mut When| match when {
            When::Always => true,
            When::Next(0) => false,
            When::Next(left) => {
                *left -= 1;
                true
            }
            When::Probability(probability) => random.f64() < *probability,
        };
        let mut rules = self.lock();
        for rule in &mut *rules {
            visit(rule, &mut happens);
        }
        rules.retain(|rule| rule.when != When::Next(0));
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Rule>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(faults: &[(Fault, Target, When)]) -> Rules {
        let rules = Rules::new(1);
        for (fault, target, when) in faults.iter().cloned() {
            rules.add(Rule { fault, target, when });
        }
        rules
    }

    #[test]
    fn next_counts_only_requests_it_happens_to() {
        let rules = rules(&[(Fault::Hang, Target::Ingest, When::Next(2))]);
        let met: Vec<_> = [true, false, true, true].map(|ingest| rules.meet(ingest, 0).fault).into();
        assert_eq!(met, [Some(Fault::Hang), None, Some(Fault::Hang), None]);
        assert!(rules.is_empty());
    }

    #[test]
    fn slow_adds_to_the_first_deciding_fault() {
        let rules = rules(&[
            (Fault::Slow(Duration::from_secs(1)), Target::All, When::Always),
            (Fault::RefuseOver(10), Target::All, When::Always),
            (Fault::Reset, Target::All, When::Next(1)),
        ]);
        let met = rules.meet(true, 11);
        assert_eq!((met.delay, met.fault), (Duration::from_secs(1), Some(Fault::RefuseOver(10))));
        assert_eq!(rules.meet(true, 10).fault, Some(Fault::Reset), "a fault not met is not used up");
    }

    #[test]
    fn chance_follows_its_probability() {
        let rules = rules(&[(Fault::Reset, Target::All, When::Probability(0.25))]);
        let met = (0..4000).filter(|_| rules.meet(true, 0).fault.is_some()).count();
        assert!((800..1200).contains(&met), "{met}");
    }
}
