//! `cargo xtask footprint`: what a log client costs the program that adds it.
//!
//! The programs of `tests/footprint` are built from nothing, in release, each in a target folder of its own. Times
//! are comparable within one run on a machine that does nothing else.

mod program;
mod table;

use std::fs;

use crate::{Result, cargo::root};

use program::Program;

/// Measures the named programs, or all, and prints the table.
///
/// # Errors
///
/// When there is no such program, or one does not build.
pub(crate) fn run(names: &[String]) -> Result<()> {
    let chosen = choose(&available()?, names)?;
    let mut costs = Vec::new();
    for name in &chosen {
        costs.push(Program::new(name).measure()?);
    }
    println!("{}", table::markdown(&costs));
    Ok(())
}

/// The programs of the folder, the one to compare with first.
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

/// The baseline and the named programs.
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
    fn an_unknown_program_is_refused() {
        assert!(choose(&strings(&["hello"]), &strings(&["typo"])).is_err());
    }
}
