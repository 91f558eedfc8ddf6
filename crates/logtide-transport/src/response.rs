//! What comes back.

use crate::Body;
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
