//! The active faults, and which of them apply to a request.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::Fault;
use super::fault::milliseconds;
use crate::ledger::IngestRoute;

/// The requests that a fault can affect, all of them under `/api/v1/` or `/v1/otlp/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Target {
    /// Requests that send entries or spans; the default.
    #[default]
    Ingest,
    /// Requests that send entries, as JSON or over OTLP.
    Logs,
    /// Requests that send spans.
    Spans,
    /// Requests that send neither entries nor spans.
    Reads,
    /// Every request.
    All,
}

impl Target {
    /// Whether a request matches; `route` is set if it sends entries or spans.
    fn includes(self, route: Option<IngestRoute>) -> bool {
        match self {
            Self::Ingest => route.is_some(),
            Self::Logs => route.is_some_and(|route| route != IngestRoute::OtlpTraces),
            Self::Spans => route == Some(IngestRoute::OtlpTraces),
            Self::Reads => route.is_none(),
            Self::All => true,
        }
    }
}

/// How often a fault applies.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum When {
    /// To every request.
    Always,
    /// To this many more requests.
    Next(u64),
    /// With this probability, from 0 to 1.
    Probability(f64),
}

/// A fault with its conditions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Rule {
    pub(crate) fault: Fault,
    #[serde(default)]
    pub(crate) target: Target,
    pub(crate) when: When,
    /// The time until it can apply.
    #[serde(
        default,
        rename = "after_milliseconds",
        with = "milliseconds",
        skip_serializing_if = "Duration::is_zero"
    )]
    pub(crate) after: Duration,
    /// The time for which it can apply from then on.
    #[serde(
        default = "forever",
        rename = "lasts_milliseconds",
        with = "milliseconds",
        skip_serializing_if = "is_forever"
    )]
    pub(crate) lasts: Duration,
}

/// A fault, and the time when it becomes active.
#[derive(Debug)]
struct Installed {
    rule: Rule,
    from: Instant,
}

impl Installed {
    fn began(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.from) >= self.rule.after && now >= self.from
    }

    fn ended(&self, now: Instant) -> bool {
        let age = now.saturating_duration_since(self.from);
        self.rule.when == When::Next(0) || age >= self.rule.after.saturating_add(self.rule.lasts)
    }
}

/// The faults that apply to a request before it is handled.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Encounter {
    pub(crate) delay: Duration,
    pub(crate) close_after_answer: bool,
    pub(crate) fault: Option<Fault>,
}

/// All active faults.
#[derive(Debug)]
pub(crate) struct Rules {
    rules: Mutex<Vec<Installed>>,
    random: Mutex<fastrand::Rng>,
    cleared: watch::Sender<()>,
}

