//! The result of the rounds.

use std::{fmt, time::Duration};

use super::{Crash, Ledger, disk::Files, server::Stored};

/// The result of the rounds.
#[derive(Clone, Debug)]
pub struct Summary {
    crash: Crash,
    /// Programs that were killed before any log call had returned.
    pub(super) early: u32,
    /// Programs that removed files of earlier ones after delivering their entries.
    pub(super) recovering: u32,
    /// Files that were being created when the program was killed.
    pub(super) temporary: usize,
    /// Files that ended inside a line after a kill, and those that were truncated on purpose.
    pub(super) torn: usize,
    pub(super) torn_by_hand: usize,
    pub(super) most_files: usize,
    issued: u64,
    acknowledged: u64,
    delivered: u64,
    duplicates: u64,
    missing: u64,
    foreign: u64,
    lost: u64,
    left: Files,
    time: Duration,
}

impl Summary {
    pub(super) fn new(crash: Crash) -> Self {
        Self {
            crash,
            early: 0,
            recovering: 0,
            temporary: 0,
            torn: 0,
            torn_by_hand: 0,
            most_files: 0,
            issued: 0,
            acknowledged: 0,
            delivered: 0,
            duplicates: 0,
            missing: 0,
            foreign: 0,
            lost: 0,
            left: Files::default(),
            time: Duration::ZERO,
        }
    }

    /// Compares the reports of the programs with the content of the database.
    pub(super) fn judge(&mut self, ledger: &Ledger, stored: &Stored, left: Files, time: Duration) {
        self.issued = ledger.issued.len();
        self.acknowledged = ledger.acknowledged.len();
        self.delivered = stored.ids.len();
        self.duplicates = stored.duplicates;
        self.missing = ledger.acknowledged.iter().filter(|id| !stored.ids.contains(*id)).count() as u64;
        let unknown = stored.ids.iter().filter(|id| !ledger.issued.contains(*id)).count() as u64;
        self.foreign = stored.foreign + unknown;
        self.lost = ledger.lost;
        (self.left, self.time) = (left, time);
    }

    /// Describes what is wrong.
    #[must_use]
    pub fn failures(&self) -> Vec<String> {
        let mut failures = Vec::new();
        for (entries, what) in [
            (self.missing, "entries missing whose log call had returned"),
            (self.foreign, "entries stored that were not logged"),
            (self.lost, "entries counted as lost"),
            (self.left.whole as u64, "files left"),
        ] {
            if entries > 0 {
                failures.push(format!("{entries} {what}"));
            }
        }
        for (seen, what) in [
            (self.acknowledged > 0, "log call returned"),
            (self.recovering > 0, "program delivered what an earlier one had left"),
            (self.torn + self.torn_by_hand > 0, "file was torn"),
            // These events depend on chance.
            (self.duplicates > 0 || self.crash.rounds < 100, "entry was delivered again"),
            (self.early > 0 || self.crash.rounds < 100, "program was killed before a log call had returned"),
            (self.issued > self.acknowledged, "log call was under way at a kill"),
        ] {
            if !seen {
                failures.push(format!("no {what}"));
            }
        }
        failures
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { crash, early, recovering, temporary, torn, torn_by_hand, most_files, left, time, .. } =
            self;
        let Self { issued, acknowledged, delivered, duplicates, missing, .. } = self;
        writeln!(
            formatter,
            "{} rounds of {} threads in {:.1} s, seed {}\n\
             {issued} log calls, {acknowledged} had returned; {delivered} delivered, {duplicates} of them again; {missing} missing\n\
             {early} programs killed before a call had returned, {recovering} delivered what earlier ones had left\n\
             at the kills {} log calls were under way and {temporary} files were being made; {torn} files torn by kills, {torn_by_hand} torn by hand, {} set aside; at most {most_files} files",
            crash.rounds,
            crash.threads,
            time.as_secs_f64(),
            crash.seed,
            issued - acknowledged,
            left.damaged
        )?;
        match self.failures().as_slice() {
            [] => formatter.write_str("nothing is missing"),
            failures => write!(formatter, "FAILED: {}", failures.join("; ")),
        }
    }
}
