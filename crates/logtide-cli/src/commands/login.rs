//! `logtide login`.

mod ask;

use std::process::ExitCode;

use clap::Args;
use logtide::{ClientOptions, QueryError, QueryOptions};

use crate::{
    connection::{self, Connection, DEFAULT_PROFILE, Profile, Profiles},
    failure::{Failure, say},
};

const EXAMPLES: &str = "\
Examples:
  logtide login                                    asks for address and key
  logtide login --dsn https://lp_key@logs.example.org
  logtide login --profile staging --url https://staging.example.org
  logtide tail --profile staging                   uses the saved profile

The profile is saved in logtide/profiles.json below $XDG_CONFIG_HOME or ~/.config, and below
%APPDATA% on Windows. Only its owner can read it.";

/// Checks a server and a key, and saves them for the other commands.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Login {}

/// What a key is allowed to do.
enum Access {
    Full,
    WriteOnly,
}

impl Login {
    pub(crate) fn run(self, connection: &Connection) -> Result<ExitCode, Failure> {
        let (url, key) = connection.given()?;
        let url = url.map_or_else(|| ask::visibly("Address of the server: ", "--url"), Ok)?;
        let key = key.map_or_else(|| ask::hidden("Key of the project: ", "LOGTIDE_API_KEY"), Ok)?;
        let access = check(&url, &key)?;
        let name = connection.profile();
        let mut profiles = Profiles::load()?;
        profiles.set(&*name, Profile { url: url.clone(), key });
        let path = profiles.save()?;
        match access {
            Access::Full => say(format_args!("{url} accepts the key, which may send and read")),
            Access::WriteOnly => say(format_args!(
                "{url} accepts the key, which may only send: `tail`, `query`, `trace` and `stats` need one with full access"
            )),
        }
        match &*name {
            DEFAULT_PROFILE => say(format_args!("saved in {}", path.display())),
            _ => say(format_args!("saved as `{name}` in {}: use it with --profile {name}", path.display())),
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Asks the server whether it accepts the key.
fn check(url: &str, key: &str) -> Result<Access, Failure> {
    let client = connection::client(ClientOptions::new(url, key))?;
    match client.query_blocking(QueryOptions::new().limit(1)) {
        Ok(_) => Ok(Access::Full),
        // The server uses the same status for a key that is used from a forbidden place.
        Err(QueryError::Forbidden { message }) if message.contains("write-only") => Ok(Access::WriteOnly),
        Err(error) => Err(error.into()),
    }
}
