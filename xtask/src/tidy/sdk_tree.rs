//! The dependencies of the SDK: the core does no I/O, and the whole is small and without duplicates.

use std::collections::BTreeSet;

use crate::{
    Result,
    cargo::{capture, cargo},
};

/// Crates that do I/O, which the core must not use.
const FORBIDDEN_IN_CORE: [&str; 2] = ["tokio", "hyper"];

/// The most crates of `logtide` with TLS, itself included.
const LIMIT: usize = 63;

/// The most crates with TLS and the layer for `tracing`. Three of them are the registry of `tracing-subscriber`, which every program with a
/// layer has.
const TRACING_LIMIT: usize = 68;

/// The most crates with TLS and the feature `spool`.
const SPOOL_LIMIT: usize = 64;

/// The platform of the limits, so that they are the same on every machine.
const TARGET: &str = "x86_64-unknown-linux-gnu";

pub(super) fn check() -> Result<Vec<String>> {
    let mut violations = check_core(&tree("logtide-core", "")?);
    violations.extend(check_facade(&tree("logtide", "")?, LIMIT));
    violations.extend(check_facade(&tree("logtide", "tracing")?, TRACING_LIMIT));
    violations.extend(check_facade(&tree("logtide", "spool")?, SPOOL_LIMIT));
    Ok(violations)
}

fn tree(package: &str, features: &str) -> Result<String> {
    capture(cargo([
        "tree",
        "-p",
        package,
        "--features",
        features,
        "-e",
        "normal",
        "--prefix",
        "none",
        "--no-dedupe",
        "--target",
        TARGET,
    ]))
}

fn check_core(tree: &str) -> Vec<String> {
    crates(tree)
        .filter(|(name, _)| FORBIDDEN_IN_CORE.contains(name))
        .map(|(name, _)| {
            format!("logtide-core pulls in {name}: `cargo tree -p logtide-core -i {name}` shows how")
        })
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}

fn check_facade(tree: &str, limit: usize) -> Vec<String> {
    let crates: BTreeSet<(&str, &str)> = crates(tree).collect();
    let mut violations = Vec::new();
    if crates.len() > limit {
        violations.push(format!("logtide is {} crates; the limit is {limit}", crates.len()));
    }
    let ordered: Vec<_> = crates.into_iter().collect();
    for pair in ordered.windows(2) {
        if pair[0].0 == pair[1].0 {
            let (name, version) = pair[0];
            violations.push(format!("logtide pulls in {name} twice: {version} and {}", pair[1].1));
        }
    }
    violations
}

/// Returns the names and versions in the output of `cargo tree --prefix none`.
fn crates(tree: &str) -> impl Iterator<Item = (&str, &str)> {
    tree.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        Some((words.next()?, words.next()?))
    })
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn input_and_output_crates_in_core_are_found() {
        assert!(check_core("logtide-core v0.1.0 (/x)\nserde v1.0.0\ntokio-macros v1.0.0\n").is_empty());
        assert_eq!(check_core("logtide-core v0.1.0\ntokio v1.0.0\ntokio v1.0.0\n").len(), 1);
    }

    #[test]
    fn two_versions_of_one_crate_are_found() {
        assert!(check_facade("logtide v0.1.0\nbytes v1.0.0\nbytes v1.0.0\nhttp v1.0.0\n", LIMIT).is_empty());
        assert_eq!(
            check_facade("logtide v0.1.0\nsyn v2.0.0 (proc-macro)\nsyn v1.0.0\n", LIMIT),
            ["logtide pulls in syn twice: v1.0.0 and v2.0.0"]
        );
    }

    #[test]
    fn a_crate_above_the_limit_is_found() {
        let mut tree = String::from("logtide v0.1.0\n");
        for index in 1..LIMIT {
            writeln!(tree, "crate-{index} v1.0.0").unwrap();
        }
        assert!(check_facade(&tree, LIMIT).is_empty());
        assert_eq!(check_facade(&format!("{tree}one-more v1.0.0\n"), LIMIT).len(), 1);
    }
}
