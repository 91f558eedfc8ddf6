//! A program under faults for a long time: `cargo xtask soak` runs it.

use std::{io::Write, process::ExitCode};

fn main() -> ExitCode {
    match logtide_tests::faults::soak::main() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Without a standard error there is still the status.
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}
