//! Why there is no response.

use logtide_core::clean_text;
use std::{error::Error, fmt, io};
use tokio::runtime::Handle;

/// An exchange that ended without a usable response.
///
/// `Display` is one line with the root cause and, if known, what to do. `source()` has all causes.
pub struct TransportError(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    details: Details,
    cause: Box<dyn Error + Send + Sync>,
}

/// Details for the `Display` form, in addition to the kind and the cause.
#[derive(Clone, Default)]
pub(crate) struct Details {
    /// Where it failed, if not at the server.
    place: Option<String>,
    /// Replaces the root cause.
    sentence: Option<String>,
    hint: Option<&'static str>,
}

/// The kind of failure of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No connection to the server or to its proxy.
    Connect,
    /// The connection could not be secured, for example because the server's certificate is not signed by a trusted
    /// authority.
    Tls,
    /// There was no complete response in time.
    Timeout,
    /// The connection broke, or the other side does not speak HTTP.
    Io,
    /// The request could not be built, or asks for something unsupported. A retry would fail too.
    Request,
    /// The response is longer than the caller's limit.
    TooLarge,
}

impl TransportError {
    /// Creates an error from its cause: another error, or a text.
    pub fn new(kind: ErrorKind, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(Box::new(Inner { kind, details: Details::default(), cause: cause.into() }))
    }

    /// Adds what the user can do.
    pub(crate) fn with_hint(mut self, hint: &'static str) -> Self {
        self.0.details.hint = Some(hint);
        self
    }

    /// Adds where it failed, unless that is known already.
    pub(crate) fn at(mut self, place: String) -> Self {
        self.0.details.place.get_or_insert(place);
        self
    }

    /// Replaces the root cause with a text that says what is wrong and what to do.
    #[cfg(feature = "tls")]
    pub(crate) fn with_sentence(mut self, sentence: String) -> Self {
        self.0.details.sentence = Some(sentence);
        self
    }

    /// The details for the `Display` form.
    pub(crate) fn details(&self) -> &Details {
        &self.0.details
    }

    /// Takes the details of another error about the same failure.
    pub(crate) fn with_details(mut self, details: Details) -> Self {
        self.0.details = details;
        self
    }

    /// The kind of failure.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether the same request may succeed later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.0.kind.is_retryable()
    }
}

impl ErrorKind {
    /// Whether the same request may succeed later.
    ///
    /// True for an invalid certificate too, because it may be renewed while entries wait.
    #[must_use]
    pub fn is_retryable(self) -> bool {
        match self {
            Self::Connect | Self::Tls | Self::Timeout | Self::Io => true,
            Self::Request | Self::TooLarge => false,
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Connect => "could not connect",
            Self::Tls => "could not establish a secure connection",
            Self::Timeout => "no complete response in time",
            Self::Io => "the connection failed",
            Self::Request => "cannot send the request",
            Self::TooLarge => "the response is too large",
        })
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, details, cause } = &*self.0;
        write!(formatter, "{kind}: ")?;
        if let Some(place) = &details.place {
            write!(formatter, "{place}: ")?;
        }
        // Both may contain text of the server, its certificate or a proxy.
        match &details.sentence {
            Some(sentence) => formatter.write_str(&clean_text(sentence, &[]))?,
            None => formatter.write_str(&clean_text(&root_cause(&**cause).to_string(), &[]))?,
        }
        match details.hint {
            Some(hint) => write!(formatter, "; {hint}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for TransportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("TransportError")
            .field("kind", &self.0.kind)
            .field("cause", &self.0.cause)
            .finish_non_exhaustive()
    }
}

impl Error for TransportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0.cause)
    }
}

/// Finds an error of type `T` in a chain of causes.
///
/// `io::Error::source` skips the error that it wraps, so that one is checked separately.
pub(crate) fn find_cause<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        next = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}

/// The runtime that polls the caller.
pub(crate) fn require_runtime() -> Result<Handle, TransportError> {
    Handle::try_current().map_err(|error| {
        TransportError::new(ErrorKind::Request, error).with_hint("run the exchange on a `Driver`")
    })
}

fn root_cause<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    let mut root = error;
    while let Some(source) = root.source() {
        root = source;
    }
    root
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_names_the_root_cause_and_what_to_do() {
        let refused = io::Error::new(io::ErrorKind::ConnectionRefused, "connection refused");
        let inner = TransportError::new(ErrorKind::Io, refused);
        let error = TransportError::new(ErrorKind::Connect, inner).with_hint("start the server");
        assert_eq!(error.to_string(), "could not connect: connection refused; start the server");
    }

    #[test]
    fn a_cause_with_line_breaks_is_told_in_one_line() {
        let error = TransportError::new(ErrorKind::Io, "a\r\nlogtide: sent 1 entry\x1b[2J");
        assert_eq!(error.to_string(), "the connection failed: a  logtide: sent 1 entry [2J");
    }

    #[test]
    fn a_missing_runtime_is_no_panic_and_says_what_to_do() {
        let error = require_runtime().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request);
        assert!(error.to_string().ends_with("run the exchange on a `Driver`"), "{error}");
    }

    #[test]
    fn a_cause_is_found_through_nested_io_errors() {
        let cause = TransportError::new(ErrorKind::Tls, "no roots");
        let wrapped = io::Error::other(io::Error::other(cause));
        let found = find_cause::<TransportError>(&wrapped).map(TransportError::kind);
        assert_eq!(found, Some(ErrorKind::Tls));
    }

    #[test]
    fn what_cannot_get_better_is_not_retried() {
        assert!(TransportError::new(ErrorKind::Io, "broken pipe").is_retryable());
        assert!(!TransportError::new(ErrorKind::Request, "no host").is_retryable());
        assert!(!TransportError::new(ErrorKind::TooLarge, "over 1 MB").is_retryable());
    }
}
