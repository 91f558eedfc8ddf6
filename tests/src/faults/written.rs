//! The table in the documentation.

use std::{fmt::Write as _, fs, path::PathBuf};

use super::{
    Promise, Result, catalogue,
    table::{Line, Table},
    trial::OPTIONS,
    trials::ENTRIES,
};

/// The path of the table, relative to this package.
const FILE: &str = "../crates/logtide/src/guarantees/faults.md";

const BEGIN: &str = "<!-- faults: begin -->";
const END: &str = "<!-- faults: end -->";
const SUMMARY_BEGIN: &str = "<!-- faults in short: begin -->";
const SUMMARY_END: &str = "<!-- faults in short: end -->";

/// Writes the table of a complete run without failures.
///
/// # Errors
///
/// If the file cannot be written.
pub(super) fn write(table: &Table, programs: usize, mixtures: u64) -> Result<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(FILE);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&path, text(table, programs, mixtures)?)?;
    Ok(path)
}

/// Formats what is the same in every run, without times and counts that vary.
fn text(table: &Table, programs: usize, mixtures: u64) -> Result<String> {
    let faults = catalogue::all().len();
    let (programs, trials) = table.lines().split_at(programs);
    let (alone, mixed) = trials.split_at(faults);
    let free = alone.iter().filter(|line| line.promise == Promise::NothingLost).count();
    let mut text = String::new();
    writeln!(text, "{SUMMARY_BEGIN}")?;
    writeln!(
        text,
        "{free} of {faults} faults of server and network, each met alone, cost nothing: 100 % of the entries arrive. Of the other {}, in",
        faults - free
    )?;
    writeln!(
        text,
        "which the server refuses entries, and in {mixtures} mixtures of all, 100 % of the entries arrive or are counted as lost."
    )?;
    writeln!(text, "{SUMMARY_END}\n\n{BEGIN}")?;
    writeln!(
        text,
        "Each fault alone, followed by a healthy server: {ENTRIES} entries, and one of 90 KB that must arrive after the fault.\nThe options are: {OPTIONS}.\n"
    )?;
    section(&mut text, "fault", alone)?;
    writeln!(
        text,
        "\nMixtures of four to seven faults, each of {ENTRIES} entries, with one to four requests at a time.\n"
    )?;
    section(&mut text, "faults", mixed)?;
    writeln!(
        text,
        "\nWhole programs with the default options. Those named `…-spooled` have a spool, from which another program delivers when the server is back.\n"
    )?;
    let (over, told): (Vec<_>, Vec<_>) =
        programs.iter().cloned().partition(|line| line.promise == Promise::EndsInTime);
    section(&mut text, "program", &told)?;
    for Line { name, logged, stored, .. } in over {
        writeln!(
            text,
            "\n`{name}` is not in the table. It returns from `main` while its server is down, so it ends before it can count what it\ncould not send. Of its {logged} entries, {stored} are delivered."
        )?;
    }
    writeln!(text, "{END}")?;
    Ok(text)
}

fn section(text: &mut String, head: &str, lines: &[Line]) -> Result<()> {
    writeln!(text, "| {head} | entries | delivered | delivered or counted as lost |\n|---|---:|---:|---:|")?;
    for line in lines {
        let Line { name, logged, .. } = line;
        let name = if name.contains(' ') { name.clone() } else { format!("`{name}`") };
        writeln!(text, "| {name} | {logged} | {} | {} % |", delivered(line), accounted(line))?;
    }
    Ok(())
}

/// Formats how many entries were delivered, if that is the same in each run.
fn delivered(line: &Line) -> &'static str {
    match line.stored {
        stored if stored == line.logged => "100 %",
        0 => "0 %",
        _ => "in part",
    }
}

/// Returns the share of the entries whose fate is known, in per cent, rounded down.
fn accounted(line: &Line) -> u64 {
    ((line.stored + line.told).min(line.logged) * 100).checked_div(line.logged).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_the_documentation_has_every_fault() {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(FILE);
        let text = fs::read_to_string(path).unwrap();
        for listed in catalogue::all() {
            let row = format!("| `{}` | {} | ", listed.name, ENTRIES + 1);
            let whole = format!("{row}100 % | 100 % |");
            let is_there = if listed.promise == Promise::NothingLost {
                text.contains(&whole)
            } else {
                text.contains(&row)
            };
            assert!(is_there, "{}: `cargo xtask faults --write` writes the table anew", listed.name);
        }
    }
}
