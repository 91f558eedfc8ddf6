//! `cargo xtask sim`: simulates the pipeline under virtual time, with a server and a disk that fail.

use crate::{
    Result,
    cargo::{cargo, show},
};

/// Runs the seeds of `tests/src/simulation` that these options name.
///
/// # Errors
///
/// If an option is invalid, or a seed fails.
pub(crate) fn run(options: &[String]) -> Result<()> {
    let mut command = cargo(["run", "--release", "-p", "logtide-tests", "--bin", "simulation", "--"]);
    command.args(options);
    show(command)
}
