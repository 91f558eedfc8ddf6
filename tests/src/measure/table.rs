//! The table of all rounds.

use std::fmt;

use super::{figures::Figures, plan::Mode};

/// The contenders side by side, for one way of logging.
pub(super) struct Table {
    mode: Mode,
    entries: u64,
    threads: u64,
    rows: Vec<(&'static str, Vec<Figures>)>,
}

const HEADER: &str = "\
| client | caller ns | of it on CPU | aggregate ns | CPU µs | wall µs | peak MiB | held bytes | sent bytes | requests | missing |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
";

impl Table {
    pub(super) const fn new(mode: Mode, entries: u64, threads: u64) -> Self {
        Self { mode, entries, threads, rows: Vec::new() }
    }

    /// The names of the clients, each with its rounds.
    pub(super) fn rows(&self) -> &[(&'static str, Vec<Figures>)] {
        &self.rows
    }

    pub(super) fn add(&mut self, name: &'static str, figures: Figures) {
        match self.rows.iter_mut().find(|(row, _)| *row == name) {
            Some((_, rounds)) => rounds.push(figures),
            None => self.rows.push((name, vec![figures])),
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { mode, entries, threads, rows } = self;
        let rounds = rows.first().map_or(0, |(_, rounds)| rounds.len());
        writeln!(
            formatter,
            "## {mode}, {threads} thread(s): {entries} entries, none twice; medians of {rounds}\n"
        )?;
        formatter.write_str(HEADER)?;
        for (name, rounds) in rows {
            let Figures {
                caller,
                own,
                aggregate,
                processor,
                wall,
                memory,
                held,
                bytes,
                requests,
                missing,
                ..
            } = Figures::median(rounds);
            writeln!(
                formatter,
                "| {name} | {caller:.0} | {own:.0} | {aggregate:.0} | {processor:.3} | {wall:.3} | {memory:.1} | {} | {bytes:.0} | {requests:.0} | {missing:.0} |",
                cell(held, 0)
            )?;
        }
        let Some(((reference, others_rounds), others)) = rows.split_last() else { return Ok(()) };
        for (name, rounds) in others {
            let ratios: Vec<Figures> =
                rounds.iter().zip(others_rounds).map(|(own, other)| own.ratio(*other)).collect();
            write!(formatter, "| {name} / {reference} |")?;
            // Allocations have no column.
            let [shown @ .., _] = Figures::median(&ratios).to_array();
            for ratio in shown {
                write!(formatter, " {} |", cell(ratio, 2))?;
            }
            writeln!(formatter)?;
        }
        Ok(())
    }
}

/// Formats a figure with this many decimals. Empty if it was not measured.
pub(super) fn cell(figure: f64, decimals: usize) -> String {
    if figure.is_nan() { String::new() } else { format!("{figure:.decimals$}") }
}
