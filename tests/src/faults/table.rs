//! All rows for people.

use std::fmt;

use super::{Outcome, Result, Row};

/// The rows side by side with what became of them.
pub(super) struct Table<'a>(pub(super) &'a [(Row, Result<Outcome>)]);

const HEADER: &str = "\
| scenario | logged | stored | lost | told | duplicates | requests | exit ms | verdict |
|---|---:|---:|---:|---:|---:|---:|---:|---|
";

impl fmt::Display for Table<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(HEADER)?;
        for (row, outcome) in self.0 {
            let (name, promise) = (&row.name, row.promise);
            match outcome {
                Ok(outcome) => {
                    let Outcome { logged, stored, told, duplicates, requests, exit, failures, .. } = outcome;
                    let (lost, exit) = (outcome.lost(), exit.as_millis());
                    write!(
                        formatter,
                        "| {name} | {logged} | {stored} | {lost} | {told} | {duplicates} | {requests} | {exit} | "
                    )?;
                    if outcome.is_right() {
                        writeln!(formatter, "ok: {promise} |")?;
                    } else {
                        writeln!(formatter, "FAILED: {} |", failures.join("; "))?;
                    }
                }
                Err(error) => {
                    let logged = row.load.entries;
                    writeln!(formatter, "| {name} | {logged} | | | | | | | FAILED: {error} |")?;
                }
            }
        }
        Ok(())
    }
}
