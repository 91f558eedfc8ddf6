//! A short table for the documentation.

use std::fmt::Write as _;

use super::{
    Result,
    figures::{Figures, median},
    table::{Table, cell},
};

/// Formats the clients side by side, with their allocations per entry, and the others as ratios to the last.
pub(super) fn markdown(table: &Table, allocations: &[f64]) -> Result<String> {
    let rows: Vec<_> = table.rows().iter().zip(allocations).collect();
    let mut text = String::from(
        "| client | log call, ns | CPU of the process, µs | allocations | bytes sent |\n|---|---:|---:|---:|---:|\n",
    );
    for ((name, rounds), allocations) in &rows {
        let Figures { caller, processor, bytes, .. } = Figures::median(rounds);
        let allocations = cell(**allocations, 2);
        writeln!(text, "| {name} | {caller:.0} | {processor:.2} | {allocations} | {bytes:.0} |")?;
    }
    let Some((((reference, others), most), rest)) = rows.split_last() else { return Ok(text) };
    for ((name, rounds), allocations) in rest {
        let share = |figure: fn(&Figures) -> f64| {
            let ratios = rounds.iter().zip(others).map(|(own, other)| figure(own) / figure(other));
            cell(median(ratios.collect()), 2)
        };
        let (caller, processor) = (share(|run| run.caller), share(|run| run.processor));
        let (allocations, bytes) = (cell(**allocations / **most, 2), share(|run| run.bytes));
        writeln!(text, "| {name} / {reference} | {caller} | {processor} | {allocations} | {bytes} |")?;
    }
    let (first, count) = (table.to_string(), others.len());
    let how = first.lines().next().and_then(|line| line.split(':').next()).unwrap_or_default();
    writeln!(
        text,
        "\nFigures are for one entry ({}), medians of {count} runs.",
        how.trim_start_matches("## ")
    )?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use crate::measure::plan::Mode;

    use super::*;

    #[test]
    fn medians_and_shares_of_the_last_are_told() {
        let run = |caller, processor| Figures { caller, processor, bytes: 100.0, ..Figures::default() };
        let mut table = Table::new(Mode::Steady, 1_000, 1);
        for (own, other) in [
            (run(50.0, 0.5), run(200.0, 2.0)),
            (run(70.0, 0.4), run(100.0, 2.0)),
            (run(60.0, 0.6), run(300.0, 2.0)),
        ] {
            table.add("ours", own);
            table.add("theirs", other);
        }
        let text = markdown(&table, &[0.01, 12.0]).unwrap();
        assert_eq!(
            text,
            "| client | log call, ns | CPU of the process, µs | allocations | bytes sent |\n|---|---:|---:|---:|---:|\n\
             | ours | 60 | 0.50 | 0.01 | 100 |\n| theirs | 200 | 2.00 | 12.00 | 100 |\n\
             | ours / theirs | 0.25 | 0.25 | 0.00 | 1.00 |\n\n\
             Figures are for one entry (steady, 1 thread(s)), medians of 3 runs.\n"
        );
    }

    #[test]
    fn what_was_not_counted_has_an_empty_cell() {
        let mut table = Table::new(Mode::Steady, 1_000, 1);
        table.add("ours", Figures::default());
        assert!(markdown(&table, &[f64::NAN]).unwrap().contains("| ours | 0 | 0.00 |  | 0 |\n"));
    }
}
