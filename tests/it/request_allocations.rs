//! A server's thread allocates at most four times for a logged request, with both entries.
//!
//! This is a separate binary, because counting needs its own allocator.

use std::{convert::Infallible, sync::Arc};

use allocation_counter::measure;
use futures::executor::block_on;
use http::{Request, Response};
use http_body_util::Full;
use logtide_client::Client;
use logtide_tests::{
    nowhere::Nowhere,
    setup::{TIMEOUT, options},
};
use logtide_tower::ServerLayer;
use tower::{Layer, Service, service_fn};

/// The requests between two flushes, whose entries fit in the chunk that the worker returns.
const ROUND: u64 = 100;

/// The most rounds until the buffers have grown.
const WARM_UP: u64 = 2_000;

/// The consecutive rounds that must stay within the limit.
const QUIET: u64 = 20;

const TRACEPARENT: (&str, &str) = ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

/// A route that the application provides without an allocation.
#[derive(Clone, Copy)]
struct Route(&'static str);

fn handler() -> impl Service<Request<()>, Response = Response<Full<&'static [u8]>>, Error = Infallible> {
    service_fn(async |request: Request<()>| {
        drop(request);
        Ok(Response::new(Full::new(&b""[..])))
    })
}

/// Returns the allocations of the calling thread while it serves some requests.
fn serve<S, B>(service: &mut S, header: Option<(&str, &str)>) -> u64
where
    S: Service<Request<()>, Response = Response<B>, Error = Infallible>,
{
    let requests = (0..ROUND).map(|_| {
        let mut request = Request::get("/api/users/42").extension(Route("/api/users/{id}"));
        if let Some((name, value)) = header {
            request = request.header(name, value);
        }
        request.body(()).expect("the request is whole")
    });
    let requests: Vec<_> = requests.collect();
    let counted = measure(|| {
        for request in requests {
            drop(block_on(service.call(request)).unwrap_or_else(|never| match never {}));
        }
    });
    counted.count_total
}

/// Asserts that the layer settles at no more than this many allocations for a request.
fn assert_at_most(
    limit: u64,
    what: &str,
    header: Option<(&str, &str)>,
    layer: impl FnOnce(ServerLayer) -> ServerLayer,
) {
    let options = options("http://localhost").batch_size(1_000);
    let client = Client::with_transport(options, Arc::new(Nowhere)).expect("the options work");
    let (mut bare, mut logged) = (handler(), layer(ServerLayer::new(client.clone())).layer(handler()));
    let (mut quiet, mut latest) = (0, 0);
    for _ in 0..WARM_UP {
        let without = serve(&mut bare, header);
        latest = serve(&mut logged, header) - without;
        assert!(client.flush_blocking(TIMEOUT).is_complete());
        quiet = if latest <= limit * ROUND { quiet + 1 } else { 0 };
        if quiet == QUIET {
            assert!(client.metrics().logged >= 2 * ROUND, "both entries are written");
            return;
        }
    }
    panic!("{what} costs {latest} allocations in {ROUND} requests for ever");
}

#[test]
fn both_entries_of_a_request_cost_three_allocations() {
    assert_at_most(3, "a request with a traceparent", Some(TRACEPARENT), |layer| layer);
    assert_at_most(3, "a request without a trace", None, |layer| layer);
    let uuid = ("x-trace-id", "5f0c6f7e-0c1a-4d0a-9d8e-2c3b4a5d6e7f");
    assert_at_most(3, "a request with a trace of another form", Some(uuid), |layer| layer);
}

#[test]
fn a_route_costs_a_request_what_the_application_allocates_for_it() {
    let route = |layer: ServerLayer| {
        layer.route(|extensions| extensions.get::<Route>().map(|route| route.0.to_owned()))
    };
    assert_at_most(4, "a request with a route", Some(TRACEPARENT), route);
}
