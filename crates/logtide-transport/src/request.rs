//! Requests.

use crate::{Endpoint, Transport};
use bytes::Bytes;
use http::{HeaderMap, Method, Uri};
use std::time::Duration;

/// Bytes of the shortest value that counts as a secret.
const SHORTEST_SECRET: usize = 4;

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
    /// Whose key it has, for [`refresh`](Self::refresh).
    pub endpoint: Option<Endpoint>,
}

impl Request {
    /// Creates a request without headers, body and timeout.
    #[must_use]
    pub fn new(method: Method, uri: Uri) -> Self {
        Self { method, uri, headers: HeaderMap::new(), body: Bytes::new(), timeout: None, endpoint: None }
    }

    /// Takes the key that its endpoint has by now. To be called before an exchange is repeated.
    ///
    /// A request without an endpoint stays as it is.
    pub fn refresh(&mut self) {
        if let Some(endpoint) = &self.endpoint {
            endpoint.authorize(&mut self.headers);
        }
    }

    /// Returns the texts that are sent but must not be shown. A server or proxy may quote them in a response.
    ///
    /// These are the values of headers marked as sensitive and the [secrets of the transport](Transport::secrets).
    /// Credentials such as `Bearer token` are included without their scheme too. Values below 4 bytes are left out,
    /// because too many words contain them.
    #[must_use]
    pub fn secrets<'a>(&'a self, transport: &'a dyn Transport) -> Vec<&'a str> {
        let values = self.headers.values().filter(|value| value.is_sensitive());
        let values = values.filter_map(|value| value.to_str().ok());
        let values = values.flat_map(|value| [Some(value), value.split_once(' ').map(|(_, rest)| rest)]);
        let values = values.flatten().chain(transport.secrets().iter().map(String::as_str));
        values.filter(|value| value.len() >= SHORTEST_SECRET).collect()
    }
}
