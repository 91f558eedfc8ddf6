//! `cargo xtask bench`: the run-time cost of the SDK.

mod instructions;

use std::fs;

use crate::{
    Result,
    cargo::{cargo, root, show},
    marked,
};

/// The benchmarks of `tests/benches`, in the order in which they run.
const BENCHMARKS: [&str; 13] = [
    "record",
    "handover",
    "full",
    "threads",
    "age",
    "tower",
    "pipeline",
    "page",
    "sse",
    "allocations",
    "durability",
    "spool",
    "whole",
];

/// A separate package, which takes minutes to build.
const PEERS: &str = "peers";

/// The files with the table of the peers. The second one is written first, by the program itself.
const TABLES: [&str; 2] = ["README.md", "crates/logtide/src/guides/tuning.md"];
const SUMMARY: &str = "target/speed.md";

/// Counts instructions instead of measuring time, and compares them with a committed baseline.
const INSTRUCTIONS: &str = "instructions";

/// Runs the named benchmarks, or all but the peers and the count of instructions. Passes everything from the first option or `--`
/// on to each of them.
///
/// # Errors
///
/// If a benchmark does not exist or fails.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let (names, rest) = split(arguments);
    for name in choose(names)? {
        if name == INSTRUCTIONS {
            instructions::run(rest)?;
            continue;
        }
        if name == PEERS {
            run_peers(rest)?;
            continue;
        }
        let mut command = cargo(["bench", "-p", "logtide-tests", "--bench", name, "--"]);
        command.args(rest);
        show(command)?;
    }
    Ok(())
}

/// Runs the SDK and another client. With `--write`, the documentation gets a short form of the first table.
fn run_peers(arguments: &[String]) -> Result<()> {
    let (write, rest): (Vec<_>, Vec<_>) = arguments.iter().partition(|argument| *argument == "--write");
    let summary = root().join(SUMMARY);
    let mut command = cargo(["run", "--release", "--manifest-path", "tests/peers/Cargo.toml", "--"]);
    command.args(rest);
    if write.is_empty() {
        return show(command);
    }
    command.arg("--summary").arg(&summary);
    show(command)?;
    let table = fs::read_to_string(summary)?;
    for path in TABLES {
        let is_written = marked::write(path, "speed", &table)?;
        println!("{path} {}", if is_written { "is written" } else { "has no place for the table" });
    }
    Ok(())
}

fn split(arguments: &[String]) -> (&[String], &[String]) {
    let end = arguments.iter().position(|argument| argument.starts_with('-')).unwrap_or(arguments.len());
    let (names, rest) = arguments.split_at(end);
    (names, if rest.first().is_some_and(|first| first == "--") { &rest[1..] } else { rest })
}

fn choose(names: &[String]) -> Result<Vec<&str>> {
    if names.is_empty() {
        return Ok(BENCHMARKS.to_vec());
    }
    let known = |name: &&str| [PEERS, INSTRUCTIONS].contains(name) || BENCHMARKS.contains(name);
    match names.iter().find(|name| !known(&name.as_str())) {
        Some(unknown) => {
            let listed = BENCHMARKS.join(", ");
            Err(format!("no benchmark `{unknown}`; there are {listed}, {PEERS} and {INSTRUCTIONS}").into())
        }
        None => Ok(names.iter().map(String::as_str).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(words: &[&str]) -> Vec<String> {
        words.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn names_stand_before_the_options_with_or_without_dashes_between() {
        for (arguments, options) in [
            (strings(&["whole", "--", "--rounds", "1"]), 2),
            (strings(&["whole", "--rounds", "1"]), 1),
            (strings(&["whole", "--", "direct"]), 2),
            (strings(&["whole", "--"]), 2),
            (strings(&["whole"]), 1),
        ] {
            let (names, rest) = split(&arguments);
            assert_eq!((choose(names).unwrap(), rest), (vec!["whole"], &arguments[options..]));
        }
    }

    #[test]
    fn what_takes_minutes_or_valgrind_is_run_only_when_named() {
        for name in [PEERS, INSTRUCTIONS] {
            assert!(!choose(&[]).unwrap().contains(&name));
            assert_eq!(choose(&strings(&[name])).unwrap(), [name]);
        }
        assert!(choose(&strings(&["typo"])).is_err());
    }
}
