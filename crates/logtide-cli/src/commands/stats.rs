//! `logtide stats`.

use std::process::ExitCode;

use clap::Args;

use crate::{connection::Connection, failure::Failure, terminal::Terminal};

/// Draws what was logged over time.
#[derive(Args, Debug)]
pub(crate) struct Stats {}

impl Stats {
    pub(crate) fn run(self, connection: &Connection, _terminal: Terminal) -> Result<ExitCode, Failure> {
        let _options = connection.options()?;
        Ok(ExitCode::SUCCESS)
    }
}
