//! Errors of options.

use std::time::Duration;

use logtide_core::DsnError;
use logtide_transport::{EndpointError, ErrorKind, TransportError};

use super::EnvError;

/// An error in the options of a client. It never shows the API key.
///
/// The errors of [`from_dsn`](crate::ClientOptions::from_dsn) and [`from_env`](crate::ClientOptions::from_env) convert
/// to it with `?`:
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
    /// The DSN is not valid.
    #[error(transparent)]
    Dsn(#[from] DsnError),
    /// An environment variable is missing or not valid.
    #[error(transparent)]
    Environment(#[from] EnvError),
    /// The server's address or the API key is not valid.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// The connection options, or the proxies and certificates of the environment, are not valid.
    #[error("{}", message(.0))]
    Http(#[source] TransportError),
    /// The program already has a client.
    #[error("the program already has a client: drop the guard of the first one before creating another")]
    AlreadyInitialized,
    /// A durability is set without a spool.
    #[cfg(feature = "spool")]
    #[error("durability is set without a spool: set a directory with `spool` or LOGTIDE_SPOOL")]
    NoSpool,
    /// A number is out of range.
    #[error("{option} is {value}: use a number from {min} to {max}")]
    Number {
        /// The name of the option.
        option: &'static str,
        /// The given value.
        value: u64,
        /// The lowest valid value.
        min: u64,
        /// The highest valid value.
        max: u64,
    },
    /// A duration is out of range.
    #[error("{option} is {value:?}: use a duration from {min:?} to {max:?}")]
    Duration {
        /// The name of the option.
        option: &'static str,
        /// The given value.
        value: Duration,
        /// The shortest valid value.
        min: Duration,
        /// The longest valid value.
        max: Duration,
    },
    /// A rate is not between 0 and 1.
    #[error("{option} is {value}: use a rate from 0.0 to 1.0")]
    Rate {
        /// The name of the option.
        option: &'static str,
        /// The given value.
        value: f64,
    },
}

/// Omits the kind of a request error, since nothing was sent yet.
fn message(error: &TransportError) -> String {
    let (text, kind) = (error.to_string(), error.kind());
    match text.strip_prefix(&format!("{kind}: ")) {
        Some(cause) if kind == ErrorKind::Request => cause.to_owned(),
        _ => format!("the connection options are not valid: {text}"),
    }
}
