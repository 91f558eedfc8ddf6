//! The server and the key that a command uses.

mod layers;
mod profiles;

use std::env;

use clap::Args;
use logtide::{Client, ClientOptions};

use self::layers::{Layer, resolve};
pub(crate) use self::profiles::{DEFAULT_PROFILE, Profile, Profiles};
use crate::failure::Failure;

/// The server and the key. Flags take precedence over the environment, which takes precedence over the profile.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Server")]
pub(crate) struct Connection {
    /// Server and key in one, such as `https://lp_key@logs.example.org` [env: LOGTIDE_DSN]
    #[arg(long, global = true, value_name = "DSN", conflicts_with_all = ["url", "key", "profile"])]
    dsn: Option<String>,

    /// Address of the server [env: LOGTIDE_API_URL]
    #[arg(long, global = true, value_name = "URL")]
    url: Option<String>,

    /// API key of the project; other users can see it in the list of processes, so prefer the other ways [env: LOGTIDE_API_KEY]
    #[arg(long, global = true, value_name = "KEY")]
    key: Option<String>,

    /// Server and key that `logtide login` saved under this name [env: LOGTIDE_PROFILE] [default: default]
    #[arg(long, global = true, value_name = "NAME")]
    profile: Option<String>,
}

impl Connection {
    /// Returns options for a client of that server.
    pub(crate) fn options(&self) -> Result<ClientOptions, Failure> {
        let Profile { url, key } = resolve(&[self.flags(), Self::environment()], Profiles::load)?;
        Ok(ClientOptions::new(url, key))
    }

    /// Creates a client of that server.
    pub(crate) fn client(&self) -> Result<Client, Failure> {
        client(self.options()?)
    }

    /// Rejects flags that name a server, for commands that need none.
    pub(crate) fn refuse_flags(&self) -> Result<(), Failure> {
        let flags = [("--dsn", &self.dsn), ("--url", &self.url), ("--profile", &self.profile)];
        flags.iter().find(|(_, value)| value.is_some()).map_or(Ok(()), |(flag, _)| {
            Err(Failure::new(
                Failure::USAGE,
                format_args!("this command talks to no server: leave out {flag}"),
            ))
        })
    }

    /// Returns the name of the requested profile.
    pub(crate) fn profile(&self) -> String {
        let name = self.flags().profile.or_else(|| Self::environment().profile);
        name.unwrap_or_else(|| DEFAULT_PROFILE.to_owned())
    }

    /// Returns the address and key from the flags or the environment. Either may be missing.
    pub(crate) fn given(&self) -> Result<(Option<String>, Option<String>), Failure> {
        let without_profile = |layer| Layer { profile: None, ..layer };
        layers::given(&[without_profile(self.flags()), without_profile(Self::environment())])
    }

    fn flags(&self) -> Layer {
        let Self { dsn, url, key, profile } = self.clone();
        Layer { dsn, url, key, profile }
    }

    fn environment() -> Layer {
        let variable = |name| env::var(name).ok().filter(|value| !value.trim().is_empty());
        Layer {
            dsn: variable("LOGTIDE_DSN"),
            url: variable("LOGTIDE_API_URL"),
            key: variable("LOGTIDE_API_KEY"),
            profile: variable("LOGTIDE_PROFILE"),
        }
    }
}

/// Creates a client with these options.
pub(crate) fn client(options: ClientOptions) -> Result<Client, Failure> {
    Client::new(options).map_err(|error| Failure::new(Failure::ACCESS, error))
}
