//! Many trials, and what they cover.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    thread,
};

use super::{Result, Trial, Verdict, catalogue};

/// The mixtures of a whole campaign.
pub(super) const MIXTURES: u64 = 200;

/// The trials that run at the same time. They mostly wait.
const AT_ONCE: usize = 12;

/// Runs several trials at a time, and reports each that is done. The results are in the order of the trials.
pub fn run_all(trials: &[Trial], tell: impl Fn(&Trial, &Result<Verdict>) + Sync) -> Vec<Result<Verdict>> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some((number, trial)) =
                    Some(next.fetch_add(1, Relaxed)).and_then(|number| Some((number, trials.get(number)?)))
                {
                    let verdict = trial.run();
                    tell(trial, &verdict);
                    done.lock().unwrap_or_else(PoisonError::into_inner).insert(number, verdict);
                }
            });
        }
    });
    done.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect()
}

/// The events of all trials together.
#[derive(Clone, Debug, Default)]
pub(super) struct Campaign {
    pub(super) trials: u64,
    pub(super) logged: u64,
    pub(super) stored: u64,
    pub(super) told: u64,
    pub(super) duplicates: u64,
    pub(super) requests: u64,
    retries: u64,
    splits: u64,
    parks: u64,
    met: BTreeMap<&'static str, u64>,
}

impl Campaign {
    /// Adds up trials, without those that did not run.
    pub(super) fn of<'a>(verdicts: impl IntoIterator<Item = &'a Result<Verdict>>) -> Self {
        let mut sum = Self::default();
        for verdict in verdicts.into_iter().flatten() {
            sum.trials += 1;
            sum.logged += verdict.logged;
            sum.stored += verdict.stored;
            sum.told += verdict.told;
            sum.duplicates += verdict.duplicates;
            sum.requests += verdict.requests;
            sum.retries += verdict.retries;
            sum.splits += verdict.splits;
            sum.parks += verdict.parks;
            for (name, times) in &verdict.met {
                *sum.met.entry(name).or_default() += times;
            }
        }
        sum
    }

    /// Returns the events that should have occurred at least once and did not: a retry, duplicate, split and parked batch, and,
    /// with [`MIXTURES`] or more, each fault.
    pub(super) fn missing(&self) -> Vec<String> {
        let happened = [
            ("a retry", self.retries),
            ("a duplicate", self.duplicates),
            ("a split batch", self.splits),
            ("a batch that was kept for later", self.parks),
        ];
        let mut missing: Vec<String> =
            happened.into_iter().filter(|(_, times)| *times == 0).map(|(what, _)| what.to_owned()).collect();
        if self.trials >= MIXTURES {
            let met = |name: &str| self.met.get(name).is_some_and(|times| *times > 0);
            let faults = catalogue::all().into_iter().map(|listed| listed.name);
            missing.extend(faults.filter(|name| !met(name)).map(|name| format!("the fault {name}")));
        }
        missing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict() -> Verdict {
        Verdict {
            logged: 10,
            stored: 10,
            told: 0,
            duplicates: 1,
            requests: 2,
            retries: 3,
            splits: 4,
            parks: 5,
            met: BTreeMap::from([("503", 6)]),
            failures: Vec::new(),
        }
    }

    #[test]
    fn a_campaign_in_which_nothing_happened_shows_nothing() {
        let quiet = Verdict { duplicates: 0, splits: 0, ..verdict() };
        assert_eq!(Campaign::of(&[Ok(quiet)]).missing(), ["a duplicate", "a split batch"]);
        assert_eq!(Campaign::of(&[Ok(verdict()), Err("not run".into())]).missing(), Vec::<String>::new());
    }

    #[test]
    fn a_whole_campaign_meets_every_fault() {
        let verdicts: Vec<Result<Verdict>> = (0..MIXTURES).map(|_| Ok(verdict())).collect();
        let missing = Campaign::of(&verdicts).missing();
        assert_eq!(missing.len(), catalogue::all().len() - 1);
        assert!(missing.contains(&"the fault refused".to_owned()), "{missing:?}");
    }
}
