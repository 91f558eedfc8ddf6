//! `cargo xtask footprint`: what a log client adds to a program.
//!
//! The programs of `tests/footprint` are built from scratch in release mode, each in its own target folder. Times are comparable
//! within one run on an idle machine.

mod program;
mod table;

use std::fs;

use crate::{Result, cargo::root, marked};

use program::{Cost, Program};

/// The guide with the table.
const GUIDE: &str = "crates/logtide/src/guides/footprint.md";

/// The program whose size is limited, and how many bytes it may exceed the baseline by. hyper, rustls and tokio alone are about
/// 2,500,000 of them, and the SDK is above the limit.
const LIMITED: &str = "logtide";
const LIMIT: u64 = 3_000_000;

/// Measures the named programs, or all, and prints the table. With `--write`, also writes it to the documentation.
///
/// # Errors
///
/// If a program does not exist or does not build, or if the SDK exceeds its limit.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let (write, names): (Vec<_>, Vec<_>) =
        arguments.iter().cloned().partition(|argument| argument == "--write");
    if !write.is_empty() && !names.is_empty() {
        return Err("`--write` writes the table of all programs: name none".into());
    }
    let chosen = choose(&available()?, &names)?;
    let mut costs = Vec::new();
    for name in &chosen {
        costs.push(Program::new(name).measure()?);
    }
    let table = table::markdown(&costs);
    println!("{table}");
    if !write.is_empty() {
        if !marked::write(GUIDE, "footprint", &table)? {
            return Err(format!("{GUIDE} has no place for the table").into());
        }
        println!("{GUIDE} is written");
    }
    within_limit(&costs)
}

fn within_limit(costs: &[Cost]) -> Result<()> {
    let size = |name| costs.iter().find(|cost| cost.name == name).map_or(0, |cost| cost.size);
    match size(LIMITED).saturating_sub(size(table::BASELINE)) {
        added if added > LIMIT => {
            Err(format!("{LIMITED} adds {added} bytes to {}; the limit is {LIMIT}", table::BASELINE).into())
        }
        _ => Ok(()),
    }
}

/// Returns the programs of the folder, the baseline first.
fn available() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(root().join("tests/footprint"))? {
        let entry = entry?;
        if entry.path().join("Cargo.toml").exists() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort_by_key(|name| (name != table::BASELINE, name.clone()));
    Ok(names)
}

/// Returns the baseline and the named programs.
fn choose(available: &[String], names: &[String]) -> Result<Vec<String>> {
    if let Some(unknown) = names.iter().find(|name| !available.contains(name)) {
        return Err(format!("no program `{unknown}`; there are {}", available.join(", ")).into());
    }
    let wanted = |name: &&String| names.is_empty() || *name == table::BASELINE || names.contains(name);
    Ok(available.iter().filter(wanted).cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_baseline_is_always_measured_and_first() {
        let available = available().unwrap();
        assert_eq!(available[0], "hello");
        assert_eq!(choose(&available, &strings(&["sentry"])).unwrap(), ["hello", "sentry"]);
        assert_eq!(choose(&available, &[]).unwrap(), available);
    }

    #[test]
    fn the_sdk_may_not_add_too_much() {
        let cost = |name: &str, size| Cost {
            name: name.to_owned(),
            crates: 0,
            tree_lines: 1,
            build: std::time::Duration::ZERO,
            size,
        };
        let costs = |size| [cost("hello", 400_000), cost("logtide", size), cost("other", 9_000_000)];
        assert!(within_limit(&costs(3_400_000)).is_ok());
        assert!(within_limit(&costs(3_400_001)).is_err());
        assert!(within_limit(&costs(0)[..1]).is_ok());
    }

    #[test]
    fn an_unknown_program_is_refused() {
        assert!(choose(&strings(&["hello"]), &strings(&["typo"])).is_err());
    }
}
