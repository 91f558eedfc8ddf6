//! `logtide send`.

use std::process::ExitCode;

use clap::Args;

use crate::{connection::Connection, failure::Failure};

/// Sends entries: from arguments, standard input or files.
#[derive(Args, Debug)]
pub(crate) struct Send {}

impl Send {
    pub(crate) fn run(self, connection: &Connection) -> Result<ExitCode, Failure> {
        let _options = connection.options()?;
        Ok(ExitCode::SUCCESS)
    }
}
