//! A line of the table.

use std::{fmt, time::Duration};

use super::{logger::Told, sample::Sample};
use crate::crash::Ledger;

/// The state at a moment.
#[derive(Clone, Debug)]
pub struct Line {
    pub(super) time: Duration,
    pub(super) logged: u64,
    pub(super) delivered: u64,
    pub(super) duplicates: u64,
    pub(super) told: Told,
    pub(super) files: usize,
    pub(super) sample: Sample,
}

impl Line {
    /// The titles of the columns.
    pub const HEADER: &str = "\
|  time |    logged | delivered | twice | dropped | pending | spooled | files | resident MiB | handles | threads | CPU s |
|------:|----------:|----------:|------:|--------:|--------:|--------:|------:|-------------:|--------:|--------:|------:|";

    pub(super) fn new(
        time: Duration,
        (delivered, duplicates): (u64, u64),
        told: &Told,
        killed: &Ledger,
        files: usize,
        sample: Sample,
    ) -> Self {
        let logged = told.logged + killed.issued.len();
        Self { time, logged, delivered, duplicates, told: told.clone(), files, sample }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { time, logged, delivered, duplicates, told, files, sample } = self;
        let Told { dropped, pending, spooled, .. } = told;
        let (minutes, seconds) = (time.as_secs() / 60, time.as_secs() % 60);
        let Sample { resident, handles, threads, processor } = sample;
        let resident = *resident as f64 / f64::from(1 << 20);
        write!(
            formatter,
            "| {minutes:2}:{seconds:02} | {logged:9} | {delivered:9} | {duplicates:5} | {dropped:7} | {pending:7} | {spooled:7} | {files:5} | \
             {resident:12.1} | {handles:7} | {threads:7} | {processor:5.0} |"
        )
    }
}