impl Rules {
    /// Creates an empty set; `seed` decides faults with a probability.
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            rules: Mutex::default(),
            random: Mutex::new(fastrand::Rng::with_seed(seed)),
            cleared: watch::Sender::new(()),
        }
    }

    pub(crate) fn add(&self, rule: Rule) {
        self.add_at(rule, Instant::now());
    }

    /// Returns the faults that can still apply.
    pub(crate) fn list(&self) -> Vec<Rule> {
        self.lock_at(Instant::now()).iter().map(|installed| installed.rule.clone()).collect()
    }

    /// Removes all faults and ends the requests that hang.
    pub(crate) fn clear(&self) {
        self.lock_at(Instant::now()).clear();
        self.cleared.send_replace(());
    }

    /// Notifies a hanging request when to stop.
    pub(crate) fn cleared(&self) -> watch::Receiver<()> {
        self.cleared.subscribe()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lock_at(Instant::now()).is_empty()
    }

    /// Decides which faults apply to a request regardless of its entries; `route` is set if it sends any.
    pub(crate) fn meet(&self, route: Option<IngestRoute>, body_bytes: usize) -> Encounter {
        self.meet_at(route, body_bytes, Instant::now())
    }

    fn meet_at(&self, route: Option<IngestRoute>, body_bytes: usize, now: Instant) -> Encounter {
        let mut encounter = Encounter::default();
        self.each(now, |rule, happens| {
            let applies = rule.target.includes(route)
                && match &rule.fault {
                    Fault::RejectMessage(_) | Fault::InsertFails(_) | Fault::RejectPart(_) => false,
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

    /// Decides which fault applies to valid entries or spans: [`Fault::RejectMessage`], [`Fault::InsertFails`] or, over
    /// OTLP, [`Fault::RejectPart`]. `contained` tells whether one of their messages or names contains a text.
    pub(crate) fn meet_entries(&self, route: IngestRoute, contained: impl Fn(&str) -> bool) -> Option<Fault> {
        let mut met = None;
        self.each(Instant::now(), |rule, happens| {
            let text = match &rule.fault {
                Fault::RejectMessage(text) | Fault::InsertFails(text) => text,
                Fault::RejectPart(text) if route.signal().is_some() => text,
                _ => return,
            };
            let applies = met.is_none() && rule.target.includes(Some(route)) && contained(text);
            if applies && happens(&mut rule.when) {
                met = Some(rule.fault.clone());
            }
        });
        met
    }

    fn add_at(&self, rule: Rule, now: Instant) {
        self.lock_at(now).push(Installed { rule, from: now });
    }

    /// Visits the faults that can apply at a time.
    fn each(&self, now: Instant, mut visit: impl FnMut(&mut Rule, &mut dyn FnMut(&mut When) -> bool)) {
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
        let mut rules = self.lock_at(now);
        for installed in rules.iter_mut().filter(|installed| installed.began(now)) {
            visit(&mut installed.rule, &mut happens);
        }
        rules.retain(|installed| !installed.ended(now));
    }

    /// Returns the faults that have not ended.
    fn lock_at(&self, now: Instant) -> MutexGuard<'_, Vec<Installed>> {
        let mut rules = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        rules.retain(|installed| !installed.ended(now));
        rules
    }
}

fn forever() -> Duration {
    Duration::MAX
}

fn is_forever(duration: &Duration) -> bool {
    *duration == Duration::MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    const INGEST: Option<IngestRoute> = Some(IngestRoute::Batch);

    fn rules(faults: &[(Fault, Target, When)]) -> Rules {
        let rules = Rules::new(1);
        for (fault, target, when) in faults.iter().cloned() {
            rules.add(Rule { fault, target, when, after: Duration::ZERO, lasts: Duration::MAX });
        }
        rules
    }

    #[test]
    fn next_counts_only_requests_it_happens_to() {
        let rules = rules(&[(Fault::Hang, Target::Ingest, When::Next(2))]);
        let routes = [INGEST, None, INGEST, INGEST];
        let met: Vec<_> = routes.map(|route| rules.meet(route, 0).fault).into();
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
        let met = rules.meet(INGEST, 11);
        assert_eq!((met.delay, met.fault), (Duration::from_secs(1), Some(Fault::RefuseOver(10))));
        assert_eq!(rules.meet(INGEST, 10).fault, Some(Fault::Reset), "a fault not met is not used up");
    }

    #[test]
    fn a_fault_happens_in_its_time_alone() {
        let rules = Rules::new(1);
        let start = Instant::now();
        let [after, lasts] = [10, 30].map(Duration::from_secs);
        rules.add_at(
            Rule { fault: Fault::Reset, target: Target::All, when: When::Always, after, lasts },
            start,
        );
        let met = |seconds| rules.meet_at(INGEST, 0, start + Duration::from_secs(seconds)).fault.is_some();
        assert_eq!([0, 9, 10, 39].map(met), [false, false, true, true]);
        assert_eq!(rules.lock_at(start + lasts).len(), 1);
        assert!(!met(40));
        assert_eq!(rules.lock_at(start).len(), 0, "a fault that has ended is forgotten");
    }

    #[test]
    fn chance_follows_its_probability() {
        let rules = rules(&[(Fault::Reset, Target::All, When::Probability(0.25))]);
        let met = (0..4000).filter(|_| rules.meet(INGEST, 0).fault.is_some()).count();
        assert!((800..1200).contains(&met), "{met}");
    }

    #[test]
    fn each_target_means_its_own_requests() {
        use IngestRoute::{Batch, OtlpLogs, OtlpTraces, Single};
        let routes = [Some(Batch), Some(Single), Some(OtlpLogs), Some(OtlpTraces), None];
        for (target, expected) in [
            (Target::Ingest, [true, true, true, true, false]),
            (Target::Logs, [true, true, true, false, false]),
            (Target::Spans, [false, false, false, true, false]),
            (Target::Reads, [false, false, false, false, true]),
            (Target::All, [true; 5]),
        ] {
            assert_eq!(routes.map(|route| target.includes(route)), expected, "{target:?}");
        }
    }
}
