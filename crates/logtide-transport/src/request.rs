//! Requests.

use crate::Transport;
use bytes::Bytes;
use http::{HeaderMap, Method, Uri};
use std::time::Duration;

/// One HTTP request with its whole body.
///
/// `Debug` hides header values that are marked as sensitive, as [`Endpoint::request`] does for the API key.
///
/// [`Endpoint::request`]: crate::Endpoint::request
#[derive(Clone, Debug)]
pub struct Request {
    /// The HTTP method.
    pub method: Method,
    /// The absolute address, with scheme and host.
    pub uri: Uri,
    /// The headers. `host` and `content-length` are added when it is sent.
    pub headers: HeaderMap,
    /// The body. Empty for none.
    pub body: Bytes,
    /// The total timeout of the exchange, including the body of the response. `None` waits forever, as streams need.
    ///
    /// [`fetch`](crate::fetch) applies it; [`Transport::exchange`](crate::Transport::exchange) ignores it.
    pub timeout: Option<Duration>,
}

impl Request {
    /// Creates a request without headers, body and timeout.
    #[must_use]
    pub fn new(method: Method, uri: Uri) -> Self {
        Self { method, uri, headers: HeaderMap::new(), body: Bytes::new(), timeout: None }
    }

    /// The secrets that are sent and must not be shown, because a server or proxy may quote them: the header values
    /// that are marked as sensitive, and the [secrets of the transport](Transport::secrets).
    #[must_use]
    pub fn secrets<'a>(&'a self, transport: &'a dyn Transport) -> Vec<&'a str> {
        let values = self.headers.values().filter(|value| value.is_sensitive());
        let values = values.filter_map(|value| value.to_str().ok());
        values.chain(transport.secrets().iter().map(String::as_str)).collect()
    }
}
