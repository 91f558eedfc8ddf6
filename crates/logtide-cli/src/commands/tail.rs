//! `logtide tail`.

use std::process::ExitCode;

use clap::Args;

use crate::{connection::Connection, failure::Failure};

/// Shows entries as they arrive.
#[derive(Args, Debug)]
pub(crate) struct Tail {}

impl Tail {
    pub(crate) fn run(self, connection: &Connection) -> Result<ExitCode, Failure> {
        let _options = connection.options()?;
        Ok(ExitCode::SUCCESS)
    }
}
