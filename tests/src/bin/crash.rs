//! Programs that are killed while they log: `cargo xtask crash` runs it.

use std::{io::Write, process::ExitCode};

fn main() -> ExitCode {
    match logtide_tests::crash::main() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // If standard error is closed, the status still tells.
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}
