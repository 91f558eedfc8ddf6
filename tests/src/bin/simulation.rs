//! Many seeds of the simulation: `cargo xtask sim` runs it.

use std::{io::Write, process::ExitCode};

fn main() -> ExitCode {
    match logtide_tests::simulation::main() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Without a standard error there is still the status.
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}
