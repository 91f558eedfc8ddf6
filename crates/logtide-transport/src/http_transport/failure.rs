//! Interprets errors of hyper.

#[cfg(feature = "tls")]
mod tls;

use super::connector::BoxError;
use crate::{ErrorKind, TransportError, error::find_cause};
use hyper_util::client::legacy;
use std::{error::Error, io};

/// Returns why there was no response.
pub(super) fn from_client(error: legacy::Error) -> TransportError {
    let fallback = if error.is_connect() { ErrorKind::Connect } else { ErrorKind::Io };
    classify(error, fallback)
}

/// Returns why a body ended early.
pub(crate) fn from_body(error: hyper::Error) -> TransportError {
    classify(error, ErrorKind::Io)
}

/// Returns why a proxy could not be reached.
pub(super) fn from_proxy(error: BoxError, place: String) -> TransportError {
    let error = classify(error, ErrorKind::Connect).at(place);
    match error.kind() {
        ErrorKind::Connect => {
            error.with_hint("check that the proxy is running, and that its address is right")
        }
        _ => error,
    }
}

/// Returns why TLS cannot be used.
#[cfg(feature = "tls")]
pub(super) fn from_tls(error: BoxError) -> TransportError {
    classify(error, ErrorKind::Tls)
}

fn classify(error: impl Into<BoxError>, fallback: ErrorKind) -> TransportError {
    let error = error.into();
    if let Some(ours) = find_cause::<TransportError>(&*error) {
        let (kind, details) = (ours.kind(), ours.details().clone());
        return TransportError::new(kind, error).with_details(details);
    }
    #[cfg(feature = "tls")]
    if let Some(cause) = find_cause::<rustls::Error>(&*error) {
        let sentence = tls::sentence(cause);
        let failure = TransportError::new(ErrorKind::Tls, error);
        return match sentence {
            Some(sentence) => failure.with_sentence(sentence),
            None => failure,
        };
    }
    let hint = io_hint(&*error);
    let failure = TransportError::new(fallback, error);
    match hint {
        Some(hint) => failure.with_hint(hint),
        None => failure,
    }
}

fn io_hint(error: &(dyn Error + 'static)) -> Option<&'static str> {
    let cause = find_cause::<io::Error>(error)?;
    (cause.kind() == io::ErrorKind::ConnectionRefused)
        .then_some("check that the server is running, and that its host and port are right")
}
