//! The interface between the SDK and the network.

use crate::{Endpoint, Request, Response, TransportError};
use std::{fmt, pin::Pin};

/// The future of one exchange.
pub type Exchange = Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + 'static>>;

/// Sends one request and returns the head of its response.
///
/// A status is not an error: `Err` means that there is no response, and its [`ErrorKind`](crate::ErrorKind) says
/// whether a retry makes sense. Implementations follow no redirects, retry nothing and apply no total timeout:
/// [`fetch`](crate::fetch) and the delivery pipeline do so for all of them. Dropping the future cancels the exchange.
///
/// ```
/// use logtide_transport::{Body, Exchange, Request, Response, Transport};
///
/// /// Answers everything with `204 No Content`.
/// #[derive(Debug)]
/// struct Nowhere;
///
/// impl Transport for Nowhere {
///     fn exchange(&self, _request: Request) -> Exchange {
///         Box::pin(async {
///             Ok(Response {
///                 status: http::StatusCode::NO_CONTENT,
///                 headers: http::HeaderMap::new(),
///                 body: Body::empty(),
///             })
///         })
///     }
/// }
/// ```
pub trait Transport: fmt::Debug + Send + Sync + 'static {
    /// Starts one exchange.
    fn exchange(&self, request: Request) -> Exchange;

    /// Looks for what would keep every request from a server, without sending anything. Default: nothing would.
    ///
    /// # Errors
    ///
    /// What is wrong, and what to do about it.
    fn check(&self, server: &Endpoint) -> Result<(), TransportError> {
        let _ = server;
        Ok(())
    }

    /// What it sends beside the requests and must not be shown, such as the credentials for a proxy. Default none.
    ///
    /// See [`Request::secrets`].
    fn secrets(&self) -> &[String] {
        &[]
    }
}
