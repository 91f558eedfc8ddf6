//! Certificates and keys as PEM.

use crate::{ErrorKind, TransportError};
use std::{borrow::Cow, fmt, fs, path::PathBuf};

/// The text of a PEM file, or where it is.
#[derive(Clone)]
pub(super) enum Pem {
    Text(Vec<u8>),
    File(PathBuf),
}

/// What a client shows of itself.
#[derive(Clone, Debug)]
pub(super) struct ClientCertificate {
    pub(super) certificate: Pem,
    pub(super) key: Pem,
}

impl Pem {
    /// The text. `option` is what it was given with.
    pub(super) fn read(&self, option: &str) -> Result<Cow<'_, [u8]>, TransportError> {
        match self {
            Self::Text(text) => Ok(text.into()),
            Self::File(path) => fs::read(path).map(Cow::from).map_err(|error| {
                let cause =
                    format!("cannot read {}, which is given with `{option}`: {error}", path.display());
                TransportError::new(ErrorKind::Request, cause)
            }),
        }
    }
}

impl fmt::Debug for Pem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // It may hold a private key.
            Self::Text(_) => formatter.write_str("Text(***)"),
            Self::File(path) => formatter.debug_tuple("File").field(path).finish(),
        }
    }
}
