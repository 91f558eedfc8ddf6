//! What a flush or close achieved.

use std::fmt;

use crate::Counters;

/// What became of entries, as a flush or close reports it.
///
/// A close counts everything since the client was made. A flush counts what happened since the last report.
///
/// Check [`is_complete`](Self::is_complete) where it matters that the server has everything; its `Display` says what happened otherwise.
/// ```
/// # let report = logtide_core::FlushReport::default();
/// if !report.is_complete() {
///     eprintln!("{report}"); // 3 delivered, 0 lost, 2 pending
/// }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FlushReport {
    /// Entries that the server confirmed.
    pub delivered: u64,
    /// Entries that were lost, for whatever reason; those left out by sampling or by `before_send` do not count.
    pub lost: u64,
    /// Entries logged before the call that are still pending: the time was up, or the circuit breaker is open.
    pub pending: u64,
    /// Entries logged before the call that are in files of the spool, and are sent later, by this process or the next.
    pub spooled: u64,
}

impl FlushReport {
    /// What happened between two moments of the same books, with so many entries pending and in files at the end.
    #[must_use]
    pub fn between(earlier: &Counters, later: &Counters, pending: u64, spooled: u64) -> Self {
        Self {
            delivered: later.delivered.saturating_sub(earlier.delivered),
            lost: later.dropped.since(&earlier.dropped).lost(),
            pending,
            spooled,
        }
    }

    /// Whether nothing was lost, and nothing is pending or in files: the server has everything.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.lost == 0 && self.pending == 0 && self.spooled == 0
    }
}

impl fmt::Display for FlushReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} delivered, {} lost, {} pending", self.delivered, self.lost, self.pending)?;
        if self.spooled > 0 {
            write!(formatter, ", {} in the spool", self.spooled)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DropReason;

    #[test]
    fn what_was_left_out_on_purpose_is_not_lost() {
        let mut earlier = Counters { delivered: 3, ..Counters::default() };
        earlier.dropped.add(DropReason::BufferFull, 2);
        let mut later = Counters { delivered: 10, ..earlier };
        for (reason, entries) in
            [(DropReason::Sampled, 50), (DropReason::Filtered, 60), (DropReason::Closed, 4)]
        {
            later.dropped.add(reason, entries);
        }
        assert_eq!(
            FlushReport::between(&earlier, &later, 5, 3),
            FlushReport { delivered: 7, lost: 4, pending: 5, spooled: 3 }
        );
        assert_eq!(FlushReport::between(&Counters::default(), &later, 0, 0).lost, 6);
    }
}
