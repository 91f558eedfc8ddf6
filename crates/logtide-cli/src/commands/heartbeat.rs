//! `logtide heartbeat`.

use std::process::ExitCode;

use clap::Args;

use crate::{connection::Connection, failure::Failure};

/// Runs a command, and beats its monitor when it succeeded.
#[derive(Args, Debug)]
pub(crate) struct Heartbeat {}

impl Heartbeat {
    pub(crate) fn run(self, connection: &Connection) -> Result<ExitCode, Failure> {
        let _options = connection.options()?;
        Ok(ExitCode::SUCCESS)
    }
}
