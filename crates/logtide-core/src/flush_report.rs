//! The result of a flush or close.

use std::fmt;

use crate::Counters;

/// What happened to entries, as reported by a flush or close.
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
    /// Entries that were lost for any reason. Those dropped by sampling or `before_send` do not count.
    pub lost: u64,
    /// Entries logged before the call that are still pending, because the deadline passed or the circuit breaker is
    /// open.
    pub pending: u64,
    /// Entries logged before the call that are in files of the spool. This process or the next delivers them.
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

    /// Whether the server has everything: nothing was lost, is pending or is in files.
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
