//! The table that `cargo xtask footprint` prints.

use std::fmt::Write as _;

use super::program::Cost;

/// The baseline of the comparison.
pub(super) const BASELINE: &str = "hello";

/// Formats the costs as a Markdown table, with sizes in MB of 1,000,000 bytes.
pub(super) fn markdown(costs: &[Cost]) -> String {
    let baseline = costs.iter().find(|cost| cost.name == BASELINE).map_or(0, |cost| cost.size);
    let mut table = String::from(
        "\n| program | crates | tree lines, repeated ones too | clean build, s | size, MB | added to hello, MB |\n\
         |---|---:|---:|---:|---:|---:|\n",
    );
    for cost in costs {
        let (name, crates, lines) = (&cost.name, cost.crates, cost.tree_lines);
        let seconds = cost.build.as_secs_f64();
        let size = megabytes(cost.size);
        let added = megabytes(cost.size.saturating_sub(baseline));
        writeln!(table, "| {name} | {crates} | {lines} | {seconds:.1} | {size} | {added} |")
            .expect("a String takes every write");
    }
    table
}

fn megabytes(bytes: u64) -> String {
    let hundredths = (bytes + 5_000) / 10_000;
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_row_shows_what_the_program_adds_to_the_baseline() {
        let hello = Cost {
            name: BASELINE.to_owned(),
            crates: 0,
            tree_lines: 1,
            build: Duration::from_millis(1_500),
            size: 340_000,
        };
        let other =
            Cost { name: "other".to_owned(), crates: 20, tree_lines: 25, size: 2_345_000, ..hello.clone() };
        let table = markdown(&[hello, other]);
        assert!(table.contains("| hello | 0 | 1 | 1.5 | 0.34 | 0.00 |\n"), "{table}");
        assert!(table.contains("| other | 20 | 25 | 1.5 | 2.35 | 2.01 |\n"), "{table}");
    }
}
