//! `logtide heartbeat`.

mod forward;

use std::{
    ffi::OsString,
    io,
    process::{Child, Command, ExitCode, ExitStatus},
    thread,
    time::Duration,
};

use clap::Args;
use logtide::{Client, QueryError};

use self::forward::Forwarding;
use crate::{
    connection::Connection,
    failure::{Failure, say},
};

/// The delays before further attempts, while the server fails.
const RETRIES: [Duration; 3] = [Duration::from_millis(500), Duration::from_secs(2), Duration::from_secs(5)];

/// Exit codes of shells for a command that cannot be run.
const NOT_FOUND: u8 = 127;
const NOT_RUNNABLE: u8 = 126;

/// The offset that shells add to the number of the signal that ended a command.
#[cfg(unix)]
const SIGNALED: i32 = 128;

const EXAMPLES: &str = "\
Examples:
  logtide heartbeat 7a0c… -- ./backup.sh --full
  logtide heartbeat 7a0c…                          sends a heartbeat at once

The exit code is that of the command, or 128 and the number of the signal that ended it.
A failed heartbeat is reported on standard error, and does not change the exit code.
Signals are passed on to the command. A write-only key is enough.";

/// Runs a command, and reports to a heartbeat monitor when it succeeds.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Heartbeat {
    /// The id of the monitor, from its page
    id: String,

    /// The command and its arguments, after `--`
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

impl Heartbeat {
    pub(crate) fn run(self, connection: &Connection) -> Result<ExitCode, Failure> {
        // Runs before the command, so that a missing configuration is reported at once.
        let client = connection.client()?;
        let Some((program, arguments)) = self.command.split_first() else {
            beat(&client, &self.id)?;
            return Ok(ExitCode::SUCCESS);
        };
        let forwarding = Forwarding::listen()?;
        let mut child = Command::new(program).args(arguments).spawn().map_err(|error| {
            let code = if error.kind() == io::ErrorKind::NotFound { NOT_FOUND } else { NOT_RUNNABLE };
            Failure::new(code, format_args!("cannot run `{}`: {error}", program.display()))
        })?;
        let status = wait(&mut child, forwarding)?;
        match status.success() {
            true => {
                if let Err(error) = beat(&client, &self.id) {
                    say(format_args!("the command succeeded, but the heartbeat was not sent: {error}"));
                }
            }
            false => say(format_args!("no heartbeat is sent: the command ended with {status}")),
        }
        Ok(code_of(status))
    }
}

fn wait(child: &mut Child, forwarding: Forwarding) -> Result<ExitStatus, Failure> {
    forwarding.begin(child);
    child
        .wait()
        .map_err(|error| Failure::new(Failure::PARTIAL, format_args!("cannot wait for the command: {error}")))
}

fn beat(client: &Client, id: &str) -> Result<(), QueryError> {
    let mut waits = RETRIES.into_iter();
    loop {
        match client.heartbeat_blocking(id) {
            Err(error) if error.is_retryable() => match waits.next() {
                Some(wait) => thread::sleep(wait),
                None => return Err(error),
            },
            result => return result,
        }
    }
}

#[cfg(unix)]
fn code_of(status: ExitStatus) -> ExitCode {
    use std::os::unix::process::ExitStatusExt as _;
    let code = status.code().or_else(|| status.signal().map(|signal| SIGNALED + signal));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(Failure::PARTIAL).into()
}

#[cfg(not(unix))]
fn code_of(status: ExitStatus) -> ExitCode {
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(Failure::PARTIAL).into()
}
