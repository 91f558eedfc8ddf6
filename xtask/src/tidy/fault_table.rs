//! Every row of the fault table in the documentation is at 100 %.
//!
//! `cargo xtask faults --write` writes the table, between `<!-- faults: begin -->` and `<!-- faults: end -->`. The last column is
//! the share of the entries that were delivered or counted as lost.

use super::Findings;
use crate::repository::Repository;

const TABLE: &str = "crates/logtide/src/guarantees/faults.md";
const README: &str = "README.md";
const SUMMARY: &str = "<!-- faults in short: end -->";
const BEGIN: &str = "<!-- faults: begin -->";
const END: &str = "<!-- faults: end -->";

/// The least number of rows that a complete table has.
const FEWEST_ROWS: usize = 40;

pub(super) fn check(repository: &Repository) -> Findings {
    let Some(file) = repository.file(TABLE) else {
        return vec![format!("{TABLE}: the file is missing; `cargo xtask faults --write` writes it")].into();
    };
    let Some((table, _)) = file.text.split_once(BEGIN).and_then(|(_, rest)| rest.split_once(END)) else {
        return vec![format!("{TABLE}: there is no table between `{BEGIN}` and `{END}`")].into();
    };
    let rows: Vec<Vec<&str>> = table.lines().filter_map(row).collect();
    let mut violations: Vec<String> = rows
        .iter()
        .filter(|row| row.last() != Some(&"100 %"))
        .map(|row| format!("{TABLE}: {} is at {}", row[0], row[row.len() - 1]))
        .collect();
    let summary = file.text.split_once(SUMMARY).map_or("", |(summary, _)| summary);
    if let Some(readme) = repository.file(README)
        && !readme.text.contains(summary)
    {
        violations.push(format!("{README}: it does not quote the summary of {TABLE}"));
    }
    if rows.len() < FEWEST_ROWS {
        violations.push(format!("{TABLE}: {} rows; there are {FEWEST_ROWS} at least", rows.len()));
    }
    violations.into()
}

/// Returns the cells of a row with figures, which the head of a table does not have.
fn row(line: &str) -> Option<Vec<&str>> {
    let cells = line.trim().strip_prefix('|')?.strip_suffix('|')?;
    let cells: Vec<&str> = cells.split('|').map(str::trim).collect();
    cells.get(1)?.parse::<u64>().is_ok().then_some(cells)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn violations(rows: &str) -> Vec<String> {
        let text = format!("{BEGIN}\n\n| fault | entries | a | b |\n|---|---:|---:|---:|\n{rows}{END}\n");
        check(&Repository::of(&[(TABLE, &text)])).violations
    }

    #[test]
    fn a_row_below_the_whole_is_found() {
        let whole = "| `503` | 1001 | 100 % | 100 % |\n".repeat(FEWEST_ROWS);
        assert_eq!(violations(&whole), Vec::<String>::new());
        let found = violations(&format!("{whole}| `reset` | 1001 | in part | 99 % |\n"));
        assert_eq!(found, [format!("{TABLE}: `reset` is at 99 %")]);
    }

    #[test]
    fn a_table_that_is_missing_or_short_is_found() {
        assert_eq!(violations("").len(), 1);
        assert_eq!(check(&Repository::of(&[])).violations.len(), 1);
        assert_eq!(check(&Repository::of(&[(TABLE, "no table")])).violations.len(), 1);
    }
}
