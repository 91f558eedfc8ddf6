//! `cargo xtask faults`: what the SDK loses while its server fails.

use crate::{
    Result,
    cargo::{cargo, show},
};

/// Runs the fault table of `tests/src/faults`, with these options.
///
/// # Errors
///
/// When an option is wrong, or a row fails.
pub(crate) fn run(options: &[String]) -> Result<()> {
    let mut command = cargo(["run", "-p", "logtide-tests", "--bin", "faults", "--"]);
    command.args(options);
    show(command)
}
