//! When a pipeline wants to be called again.

use super::Pipeline;
use crate::{CircuitState, Tick};

/// Why a pipeline wants to be called again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wake {
    /// Entries have waited for company long enough.
    Linger,
    /// A batch is to be sent again.
    Retry,
    /// The server asked for silence until then.
    Pause,
    /// The circuit breaker lets a probe through.
    Probe,
    /// The time of a flush or close is up.
    FlushDeadline,
}

impl Pipeline {
    /// When to call [`Pipeline::handle_timeout`], and why. `None` while nothing waits for time to pass.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<(Tick, Wake)> {
        let deadline = self.flushes.next_deadline().map(|at| (at, Wake::FlushDeadline));
        deadline.into_iter().chain(self.next_transmit()).min_by_key(|(at, _)| *at)
    }

    /// When the next batch may go out: everything that holds it back has passed then.
    fn next_transmit(&self) -> Option<(Tick, Wake)> {
        if self.in_flight.len() >= self.options.max_in_flight
            || self.breaker.state() == CircuitState::HalfOpen
        {
            return None;
        }
        let batch = self.candidates().min_by_key(|batch| self.ready_at(batch))?;
        let reason = if batch.attempts > 0 { Wake::Retry } else { Wake::Linger };
        let probe = self.breaker.probe_at().unwrap_or(Tick::ZERO);
        [(self.ready_at(batch), reason), (self.paused_until, Wake::Pause), (probe, Wake::Probe)]
            .into_iter()
            .max_by_key(|(at, _)| *at)
    }
}
