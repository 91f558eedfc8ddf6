//! `cargo xtask bench`: what the SDK costs at run time.

use crate::{
    Result,
    cargo::{cargo, show},
};

/// The benchmarks of `tests/benches`, in the order in which they are run.
const BENCHMARKS: [&str; 8] =
    ["record", "handover", "tower", "pipeline", "page", "sse", "allocations", "whole"];

/// A package of its own beside them, which takes minutes to build.
const PEERS: &str = "peers";

/// Runs the named benchmarks, or all but the peers. What stands behind `--` goes to each of them.
///
/// # Errors
///
/// When there is no such benchmark, or one fails.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let (names, rest) = split(arguments);
    for name in choose(names)? {
        let mut command = if name == PEERS {
            cargo(["run", "--release", "--manifest-path", "tests/peers/Cargo.toml", "--"])
        } else {
            cargo(["bench", "-p", "logtide-tests", "--bench", name, "--"])
        };
        command.args(rest);
        show(command)?;
    }
    Ok(())
}

fn split(arguments: &[String]) -> (&[String], &[String]) {
    match arguments.iter().position(|argument| argument == "--") {
        Some(at) => (&arguments[..at], &arguments[at + 1..]),
        None => (arguments, &[]),
    }
}

fn choose(names: &[String]) -> Result<Vec<&str>> {
    if names.is_empty() {
        return Ok(BENCHMARKS.to_vec());
    }
    let known = |name: &&str| *name == PEERS || BENCHMARKS.contains(name);
    match names.iter().find(|name| !known(&name.as_str())) {
        Some(unknown) => {
            Err(format!("no benchmark `{unknown}`; there are {} and {PEERS}", BENCHMARKS.join(", ")).into())
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
    fn names_stand_before_the_dashes_and_arguments_behind() {
        let arguments = strings(&["whole", "--", "--rounds", "1"]);
        let (names, rest) = split(&arguments);
        assert_eq!((choose(names).unwrap(), rest), (vec!["whole"], &arguments[2..]));
    }

    #[test]
    fn the_peers_are_run_only_when_named() {
        assert!(!choose(&[]).unwrap().contains(&PEERS));
        assert_eq!(choose(&strings(&["peers"])).unwrap(), ["peers"]);
        assert!(choose(&strings(&["typo"])).is_err());
    }
}
