//! When a pipeline wants to be called again.

use super::Pipeline;
use crate::Tick;

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
    /// The server was away, and a parked batch is tried again.
    Parked,
    /// Batches that may hold bad entries go on at their pace.
    Isolation,
    /// The circuit breaker lets a probe through.
    Probe,
    /// Entries are to be written to the spool, or read from it.
    Spool,
    /// The time of a flush or close is up.
    FlushDeadline,
}

impl Pipeline {
    /// When to call [`Pipeline::handle_timeout`], and why. `None` while nothing waits for time to pass.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<(Tick, Wake)> {
        let spool = self.next_operation().map(|at| (at, Wake::Spool));
        if self.waits_for_disk() {
            return spool;
        }
        let deadline = self.flushes.next_deadline().map(|at| (at, Wake::FlushDeadline));
        let next = self.next_transmit().filter(|_| !self.is_over);
        deadline.into_iter().chain(next).chain(spool).min_by_key(|(at, _)| *at)
    }

    /// When the next batch may go out: everything that holds it back has passed then.
    fn next_transmit(&self) -> Option<(Tick, Wake)> {
        let regular =
            self.candidates().map(|(_, batch)| batch).min_by_key(|batch| self.ready_at(batch)).map(|batch| {
                let reason = if batch.attempts > 0 { Wake::Retry } else { Wake::Linger };
                (self.ready_at(batch), reason)
            });
        let suspect = self.next_suspect().map(|(_, at)| (at, Wake::Isolation));
        let batch = regular.into_iter().chain(suspect).min_by_key(|(at, _)| *at)?;
        let next = [batch, self.open_at()].into_iter().max_by_key(|(at, _)| *at)?;
        (next.0 < Tick::MAX).then_some(next)
    }
}
