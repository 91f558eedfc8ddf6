//! When to call a pipeline again.

use super::Pipeline;
use crate::Tick;

/// Why to call a pipeline again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wake {
    /// The flush interval of the oldest entry has passed.
    Linger,
    /// A batch is retried.
    Retry,
    /// The pause that the server asked for ends.
    Pause,
    /// A parked batch is tried again.
    Parked,
    /// Batches that may contain bad entries are sent.
    Isolation,
    /// The circuit breaker allows a probe.
    Probe,
    /// Entries are written to the spool or read from it.
    Spool,
    /// The deadline of a flush or close passes.
    FlushDeadline,
}

impl Pipeline {
    /// When to call [`Pipeline::handle_timeout`], and why. `None` if no time is awaited.
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

    /// When the next batch may be sent.
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
