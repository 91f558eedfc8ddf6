//! `cargo xtask fuzz`: decoders of external data with arbitrary input.

use std::fs;

use crate::{
    Result,
    cargo::{cargo, is_installed, root, show},
};

/// The package with the fuzz targets.
const PACKAGE: &str = "tests/fuzz";

/// The folder for new inputs, so that the committed corpora stay small and readable.
const FOUND: &str = "target/fuzz-corpus";

const DEFAULT_SECONDS: &str = "60";

/// Fuzzes the named target for the given number of seconds.
///
/// # Errors
///
/// If the target does not exist, cargo-fuzz is not installed, or an input makes the target fail.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let (target, seconds) = match arguments {
        [target] => (target.as_str(), DEFAULT_SECONDS),
        [target, seconds] if seconds.parse::<u32>().is_ok() => (target.as_str(), seconds.as_str()),
        _ => return Err("say what to fuzz and how long: `cargo xtask fuzz TARGET [SECONDS]`".into()),
    };
    let targets = targets()?;
    if !targets.iter().any(|known| known == target) {
        return Err(format!("no target `{target}`; there are {}", targets.join(", ")).into());
    }
    if !is_installed("fuzz") {
        return Err("cargo-fuzz is not installed; `cargo install --locked cargo-fuzz` adds it".into());
    }
    let (found, corpus) = (format!("{FOUND}/{target}"), format!("{PACKAGE}/corpus/{target}"));
    fs::create_dir_all(root().join(&found))?;
    // The code has no `unsafe` that a sanitizer could check, and a stable compiler works without one.
    let mut command = cargo(["fuzz", "run", "--fuzz-dir", PACKAGE, "--sanitizer", "none", target]);
    command.args([&found, &corpus]).args(["--", "-timeout=10"]).arg(format!("-max_total_time={seconds}"));
    show(command)
}

fn targets() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for file in fs::read_dir(root().join(PACKAGE).join("fuzz_targets"))? {
        names.extend(file?.path().file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(words: &[&str]) -> String {
        let words: Vec<String> = words.iter().map(ToString::to_string).collect();
        run(&words).unwrap_err().to_string()
    }

    #[test]
    fn a_call_that_makes_no_sense_is_refused_with_what_there_is() {
        assert!(refusal(&[]).contains("TARGET [SECONDS]"));
        assert!(refusal(&["sse", "soon"]).contains("TARGET [SECONDS]"));
        assert_eq!(
            refusal(&["typo"]),
            "no target `typo`; there are answer, dsn, record, retry_after, sse, traceparent"
        );
    }
}
