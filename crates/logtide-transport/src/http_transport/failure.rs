//! What the errors of hyper mean.

use crate::{
    ErrorKind, TransportError,
    error::{find_cause, hint_of},
};
use hyper_util::client::legacy;
use std::{error::Error, io};

/// Tells why there was no answer.
pub(super) fn from_client(error: legacy::Error) -> TransportError {
    let fallback = if error.is_connect() { ErrorKind::Connect } else { ErrorKind::Io };
    classify(error, fallback)
}

/// Tells why a body ended early.
pub(crate) fn from_body(error: hyper::Error) -> TransportError {
    classify(error, ErrorKind::Io)
}

fn classify(error: impl Error + Send + Sync + 'static, fallback: ErrorKind) -> TransportError {
    let (kind, hint) = match find_cause::<TransportError>(&error) {
        Some(ours) => (ours.kind(), hint_of(ours)),
        None => match tls_hint(&error) {
            Some(hint) => (ErrorKind::Tls, hint),
            None => (fallback, io_hint(&error)),
        },
    };
    let classified = TransportError::new(kind, error);
    match hint {
        Some(hint) => classified.with_hint(hint),
        None => classified,
    }
}

/// `None` where the cause is not TLS.
#[cfg(feature = "tls")]
fn tls_hint(error: &(dyn Error + 'static)) -> Option<Option<&'static str>> {
    use rustls::{CertificateError, Error::InvalidCertificate, Error::InvalidMessage};
    Some(match find_cause::<rustls::Error>(error)? {
        InvalidCertificate(CertificateError::UnknownIssuer) => Some(
            "if the server has a private certificate authority, give its certificate with `ca_certificates`",
        ),
        InvalidMessage(_) => Some("check whether this port speaks TLS, or use http://"),
        _ => None,
    })
}

#[cfg(not(feature = "tls"))]
fn tls_hint(_error: &(dyn Error + 'static)) -> Option<Option<&'static str>> {
    None
}

fn io_hint(error: &(dyn Error + 'static)) -> Option<&'static str> {
    let cause = find_cause::<io::Error>(error)?;
    (cause.kind() == io::ErrorKind::ConnectionRefused)
        .then_some("check that the server runs, and the host and port of its address")
}
