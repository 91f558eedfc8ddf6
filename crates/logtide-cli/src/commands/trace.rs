//! `logtide trace`.

use std::process::ExitCode;

use clap::Args;

use crate::{connection::Connection, failure::Failure};

/// Shows the spans and entries of a trace over time.
#[derive(Args, Debug)]
pub(crate) struct Trace {}

impl Trace {
    pub(crate) fn run(self, connection: &Connection) -> Result<ExitCode, Failure> {
        let _options = connection.options()?;
        Ok(ExitCode::SUCCESS)
    }
}
