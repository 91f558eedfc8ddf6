//! The table of results.

use std::fmt;

use super::{Outcome, Promise, Result, Row, Trial, Verdict, campaign::Campaign};

/// The results of programs and trials.
#[derive(Debug, Default)]
pub(super) struct Table(Vec<Line>);

/// A line of the table.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) name: String,
    pub(super) logged: u64,
    pub(super) stored: u64,
    pub(super) told: u64,
    duplicates: u64,
    requests: u64,
    exit_ms: Option<u128>,
    pub(super) promise: Promise,
    pub(super) failures: Vec<String>,
}

const HEADER: &str = "\
| scenario | logged | stored | lost | told | duplicates | requests | exit ms | verdict |
|---|---:|---:|---:|---:|---:|---:|---:|---|
";

impl Table {
    pub(super) fn add(&mut self, line: Line) {
        self.0.push(line);
    }

    pub(super) fn failed(&self) -> usize {
        self.0.iter().filter(|line| !line.failures.is_empty()).count()
    }

    pub(super) fn lines(&self) -> &[Line] {
        &self.0
    }
}

impl Line {
    /// The result of a program.
    pub(super) fn of_row(row: &Row, outcome: &Result<Outcome>) -> Self {
        let line = Self::new(&row.name, u64::from(row.load.entries), row.promise);
        match outcome {
            Ok(outcome) => Self {
                stored: outcome.stored,
                told: outcome.told,
                duplicates: outcome.duplicates,
                requests: outcome.requests,
                exit_ms: Some(outcome.exit.as_millis()),
                failures: outcome.failures.clone(),
                ..line
            },
            Err(error) => line.failing(error.to_string()),
        }
    }

    /// The result of a trial.
    pub(super) fn of_trial(trial: &Trial, verdict: &Result<Verdict>) -> Self {
        let line = Self::new(&trial.name, u64::from(trial.entries) + 1, trial.promise);
        match verdict {
            Ok(verdict) => Self {
                stored: verdict.stored,
                told: verdict.told,
                duplicates: verdict.duplicates,
                requests: verdict.requests,
                failures: verdict.failures.clone(),
                ..line
            },
            Err(error) => line.failing(error.to_string()),
        }
    }

    /// The result of many trials together.
    pub(super) fn of_campaign(name: String, promise: Promise, campaign: &Campaign) -> Self {
        Self {
            stored: campaign.stored,
            told: campaign.told,
            duplicates: campaign.duplicates,
            requests: campaign.requests,
            ..Self::new(&name, campaign.logged, promise)
        }
    }

    fn new(name: &str, logged: u64, promise: Promise) -> Self {
        let name = name.to_owned();
        let (stored, told, duplicates, requests) = (0, 0, 0, 0);
        Self {
            name,
            logged,
            stored,
            told,
            duplicates,
            requests,
            exit_ms: None,
            promise,
            failures: Vec::new(),
        }
    }

    /// Adds a failure.
    pub(super) fn failing(mut self, what: String) -> Self {
        self.failures.push(what);
        self
    }
}

impl fmt::Display for Table {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(HEADER)?;
        self.0.iter().try_for_each(|line| line.fmt(formatter))
    }
}

impl fmt::Display for Line {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, logged, stored, told, duplicates, requests, promise, .. } = self;
        let lost = logged.saturating_sub(*stored);
        let exit = self.exit_ms.map(|exit| exit.to_string()).unwrap_or_default();
        write!(
            formatter,
            "| {name} | {logged} | {stored} | {lost} | {told} | {duplicates} | {requests} | {exit} | "
        )?;
        if self.failures.is_empty() {
            writeln!(formatter, "ok: {promise} |")
        } else {
            writeln!(formatter, "FAILED: {} |", self.failures.join("; "))
        }
    }
}
