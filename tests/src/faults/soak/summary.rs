//! The result of a soak.

use std::{fmt, time::Duration};

use super::{Line, Soak, logger::Told, sample::Sample};
use crate::{
    crash::{Files, Ledger},
    faults::server::ServerRecord,
};

/// The state at the end of a soak.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) soak: Soak,
    pub(super) last: Line,
    pub(super) told: Told,
    /// The reports of the killed programs, and their number.
    pub(super) killed: Ledger,
    pub(super) visitors: u64,
    pub(super) reopened: u64,
    pub(super) most_files: usize,
    /// Files that are left in the spool.
    pub(super) left: Files,
    pub(super) samples: Vec<(Duration, Sample)>,
    pub(super) record: ServerRecord,
    pub(super) complaints: String,
}

/// The result of a soak.
#[derive(Debug)]
pub struct Summary {
    ended: Ended,
    /// Entries missing on the server: those of the program, and those of killed programs whose log call had returned.
    missing: (u64, u64),
    /// Missing entries of killed programs whose log call had not returned. A partially written one may be counted as lost.
    interrupted: u64,
    /// Stored entries that were never logged.
    unknown: u64,
    growth: Option<Growth>,
}

/// Medians of the first and of the last third of the time.
#[derive(Clone, Copy, Debug)]
struct Growth {
    resident: (u64, u64),
    handles: (u64, u64),
    threads: (u64, u64),
}

impl Summary {
    pub(super) fn new(ended: Ended) -> Self {
        let ids = ended.record.ids();
        let own = (0..ended.told.logged).filter(|id| !ids.contains(id)).count() as u64;
        let others = ended.killed.acknowledged.iter().filter(|id| !ids.contains(id)).count() as u64;
        let stored = ended.killed.issued.iter().filter(|id| ids.contains(id)).count();
        let interrupted = ended.killed.issued.len() - stored as u64 - others;
        let known = |id: &&u64| **id < ended.told.logged || ended.killed.issued.contains(**id);
        let unknown = (ids.len() - ids.iter().filter(known).count()) as u64;
        let growth = Growth::of(&ended);
        Self { missing: (own, others), interrupted, unknown, growth, ended }
    }

    /// Describes what is wrong.
    #[must_use]
    pub fn failures(&self) -> Vec<String> {
        let Ended { told, record, left, last, .. } = &self.ended;
        let (missing, mut failures) = (self.missing.0 + self.missing.1, Vec::new());
        let mut fail = |fails: bool, text: String| {
            if fails {
                failures.push(text);
            }
        };
        let dropped = told.dropped;
        fail(missing > dropped, format!("{} lost in silence", missing.saturating_sub(dropped)));
        let most = missing + self.interrupted;
        fail(dropped > most, format!("{} told as lost are stored", dropped.saturating_sub(most)));
        fail(self.unknown > 0, format!("{} stored that nobody logged", self.unknown));
        fail(record.foreign > 0, format!("{} stored that were not logged so", record.foreign));
        fail(told.errors == 0, "no request met a fault".to_owned());
        let pending = last.told.pending + last.told.spooled;
        fail(pending > 0 || left.whole > 0, format!("{pending} pending, {} files left", left.whole));
        fail(left.damaged > 0, format!("{} damaged files", left.damaged));
        let is_long = self.growth.is_some();
        fail(is_long && !self.has_seen_all(), "nothing was in files, or no program was killed".to_owned());
        failures.extend(self.growth.map(Growth::failures).unwrap_or_default());
        failures
    }

    /// Whether entries were spooled, clients were replaced, and programs were killed on the same spool.
    const fn has_seen_all(&self) -> bool {
        let Ended { visitors, reopened, most_files, killed, .. } = &self.ended;
        *visitors > 0 && *reopened > 0 && *most_files > 0 && !killed.acknowledged.is_empty()
    }
}

impl Growth {
    /// Returns `None` for less than three minutes, in which the process has barely started.
    fn of(ended: &Ended) -> Option<Self> {
        let lasts = ended.soak.lasts;
        if lasts < Duration::from_secs(180) {
            return None;
        }
        let warm = (lasts / 10).min(Duration::from_secs(120));
        let third = (lasts - warm) / 3;
        let between = |from: Duration, to: Duration, figure: fn(&Sample) -> u64| {
            let mut figures: Vec<_> = ended
                .samples
                .iter()
                .filter(|(at, _)| (from..to).contains(at))
                .map(|(_, sample)| figure(sample))
                .collect();
            figures.sort_unstable();
            figures.get(figures.len() / 2).copied().unwrap_or_default()
        };
        let medians = |figure| (between(warm, warm + third, figure), between(lasts - third, lasts, figure));
        Some(Self {
            resident: medians(|sample| sample.resident),
            handles: medians(|sample| sample.handles),
            threads: medians(|sample| sample.threads),
        })
    }

    fn failures(self) -> Vec<String> {
        let mut failures = Vec::new();
        let (first, last) = self.resident;
        if last > first + first / 5 + (4 << 20) {
            failures.push("the memory has grown".to_owned());
        }
        for (name, (first, last)) in [("handles", self.handles), ("threads", self.threads)] {
            // One more connection or thread is not a leak.
            if last > first + 2 {
                failures.push(format!("the {name} have grown"));
            }
        }
        failures
    }
}

impl fmt::Display for Growth {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mebibytes = |bytes: u64| bytes as f64 / f64::from(1 << 20);
        let Self { resident, handles, threads } = self;
        write!(
            formatter,
            "first and last third: {:.1} and {:.1} MiB resident, {} and {} handles, {} and {} threads",
            mebibytes(resident.0),
            mebibytes(resident.1),
            handles.0,
            handles.1,
            threads.0,
            threads.1
        )
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ended, missing, unknown, growth, .. } = self;
        let Ended { soak, told, killed, visitors, reopened, most_files, left, record, complaints, .. } =
            ended;
        let (read, sent, dropped) = told.recovered;
        writeln!(formatter, "seed {}, {} entries/s for {} s", soak.seed, soak.rate, soak.lasts.as_secs())?;
        writeln!(
            formatter,
            "{} logged, {} by {visitors} killed programs, of which {} had returned; {} confirmed, {} twice; {} + {} missing, {} dropped, \
             {unknown} unknown",
            told.logged,
            killed.issued.len(),
            killed.acknowledged.len(),
            record.stored(),
            record.duplicates,
            missing.0,
            missing.1,
            told.dropped
        )?;
        writeln!(
            formatter,
            "{reopened} clients closed for others; {read} entries recovered, {sent} of them sent, {dropped} dropped; at most {most_files} files, {} \
             left; {} requests, {} failed",
            left.whole, record.requests, told.errors
        )?;
        for (reason, entries) in &told.reasons {
            writeln!(formatter, "{entries} {reason}")?;
        }
        if let Some(growth) = growth {
            writeln!(formatter, "{growth}")?;
        }
        if !complaints.is_empty() {
            writeln!(formatter, "{complaints}")?;
        }
        match self.failures().as_slice() {
            [] => formatter.write_str("nothing is missing"),
            failures => write!(formatter, "FAILED: {}", failures.join("; ")),
        }
    }
}
