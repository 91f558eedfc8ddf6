//! `cargo xtask soak` and `cargo xtask crash`: programs that run for long, and programs that are killed.

use crate::{
    Result,
    cargo::{cargo, show},
};

/// Runs a program under changing faults, with these options.
///
/// # Errors
///
/// If an option is invalid, or the soak test fails.
pub(crate) fn soak(options: &[String]) -> Result<()> {
    run("soak", options)
}

/// Kills programs while they log, with these options.
///
/// # Errors
///
/// If an option is invalid, or an entry is missing.
pub(crate) fn crash(options: &[String]) -> Result<()> {
    run("crash", options)
}

fn run(binary: &str, options: &[String]) -> Result<()> {
    let mut command = cargo(["run", "--release", "-p", "logtide-tests", "--bin", binary, "--"]);
    command.args(options);
    show(command)
}
