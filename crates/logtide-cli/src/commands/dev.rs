//! `logtide dev`.

use std::process::ExitCode;

use clap::Args;

use crate::failure::Failure;

/// Runs a local server to try things on.
#[derive(Args, Debug)]
pub(crate) struct Dev {}

impl Dev {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        Ok(ExitCode::SUCCESS)
    }
}
