//! Servers that cost nothing.

use http::{HeaderMap, StatusCode};
use logtide_transport::{Body, Exchange, Request, Response, Transport};

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
