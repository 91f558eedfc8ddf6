//! The counts of all cases, and their baseline.

use std::{error::Error, fmt::Write as _, str::FromStr};

use super::Counts;

/// How many percent a case may exceed its baseline.
const TOLERANCE: u64 = 5;

/// Instructions for an entry, by case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Figures {
    rows: Vec<(String, Counts)>,
}

impl Figures {
    pub(super) fn push(&mut self, case: &str, counts: Counts) {
        self.rows.push((case.to_owned(), counts));
    }

    /// Returns a complaint for each figure that the baseline does not allow.
    pub(super) fn complaints(&self, baseline: &Self) -> Vec<String> {
        let mut complaints = Vec::new();
        for (case, counts) in &self.rows {
            let Some(before) = baseline.get(case) else {
                complaints.push(format!("{case}: not in the baseline"));
                continue;
            };
            for (who, own, before) in
                [("the caller", counts.caller, before.caller), ("all threads", counts.all, before.all)]
            {
                if own * 100 > before * (100 + TOLERANCE) {
                    let more = change(own, before);
                    complaints.push(format!(
                        "{case}: {who} took {own} instructions, {more} against the baseline's {before}; {TOLERANCE} % are allowed"
                    ));
                }
            }
        }
        complaints
    }

    /// Returns these figures, with those of the baseline for cases that were not counted.
    pub(super) fn updating(&self, baseline: &Self, cases: &[String]) -> Self {
        let counts = |case: &String| self.get(case).or_else(|| baseline.get(case));
        Self { rows: cases.iter().filter_map(|case| Some((case.clone(), counts(case)?))).collect() }
    }

    /// Formats the figures and their changes as a Markdown table.
    pub(super) fn table(&self, baseline: &Self) -> String {
        let mut table = String::from(
            "| instructions for each | caller | change | all threads | change |\n|---|---:|---:|---:|---:|\n",
        );
        for (case, Counts { caller, all }) in &self.rows {
            let before = baseline.get(case);
            let of_caller = before.map_or_else(|| "new".to_owned(), |before| change(*caller, before.caller));
            let of_all = before.map_or_else(|| "new".to_owned(), |before| change(*all, before.all));
            writeln!(table, "| {case} | {caller} | {of_caller} | {all} | {of_all} |")
                .expect("a String takes every write");
        }
        table
    }

    /// Formats the committed text, with the versions that affect the counts.
    pub(super) fn to_text(&self, versions: &str) -> String {
        let mut text = format!(
            "# Instructions for each entry or request, as `cargo xtask bench instructions --update` counted them.\n\
             # {versions}\n#\n# {:<20}{:>10}{:>14}\n",
            "case", "caller", "all threads"
        );
        for (case, Counts { caller, all }) in &self.rows {
            writeln!(text, "{case:<22}{caller:>10}{all:>14}").expect("a String takes every write");
        }
        text
    }

    fn get(&self, case: &str) -> Option<Counts> {
        self.rows.iter().find(|(row, _)| row == case).map(|(_, counts)| *counts)
    }
}

impl FromStr for Figures {
    type Err = Box<dyn Error>;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut figures = Self::default();
        for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let &[case, caller, all] = words.as_slice() else {
                return Err(format!("`{line}` is not a case with two counts").into());
            };
            figures.push(case, Counts { caller: caller.parse()?, all: all.parse()? });
        }
        Ok(figures)
    }
}

fn change(own: u64, before: u64) -> String {
    format!("{:+.1} %", (own as f64 / before as f64 - 1.0) * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(rows: &[(&str, u64, u64)]) -> Figures {
        let mut figures = Figures::default();
        for (case, caller, all) in rows {
            figures.push(case, Counts { caller: *caller, all: *all });
        }
        figures
    }

    #[test]
    fn more_than_the_tolerance_is_a_complaint_that_names_the_case() {
        let baseline = figures(&[("direct", 1_000, 2_000), ("event", 1_000, 2_000)]);
        let within = figures(&[("direct", 1_050, 2_100), ("event", 900, 1_000)]);
        assert!(within.complaints(&baseline).is_empty());
        let above = figures(&[("direct", 1_051, 2_000), ("event", 1_000, 2_101)]);
        assert_eq!(
            above.complaints(&baseline),
            [
                "direct: the caller took 1051 instructions, +5.1 % against the baseline's 1000; 5 % are allowed",
                "event: all threads took 2101 instructions, +5.0 % against the baseline's 2000; 5 % are allowed",
            ]
        );
    }

    #[test]
    fn a_case_without_a_baseline_is_a_complaint() {
        let measured = figures(&[("direct", 1, 1)]);
        assert_eq!(measured.complaints(&Figures::default()), ["direct: not in the baseline"]);
        assert!(measured.table(&Figures::default()).ends_with("| direct | 1 | new | 1 | new |\n"));
    }

    #[test]
    fn the_text_is_read_back_as_it_was_written() {
        let measured = figures(&[("direct", 1_000, 2_000), ("event-in-two-spans", 12_345, 67_890)]);
        let text = measured.to_text("rustc 1.95.0, valgrind-3.19.0");
        assert_eq!(text.parse::<Figures>().unwrap(), measured);
        assert!(text.contains("\ndirect                      1000          2000\n"), "{text}");
        assert!("direct 1".parse::<Figures>().is_err());
        assert!("direct one 2".parse::<Figures>().is_err());
    }

    #[test]
    fn an_update_keeps_what_was_not_counted_and_forgets_what_is_gone() {
        let baseline = figures(&[("gone", 1, 1), ("event", 2, 2), ("direct", 3, 3)]);
        let cases = ["direct", "event", "new"].map(str::to_owned);
        let updated = figures(&[("event", 5, 6)]).updating(&baseline, &cases);
        assert_eq!(updated, figures(&[("direct", 3, 3), ("event", 5, 6)]));
    }
}
