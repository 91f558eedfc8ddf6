//! Whole programs under faults: `cargo xtask faults` runs it.

use std::{io::Write, process::ExitCode};

fn main() -> ExitCode {
    match logtide_tests::faults::main() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Without a standard error there is still the status.
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}
