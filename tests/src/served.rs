//! A `tower` service without cost, and requests for it.

use std::{convert::Infallible, hint::black_box};

use futures_util::FutureExt as _;
use http::{Request, Response};
use http_body_util::Full;
use tower::{Service, service_fn};

type Body = Full<&'static [u8]>;

/// Responds to every request at once, with an empty body.
#[must_use]
pub fn handler() -> impl Service<Request<()>, Response = Response<Body>, Error = Infallible> {
    service_fn(async |request: Request<()>| {
        black_box(request);
        Ok(Response::new(Body::new(b"")))
    })
}

/// Serves a request with a trace, and drops the response.
///
/// # Panics
///
/// If the service does not respond at once.
pub fn serve<B>(service: &mut impl Service<Request<()>, Response = Response<B>, Error = Infallible>) {
    let request = Request::get("/api/users/42")
        .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
        .body(())
        .expect("the request is whole");
    let answer = service.call(request).now_or_never().expect("the service answers at once");
    black_box(answer.unwrap_or_else(|never| match never {}));
}
