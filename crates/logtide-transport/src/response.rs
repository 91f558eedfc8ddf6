//! Responses.

use crate::{Body, TransportError};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};

/// The head of a response, with a body that is still to be read.
#[derive(Debug)]
pub struct Response {
    /// The status, which may be that of an error.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Body,
}

/// A complete response.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status, which may be that of an error.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// The part of a response that was read.
#[derive(Debug)]
pub struct Beginning {
    /// The status, which may be that of an error.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, or its beginning.
    pub body: Bytes,
    /// Why the body is incomplete. `None` if it is complete.
    pub cut: Option<TransportError>,
}
