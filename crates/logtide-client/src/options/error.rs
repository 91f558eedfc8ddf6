//! Options that do not work.

use std::time::Duration;

use logtide_core::DsnError;
use logtide_transport::{EndpointError, ErrorKind, TransportError};

use super::EnvError;

/// An option does not work. No error shows the key.
///
/// Also what reading options gives becomes one with `?`, so a program names one error:
///
/// ```
/// use logtide_client::{Client, ClientOptions, OptionsError};
///
/// fn connect(dsn: Option<&str>) -> Result<Client, OptionsError> {
///     let options = match dsn {
///         Some(dsn) => ClientOptions::from_dsn(dsn)?,
///         None => ClientOptions::from_env()?,
///     };
///     Client::new(options)
/// }
/// # assert!(matches!(connect(Some("no dsn")), Err(OptionsError::Dsn(_))));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OptionsError {
    /// The DSN is not one.
    #[error(transparent)]
    Dsn(#[from] DsnError),
    /// A variable of the environment is missing or wrong.
    #[error(transparent)]
    Environment(#[from] EnvError),
    /// The server's address or the key does not work.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// The connection options do not work, or what the environment holds about proxies and certificates.
    #[error("{}", message(.0))]
    Http(#[source] TransportError),
    /// The program has a client already.
    #[error("the program already has a client: drop the guard of the first one before creating another")]
    AlreadyInitialized,
    /// A durability is set, and nothing that could be durable.
    #[cfg(feature = "spool")]
    #[error("durability is set without a spool: set a directory with `spool` or LOGTIDE_SPOOL")]
    NoSpool,
    /// A number is out of its range.
    #[error("{option} is {value}: use a number from {min} to {max}")]
    Number {
        /// The option's name.
        option: &'static str,
        /// What was given.
        value: u64,
        /// The least that works.
        min: u64,
        /// The most that works.
        max: u64,
    },
    /// A duration is out of its range.
    #[error("{option} is {value:?}: use a duration from {min:?} to {max:?}")]
    Duration {
        /// The option's name.
        option: &'static str,
        /// What was given.
        value: Duration,
        /// The least that works.
        min: Duration,
        /// The most that works.
        max: Duration,
    },
    /// A rate is not between 0 and 1.
    #[error("{option} is {value}: use a rate from 0.0 to 1.0")]
    Rate {
        /// The option's name.
        option: &'static str,
        /// What was given.
        value: f64,
    },
}

/// Shows only the cause of a request error, since nothing was sent yet.
fn message(error: &TransportError) -> String {
    let (text, kind) = (error.to_string(), error.kind());
    match text.strip_prefix(&format!("{kind}: ")) {
        Some(cause) if kind == ErrorKind::Request => cause.to_owned(),
        _ => format!("the connection options are not valid: {text}"),
    }
}
