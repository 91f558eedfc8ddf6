//! The result of a row.

use std::{fmt, time::Duration};

use super::{Ending, Row, judge::Count, program::Told, server::ServerRecord};

/// The time limit for the end of a program: the client's default `shutdown_timeout` of 5 s, plus the delay of a loaded machine.
const LONGEST_END: Duration = Duration::from_secs(8);

/// The result of a row.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub(super) logged: u64,
    /// Entries that the server confirmed, each counted once.
    pub(super) stored: u64,
    /// Entries that the program counts as lost.
    pub(super) told: u64,
    /// Repeated confirmations of the same entries.
    pub(super) duplicates: u64,
    /// Requests that reached the server.
    pub(super) requests: u64,
    /// The time from the program's last statement to the end of its process.
    pub(super) exit: Duration,
    /// Describes what is wrong.
    pub(super) failures: Vec<String>,
    /// What the program wrote to standard error.
    pub(super) complaints: String,
}

impl Outcome {
    pub(super) fn new(
        row: &Row,
        told: &Told,
        record: &ServerRecord,
        exit: Duration,
        complaints: String,
    ) -> Self {
        let mut outcome = Self {
            logged: u64::from(row.load.entries),
            stored: record.stored(),
            told: if row.load.ending.is_told() { told.dropped + told.pending } else { told.dropped },
            duplicates: record.duplicates,
            requests: record.requests,
            exit,
            failures: Vec::new(),
            complaints,
        };
        outcome.failures = outcome.judge(row, told, record);
        outcome
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.failures.is_empty()
    }

    /// Entries that the server did not confirm.
    #[must_use]
    pub const fn lost(&self) -> u64 {
        self.count().lost()
    }

    const fn count(&self) -> Count {
        Count { logged: self.logged, stored: self.stored, told: self.told }
    }

    fn judge(&self, row: &Row, told: &Told, record: &ServerRecord) -> Vec<String> {
        let mut failures = self.count().judge(row.promise, told, record);
        match told.report {
            Some((lost, pending)) if lost + pending != self.told => {
                failures.push(format!("the report of close says {lost} lost and {pending} pending"));
            }
            None if row.load.ending == Ending::Close => {
                failures.push("there is no report of close".to_owned());
            }
            _ => {}
        }
        if row.scenario.fails_requests() && told.errors == 0 && row.load.ending.is_told() {
            failures.push("no request met the fault".to_owned());
        }
        if self.exit > LONGEST_END {
            failures.push("ended too late".to_owned());
        }
        failures
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { logged, stored, told, duplicates, requests, exit, failures, complaints } = self;
        write!(
            formatter,
            "{logged} logged, {stored} stored, {told} told as lost, {duplicates} duplicates, {requests} requests, {} ms to exit",
            exit.as_millis()
        )?;
        for failure in failures {
            write!(formatter, "; {failure}")?;
        }
        if complaints.is_empty() { Ok(()) } else { write!(formatter, "\n{}", complaints.trim_end()) }
    }
}

#[cfg(test)]
mod tests;
