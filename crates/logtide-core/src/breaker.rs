//! The circuit breaker.

use std::{fmt, time::Duration};

use crate::Tick;

/// The state of a circuit breaker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CircuitState {
    /// Requests are sent.
    #[default]
    Closed,
    /// The server failed too often. Nothing is sent until the reset time has passed.
    Open,
    /// One request is in flight to check whether the server is back.
    HalfOpen,
}

impl fmt::Display for CircuitState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Closed => "CLOSED",
            Self::Open => "OPEN",
            Self::HalfOpen => "HALF_OPEN",
        })
    }
}

/// Stops sending to a server that keeps failing, and probes it with one request at a time until it is back.
///
/// `threshold` consecutive failures open it. After `reset`, one probe is allowed: if it succeeds the breaker closes,
/// if it fails the breaker opens again.
#[derive(Clone, Debug)]
pub(crate) struct Breaker {
    threshold: u32,
    reset: Duration,
    state: State,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Closed { failures: u32 },
    Open { until: Tick },
    HalfOpen,
}

/// The answer of a breaker to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    /// It may be sent.
    Admitted,
    /// It may be sent as the probe, whose outcome decides.
    Probe,
    /// It has to wait.
    Refused,
}

impl Breaker {
    /// Creates a closed breaker. A `threshold` of 0 counts as 1.
    pub(crate) const fn new(threshold: u32, reset: Duration) -> Self {
        Self { threshold, reset, state: State::Closed { failures: 0 } }
    }

    /// The state now.
    pub(crate) const fn state(&self) -> CircuitState {
        match self.state {
            State::Closed { .. } => CircuitState::Closed,
            State::Open { .. } => CircuitState::Open,
            State::HalfOpen => CircuitState::HalfOpen,
        }
    }

    /// When the next probe may be sent, while the breaker is open.
    pub(crate) const fn probe_at(&self) -> Option<Tick> {
        match self.state {
            State::Open { until } => Some(until),
            State::Closed { .. } | State::HalfOpen => None,
        }
    }

    /// Whether nothing can be sent at that time, not even a probe.
    pub(crate) fn is_open_at(&self, now: Tick) -> bool {
        self.probe_at().is_some_and(|until| now < until)
    }

    /// Asks to send a request. The outcome of a probe must be reported with [`Breaker::on_success`] or
    /// [`Breaker::on_failure`].
    pub(crate) fn admit(&mut self, now: Tick) -> Admission {
        match self.state {
            State::Closed { .. } => Admission::Admitted,
            State::Open { until } if now >= until => {
                self.state = State::HalfOpen;
                Admission::Probe
            }
            State::Open { .. } | State::HalfOpen => Admission::Refused,
        }
    }

    /// Records a response of a working server. Returns whether it closed the breaker.
    pub(crate) fn on_success(&mut self) -> bool {
        let closes = !matches!(self.state, State::Closed { .. });
        self.state = State::Closed { failures: 0 };
        closes
    }

    /// Records a failure. Returns whether it opened the breaker.
    pub(crate) fn on_failure(&mut self, now: Tick) -> bool {
        match &mut self.state {
            State::Closed { failures } if *failures + 1 < self.threshold => {
                *failures += 1;
                false
            }
            State::Closed { .. } | State::HalfOpen => {
                self.state = State::Open { until: now.after(self.reset) };
                true
            }
            // This request was sent before the breaker opened.
            State::Open { .. } => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RESET: Duration = Duration::from_secs(30);

    fn open() -> Breaker {
        let mut breaker = Breaker::new(1, RESET);
        assert!(breaker.on_failure(Tick::ZERO));
        breaker
    }

    #[test]
    fn failures_in_a_row_open_it() {
        let mut breaker = Breaker::new(3, RESET);
        for _ in 0..2 {
            assert!(!breaker.on_failure(Tick::ZERO));
        }
        assert_eq!(breaker.state(), CircuitState::Closed);
        assert!(!breaker.on_success());
        for opens in [false, false, true] {
            assert_eq!(breaker.on_failure(Tick::ZERO), opens);
        }
        assert_eq!(breaker.state(), CircuitState::Open);
        assert_eq!(breaker.admit(Tick::ZERO), Admission::Refused);
    }

    #[test]
    fn one_probe_at_a_time_after_the_reset_time() {
        let mut breaker = open();
        let later = Tick::ZERO.after(RESET);
        assert_eq!(breaker.admit(later.before(Duration::from_micros(1))), Admission::Refused);
        assert_eq!(breaker.admit(later), Admission::Probe);
        assert_eq!(breaker.state(), CircuitState::HalfOpen);
        assert_eq!(breaker.admit(later), Admission::Refused);
        assert!(breaker.on_success());
        assert_eq!(breaker.admit(later), Admission::Admitted);
    }

    #[test]
    fn one_failed_probe_opens_it_again_whatever_the_threshold() {
        let mut breaker = Breaker::new(3, RESET);
        for _ in 0..3 {
            breaker.on_failure(Tick::ZERO);
        }
        let later = Tick::ZERO.after(RESET);
        assert_eq!(breaker.admit(later), Admission::Probe);
        assert!(breaker.on_failure(later));
        assert_eq!(breaker.probe_at(), Some(later.after(RESET)));
        assert_eq!(breaker.admit(later.after(RESET)), Admission::Probe);
    }

    #[test]
    fn late_failures_do_not_prolong_an_open_breaker() {
        let mut breaker = open();
        assert!(!breaker.on_failure(Tick::from_micros(9)));
        assert_eq!(breaker.probe_at(), Some(Tick::ZERO.after(RESET)));
    }

    #[test]
    fn names_are_those_of_the_other_sdks() {
        let names =
            [CircuitState::Closed, CircuitState::Open, CircuitState::HalfOpen].map(|state| state.to_string());
        assert_eq!(names, ["CLOSED", "OPEN", "HALF_OPEN"]);
    }
}
