//! `logtide login`.

use std::process::ExitCode;

use clap::Args;

use crate::{connection::Connection, failure::Failure};

/// Keeps server and key in a profile.
#[derive(Args, Debug)]
pub(crate) struct Login {}

impl Login {
    pub(crate) fn run(self, connection: &Connection) -> Result<ExitCode, Failure> {
        let _options = connection.options()?;
        Ok(ExitCode::SUCCESS)
    }
}
