//! Certificates and keys as PEM.

use crate::{ErrorKind, TransportError};
use rustls::pki_types::{
    CertificateDer, PrivateKeyDer,
    pem::{Error, PemObject},
};
use std::{borrow::Cow, fmt, fs, path::PathBuf};

/// Certificates or a private key as PEM: the text, or the [file](Self::file) that it is in. `Debug` shows no text.
///
/// ```
/// use logtide_transport::{HttpOptions, Pem};
///
/// let options = HttpOptions::new().client_certificate(Pem::file("client.pem"), Pem::file("client.key"));
/// ```
#[derive(Clone)]
pub struct Pem(Source);

#[derive(Clone)]
enum Source {
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
    /// A file that [`HttpTransport::new`](crate::HttpTransport::new) reads, and so `Client::new`. A relative path is meant from the working
    /// directory at that time.
    #[must_use]
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self(Source::File(path.into()))
    }

    /// The text. `option` is what it was given with.
    pub(super) fn read(&self, option: &str) -> Result<Cow<'_, [u8]>, TransportError> {
        match &self.0 {
            Source::Text(text) => Ok(text.into()),
            Source::File(path) => fs::read(path).map(Cow::from).map_err(|error| {
                let cause =
                    format!("cannot read {}, which is given with `{option}`: {error}", path.display());
                TransportError::new(ErrorKind::Request, cause)
            }),
        }
    }
}

/// The certificates in a text, of which there is at least one.
pub(super) fn certificates(text: &[u8]) -> Result<Vec<CertificateDer<'static>>, &'static str> {
    let found: Vec<_> =
        CertificateDer::pem_slice_iter(text).collect::<Result<_, _>>().map_err(|error| problem(&error))?;
    if found.is_empty() { Err("there is no certificate in it") } else { Ok(found) }
}

/// The first private key in a text.
pub(super) fn private_key(text: &[u8]) -> Result<PrivateKeyDer<'static>, &'static str> {
    PrivateKeyDer::from_pem_slice(text).map_err(|error| match error {
        Error::NoItemsFound => "there is no private key in it",
        error => problem(&error),
    })
}

/// What is wrong with a text. The error itself quotes lines of it, which may be the private key.
const fn problem(error: &Error) -> &'static str {
    match error {
        Error::IllegalSectionStart { .. } | Error::MissingSectionEnd { .. } => {
            "a section does not begin or end with a line of its own: keep the line breaks of the file"
        }
        Error::Base64Decode(_) => "a section is not base64",
        _ => "the text is not PEM",
    }
}

macro_rules! from_text {
    ($($text:ty),*) => {$(
        impl From<$text> for Pem {
            fn from(text: $text) -> Self {
                Self(Source::Text(text.into()))
            }
        }
    )*};
}

from_text!(&str, &[u8], String, Vec<u8>);

impl fmt::Debug for Pem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            // It may hold a private key.
            Source::Text(_) => formatter.write_str("Pem(***)"),
            Source::File(path) => formatter.debug_tuple("Pem").field(path).finish(),
        }
    }
}
