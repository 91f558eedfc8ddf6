//! Programs that are killed while they log: `cargo xtask crash` runs it.

use std::{io::Write, process::ExitCode};

fn main() -> ExitCode {
    match logtide_tests::crash::main() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Without a standard error there is still the status.
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}
