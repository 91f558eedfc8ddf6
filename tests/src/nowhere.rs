//! Transports without a server.

use http::{HeaderMap, StatusCode};
use logtide_transport::{Body, ErrorKind, Exchange, Request, Response, Transport, TransportError};

/// Responds to everything with an empty `200 OK`.
#[derive(Clone, Copy, Debug)]
pub struct Nowhere;

impl Transport for Nowhere {
    fn exchange(&self, _request: Request) -> Exchange {
        Box::pin(async {
            Ok(Response { status: StatusCode::OK, headers: HeaderMap::new(), body: Body::empty() })
        })
    }
}

/// Never responds, so that all entries stay pending.
#[derive(Clone, Copy, Debug)]
pub struct Silent;

impl Transport for Silent {
    fn exchange(&self, _request: Request) -> Exchange {
        Box::pin(std::future::pending())
    }
}

/// Fails every request at once, like a closed port.
#[derive(Clone, Copy, Debug)]
pub struct Away;

impl Transport for Away {
    fn exchange(&self, _request: Request) -> Exchange {
        Box::pin(async { Err(TransportError::new(ErrorKind::Connect, "the server is away")) })
    }
}
