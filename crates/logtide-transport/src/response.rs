//! What comes back.

use crate::{Body, TransportError};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};

/// The head of an answer, with a body that is still to be read.
#[derive(Debug)]
pub struct Response {
    /// The status, whichever it is.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Body,
}

/// A whole answer, read to its end.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status, whichever it is.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// An answer as far as it was read.
#[derive(Debug)]
pub struct Beginning {
    /// The status, whichever it is.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, or its beginning.
    pub body: Bytes,
    /// Why there is no more of the body; `None` when it is whole.
    pub cut: Option<TransportError>,
}
