//! How long a server fails in which way.

use std::time::Duration;

use super::Fault;

/// Faults one after the other, and a healthy server after the last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scenario {
    phases: Vec<(Fault, Duration)>,
}

impl Scenario {
    /// A server that never fails.
    #[must_use]
    pub fn healthy() -> Self {
        Self::default()
    }

    /// A server that fails so from the begin on, and never recovers.
    #[must_use]
    pub fn always(fault: Fault) -> Self {
        Self::default().then(fault, Duration::MAX)
    }

    /// A server that fails so for some time after the begin.
    #[must_use]
    pub fn first(fault: Fault, lasts: Duration) -> Self {
        Self::default().then(fault, lasts)
    }

    /// Faults of every kind, chosen by the seed, each for up to two seconds, until some time is over.
    #[must_use]
    pub fn mixed(seed: u64, lasts: Duration) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let (mut scenario, mut left) = (Self::default(), lasts);
        while !left.is_zero() {
            let fault = match random.u8(..9) {
                0 => Fault::None,
                1 => Fault::Slow(Duration::from_millis(random.u64(1..500))),
                2 => Fault::Refuse,
                3 => Fault::Reset,
                4 => Fault::Hang(Duration::from_millis(random.u64(1..2_000))),
                5 => Fault::unavailable(),
                6 => Fault::rate_limited(random.u32(0..3)),
                7 => Fault::not_found(),
                _ => Fault::sign_in_page(),
            };
            let phase = Duration::from_millis(random.u64(1..2_000)).min(left);
            left -= phase;
            scenario = scenario.then(fault, phase);
        }
        scenario
    }

    /// Adds a fault that comes after the ones so far.
    #[must_use]
    pub fn then(mut self, fault: Fault, lasts: Duration) -> Self {
        self.phases.push((fault, lasts));
        self
    }

    /// Whether there is a time at which requests fail.
    #[must_use]
    pub fn fails_requests(&self) -> bool {
        self.phases.iter().any(|(fault, lasts)| fault.fails_requests() && !lasts.is_zero())
    }

    /// The fault at a time since the begin, and when it ends, if it does.
    #[must_use]
    pub fn at(&self, time: Duration) -> (Fault, Option<Duration>) {
        let mut end = Duration::ZERO;
        for (fault, lasts) in &self.phases {
            end = end.saturating_add(*lasts);
            if time < end {
                return (fault.clone(), (end != Duration::MAX).then_some(end));
            }
        }
        (Fault::None, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn phases_follow_each_other_and_health_comes_last() {
        let scenario = Scenario::first(Fault::Refuse, SECOND).then(Fault::Reset, SECOND * 2);
        assert_eq!(scenario.at(Duration::ZERO), (Fault::Refuse, Some(SECOND)));
        assert_eq!(scenario.at(SECOND), (Fault::Reset, Some(SECOND * 3)));
        assert_eq!(scenario.at(SECOND * 3), (Fault::None, None));
        assert!(scenario.fails_requests());
    }

    #[test]
    fn a_fault_may_last_for_ever() {
        let scenario = Scenario::first(Fault::None, SECOND).then(Fault::Refuse, Duration::MAX);
        assert_eq!(scenario.at(SECOND * 1_000_000), (Fault::Refuse, None));
    }

    #[test]
    fn a_mixture_is_that_of_its_seed_and_ends() {
        let mixed = |seed| Scenario::mixed(seed, SECOND * 10);
        assert_eq!(mixed(1), mixed(1));
        assert_ne!(mixed(1), mixed(2));
        assert_eq!(mixed(1).at(SECOND * 10), (Fault::None, None));
        assert!((0..100).any(|seed| mixed(seed).at(SECOND * 9).0.fails_requests()));
    }

    #[test]
    fn a_slow_server_fails_no_request() {
        assert!(!Scenario::always(Fault::Slow(SECOND)).fails_requests());
        assert!(!Scenario::healthy().fails_requests());
    }
}
