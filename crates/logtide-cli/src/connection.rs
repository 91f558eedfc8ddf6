//! Which server is talked to, with which key.

use clap::Args;
use logtide::{ClientOptions, Dsn};

use crate::failure::Failure;

/// Which server is talked to: flags go before the environment, and that before the profile.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Connection {
    /// Server and key in one, such as `https://lp_key@logs.example.org`.
    #[arg(
        long,
        global = true,
        env = "LOGTIDE_DSN",
        hide_env_values = true,
        value_name = "DSN",
        help_heading = "Server"
    )]
    dsn: Option<String>,

    /// Address of the server.
    #[arg(long, global = true, env = "LOGTIDE_API_URL", value_name = "URL", help_heading = "Server")]
    url: Option<String>,

    /// Key of the project.
    #[arg(
        long,
        global = true,
        env = "LOGTIDE_API_KEY",
        hide_env_values = true,
        value_name = "KEY",
        help_heading = "Server"
    )]
    key: Option<String>,
}

impl Connection {
    /// Options for a client of that server.
    pub(crate) fn options(&self) -> Result<ClientOptions, Failure> {
        match (&self.dsn, &self.url, &self.key) {
            (Some(dsn), ..) => {
                let dsn: Dsn = dsn.parse().map_err(|error| Failure::new(Failure::USAGE, error))?;
                Ok(ClientOptions::new(dsn.api_url(), dsn.api_key().expose()))
            }
            (None, Some(url), Some(key)) => Ok(ClientOptions::new(url, key)),
            _ => Err(Failure::new(
                Failure::ACCESS,
                "no server to talk to: run `logtide login`, or set LOGTIDE_DSN to an address with a key",
            )),
        }
    }
}
