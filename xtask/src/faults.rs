//! `cargo xtask faults`: what the SDK delivers while its server fails.

use crate::{
    Result,
    cargo::{cargo, show},
};

/// Runs the fault table of `tests/src/faults`, with these options.
///
/// # Errors
///
/// If an option is invalid, or a row fails.
pub(crate) fn run(options: &[String]) -> Result<()> {
    let mut command = cargo(["run", "-p", "logtide-tests", "--bin", "faults", "--"]);
    command.args(options);
    show(command)
}
