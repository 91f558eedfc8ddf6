//! The faults of a server over time.

use std::time::Duration;

use super::{Fault, Place};

/// How long a fault waits to occur, on a busy machine.
const UNMET: Duration = Duration::from_secs(15);

/// Faults one after the other, and a healthy server after the last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scenario {
    phases: Vec<(Fault, Extent)>,
}

/// The end of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    /// It lasts at least this long.
    pub(super) at_least: Duration,
    /// And until this many requests or connections have met it.
    pub(super) meets: u64,
    /// But at most this long.
    pub(super) at_most: Duration,
    /// And at most this long if nothing has met it.
    pub(super) unmet: Duration,
}

impl Scenario {
    /// A server that never fails.
    #[must_use]
    pub fn healthy() -> Self {
        Self::default()
    }

    /// Creates a server that fails in this way from the beginning, and never recovers.
    #[must_use]
    pub fn always(fault: Fault) -> Self {
        Self::default().then(fault, Duration::MAX)
    }

    /// Creates a server that fails in this way for some time at the beginning.
    #[must_use]
    pub fn first(fault: Fault, lasts: Duration) -> Self {
        Self::default().then(fault, lasts)
    }

    /// Creates faults of a few kinds, chosen by the seed, each for up to two seconds, for some time.
    #[must_use]
    pub fn mixed(seed: u64, lasts: Duration) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let (mut scenario, mut left) = (Self::default(), lasts);
        while !left.is_zero() {
            let fault = match random.u8(..9) {
                0 => Fault::None,
                1 => Fault::Slow(Duration::from_millis(random.u64(1..500))),
                2 => Fault::Refuse,
                3 => Fault::Reset(Place::AfterRequest),
                4 => Fault::Hang(Place::AfterRequest, Duration::from_millis(random.u64(1..2_000))),
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

    /// Adds a fault after the existing ones.
    #[must_use]
    pub fn then(self, fault: Fault, lasts: Duration) -> Self {
        self.then_until(fault, Extent::time(lasts))
    }

    /// Adds a fault after the existing ones, which ends as given.
    pub(super) fn then_until(mut self, fault: Fault, extent: Extent) -> Self {
        self.phases.push((fault, extent));
        self
    }

    /// Whether requests fail at any time.
    #[must_use]
    pub fn fails_requests(&self) -> bool {
        self.phases.iter().any(|(fault, extent)| fault.fails_requests() && !extent.at_most.is_zero())
    }

    /// Returns the fault with this number, and when it ends. After the last one, the server is healthy.
    pub(super) fn phase(&self, number: usize) -> (Fault, Extent) {
        self.phases.get(number).cloned().unwrap_or((Fault::None, Extent::time(Duration::MAX)))
    }

    pub(super) fn faults(&self) -> impl Iterator<Item = &Fault> {
        self.phases.iter().map(|(fault, _)| fault)
    }
}

impl Extent {
    /// Lasts this long.
    pub(super) const fn time(lasts: Duration) -> Self {
        Self { at_least: lasts, meets: 0, at_most: lasts, unmet: lasts }
    }

    /// Lasts until it was met this often.
    pub(super) const fn met(at_least: Duration, meets: u64, at_most: Duration) -> Self {
        Self { at_least, meets, at_most, unmet: UNMET }
    }

    /// Whether a fault that has lasted this long and was met this often is over.
    pub(super) fn is_over(&self, lasted: Duration, met: u64) -> bool {
        let most = if met == 0 { self.unmet } else { self.at_most };
        lasted >= most || (lasted >= self.at_least && met >= self.meets)
    }

    /// How much longer a fault lasts if it is not met.
    pub(super) fn left(&self, lasted: Duration) -> Duration {
        let ends = [self.at_least, self.at_most, self.unmet];
        let end = ends.into_iter().filter(|end| *end > lasted).min();
        end.map_or(Duration::ZERO, |end| end - lasted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn phases_follow_each_other_and_health_comes_last() {
        let reset = Fault::Reset(Place::AfterRequest);
        let scenario = Scenario::first(Fault::Refuse, SECOND).then(reset.clone(), SECOND * 2);
        assert_eq!(scenario.phase(0), (Fault::Refuse, Extent::time(SECOND)));
        assert_eq!(scenario.phase(1), (reset, Extent::time(SECOND * 2)));
        assert_eq!(scenario.phase(2), (Fault::None, Extent::time(Duration::MAX)));
        assert!(scenario.fails_requests());
    }

    #[test]
    fn a_length_of_time_is_over_when_it_has_passed() {
        let extent = Extent::time(SECOND);
        assert!(!extent.is_over(SECOND / 2, 1_000) && extent.is_over(SECOND, 0));
        assert_eq!(extent.left(SECOND / 4), SECOND * 3 / 4);
        assert!(!Extent::time(Duration::MAX).is_over(SECOND * 1_000_000, 0));
    }

    #[test]
    fn a_fault_may_last_until_it_was_met() {
        let extent = Extent { at_least: SECOND, meets: 2, at_most: SECOND * 3, unmet: SECOND * 9 };
        assert!(!extent.is_over(SECOND / 2, 2), "it lasts a second at least");
        assert!(!extent.is_over(SECOND, 1) && extent.is_over(SECOND, 2));
        assert!(extent.is_over(SECOND * 3, 1) && !extent.is_over(SECOND * 3, 0));
        assert!(extent.is_over(SECOND * 9, 0));
        assert_eq!((extent.left(Duration::ZERO), extent.left(SECOND)), (SECOND, SECOND * 2));
        assert_eq!(extent.left(SECOND * 4), SECOND * 5);
    }

    #[test]
    fn a_mixture_is_that_of_its_seed_and_ends() {
        let mixed = |seed| Scenario::mixed(seed, SECOND * 10);
        assert_eq!(mixed(1), mixed(1));
        assert_ne!(mixed(1), mixed(2));
        let total: Duration = mixed(1).phases.iter().map(|(_, extent)| extent.at_most).sum();
        assert_eq!(total, SECOND * 10);
        assert!((0..100).any(|seed| mixed(seed).fails_requests()));
    }

    #[test]
    fn a_slow_server_fails_no_request() {
        assert!(!Scenario::always(Fault::Slow(SECOND)).fails_requests());
        assert!(!Scenario::healthy().fails_requests());
    }
}
