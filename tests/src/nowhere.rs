//! Servers that cost nothing.

use http::{HeaderMap, StatusCode};
use logtide_transport::{Body, ErrorKind, Exchange, Request, Response, Transport, TransportError};

/// Answers everything with an empty `200 OK`.
#[derive(Clone, Copy, Debug)]
pub struct Nowhere;

impl Transport for Nowhere {
    fn exchange(&self, _request: Request) -> Exchange {
        Box::pin(async {
            Ok(Response { status: StatusCode::OK, headers: HeaderMap::new(), body: Body::empty() })
        })
    }
}

/// Never answers, so that all entries wait.
#[derive(Clone, Copy, Debug)]
pub struct Silent;

impl Transport for Silent {
    fn exchange(&self, _request: Request) -> Exchange {
        Box::pin(std::future::pending())
    }
}

/// Fails every request at once, as a closed port does.
#[derive(Clone, Copy, Debug)]
pub struct Away;

impl Transport for Away {
    fn exchange(&self, _request: Request) -> Exchange {
        Box::pin(async { Err(TransportError::new(ErrorKind::Connect, "the server is away")) })
    }
}
