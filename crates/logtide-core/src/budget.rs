//! The number of requests for isolating bad entries.

use std::time::Duration;

use crate::Tick;

/// A token bucket for the requests that isolate bad entries.
///
/// One bad entry among 1,000 takes 20 requests, and five take about 90. Beyond the bucket, isolation continues at the
/// refill rate, so a program whose entries are all bad uses half of the server's default limit of 1,000 requests a
/// minute.
#[derive(Debug)]
pub(crate) struct Budget {
    left: u32,
    /// When the next request began to accrue.
    since: Tick,
}

impl Budget {
    /// The number of requests that can be made at once.
    pub(crate) const SIZE: u32 = 128;
    /// The time to regain one request.
    pub(crate) const INTERVAL: Duration = Duration::from_millis(125);

    /// Takes a number of requests, or none if fewer are left.
    pub(crate) fn spend(&mut self, requests: u32, now: Tick) -> bool {
        self.refill(now);
        let Some(left) = self.left.checked_sub(requests) else {
            return false;
        };
        self.left = left;
        true
    }

    /// When one request can be made. The origin of time if it can be made at once.
    pub(crate) fn ready_at(&self) -> Tick {
        if self.left > 0 { Tick::ZERO } else { self.since.after(Self::INTERVAL) }
    }

    fn refill(&mut self, now: Tick) {
        if self.left == Self::SIZE {
            self.since = now;
            return;
        }
        let regained = now.since(self.since).as_millis() / Self::INTERVAL.as_millis();
        let regained = u32::try_from(regained).unwrap_or(u32::MAX);
        self.left = self.left.saturating_add(regained).min(Self::SIZE);
        self.since = self.since.after(Self::INTERVAL.saturating_mul(regained)).min(now);
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self { left: Self::SIZE, since: Tick::ZERO }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spent_comes_back_at_a_steady_pace() {
        let mut budget = Budget::default();
        let start = Tick::ZERO.after(Duration::from_secs(1_000));
        assert!(budget.spend(Budget::SIZE - 1, start));
        assert!(!budget.spend(2, start));
        assert!(budget.spend(1, start));
        assert_eq!(budget.ready_at(), start.after(Budget::INTERVAL));
        assert!(!budget.spend(1, start.after(Budget::INTERVAL / 2)));
        assert!(budget.spend(1, start.after(Budget::INTERVAL)));
        let later = start.after(Duration::from_secs(86_400));
        assert!(budget.spend(Budget::SIZE, later));
        assert!(!budget.spend(1, later));
    }

    #[test]
    fn parts_of_an_interval_are_not_lost() {
        let mut budget = Budget::default();
        assert!(budget.spend(Budget::SIZE, Tick::ZERO));
        for step in 1..=6 {
            let spent = budget.spend(1, Tick::ZERO.after(Budget::INTERVAL / 4 * step));
            assert_eq!(spent, step == 4, "after {step} quarters");
        }
    }
}
