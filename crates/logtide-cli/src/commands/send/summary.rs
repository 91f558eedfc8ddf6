//! What was delivered and what was not.

use std::{
    fmt::{self, Display},
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

use logtide::{ClientMetrics, DropReason};

use super::counts::Counts;

/// The final message of the command: what was delivered and what was not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Summary<'a> {
    pub(super) metrics: &'a ClientMetrics,
    pub(super) counts: &'a Counts,
    pub(super) elapsed: Duration,
    pub(super) max_line: usize,
}

impl Summary<'_> {
    /// Entries that are neither on the server nor in the spool.
    pub(super) const fn undelivered(&self) -> u64 {
        self.metrics.logs_dropped + self.metrics.pending
    }

    /// Whether nothing was delivered, and everything waited for the server until the end.
    pub(super) fn is_without_an_answer(&self) -> bool {
        let dropped = &self.metrics.dropped;
        let waited =
            self.metrics.pending + dropped.get(DropReason::Shutdown) + dropped.get(DropReason::Closed);
        let delivered = self.metrics.logs_sent + self.metrics.recovered.delivered;
        delivered == 0 && waited > 0 && waited == self.undelivered()
    }
}

impl Display for Summary<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let metrics = self.metrics;
        write!(formatter, "{} delivered in {:.1} s", Entries(metrics.logs_sent), self.elapsed.as_secs_f64())?;
        if metrics.logs_sent > 1_000 {
            let rate = metrics.logs_sent as f64 / self.elapsed.as_secs_f64().max(0.001);
            write!(formatter, " ({}/s)", Grouped(rate as u64))?;
        }
        if metrics.spooled > 0 {
            write!(
                formatter,
                "; {} kept in the spool, to be sent by the next run",
                Entries(metrics.spooled)
            )?;
        }
        if metrics.recovered.delivered > 0 {
            write!(formatter, "; {} of an earlier run delivered", Entries(metrics.recovered.delivered))?;
        }
        if self.undelivered() > 0 {
            write!(formatter, "; {} NOT delivered", Entries(self.undelivered()))?;
            self.reasons(formatter)?;
        }
        let note = |formatter: &mut fmt::Formatter<'_>, count: &AtomicU64, one: &str, many: &str| match count
            .load(Relaxed)
        {
            0 => Ok(()),
            1 => write!(formatter, "; 1 line {one}"),
            count => write!(formatter, "; {} lines {many}", Grouped(count)),
        };
        let size = format!("cut at {} bytes", Grouped(self.max_line as u64));
        note(formatter, &self.counts.cut, &format!("was {size}"), &format!("were {size}"))?;
        note(formatter, &self.counts.not_utf8, "is not UTF-8", "are not UTF-8")
    }
}

impl Summary<'_> {
    fn reasons(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = |reason| match reason {
            DropReason::Shutdown | DropReason::Closed => "the deadline passed".to_owned(),
            DropReason::Rejected => "the server rejects them".to_owned(),
            other => other.to_string().replace('_', " "),
        };
        let mut reasons: Vec<(String, u64)> = Vec::new();
        for (reason, entries) in self.metrics.dropped.iter().filter(|(_, entries)| *entries > 0) {
            let words = words(reason);
            match reasons.iter_mut().find(|(known, _)| *known == words) {
                Some((_, count)) => *count += entries,
                None => reasons.push((words, entries)),
            }
        }
        for (index, (words, entries)) in reasons.iter().enumerate() {
            let start = if index == 0 { " (" } else { ", " };
            write!(formatter, "{start}{}: {words}", Grouped(*entries))?;
        }
        if !reasons.is_empty() { formatter.write_str(")") } else { Ok(()) }
    }
}

/// A number of entries.
pub(super) struct Entries(pub(super) u64);

impl Display for Entries {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => formatter.write_str("1 entry"),
            entries => write!(formatter, "{} entries", Grouped(entries)),
        }
    }
}

/// A number in groups of three digits.
pub(super) struct Grouped(pub(super) u64);

impl Display for Grouped {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                formatter.write_str(",")?;
            }
            write!(formatter, "{digit}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(Grouped(number).to_string(), text);
        }
    }
}
