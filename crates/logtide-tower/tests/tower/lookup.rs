//! Data that other layers have added to a request's extensions.

use std::{convert::Infallible, net::Ipv4Addr};

use http::Request;
use http_body_util::Full;
use logtide_tower::{Options, ServerLayer};
use tower::{Layer as _, ServiceExt as _, service_fn};

use crate::setup::{Logged, answer, request};

#[derive(Clone)]
struct Route(&'static str);

#[tokio::test]
async fn the_route_and_the_address_are_found_as_the_application_says() {
    let logged = Logged::new();
    let layer = ServerLayer::with_options(logged.client.clone(), Options::new().client_ip(true))
        .route(|extensions| extensions.get::<Route>().map(|route| route.0.to_owned()))
        .client_ip(|extensions| extensions.get::<Ipv4Addr>().map(|address| (*address).into()));
    let inner = service_fn(|_: Request<_>| async { Ok::<_, Infallible>(answer(Full::new(&b""[..]))) });
    let mut request = request();
    request.extensions_mut().insert(Route("/users/{id}"));
    request.extensions_mut().insert(Ipv4Addr::new(203, 0, 113, 9));
    let _ = layer.layer(inner).oneshot(request).await.unwrap();
    let entries = logged.entries();
    assert_eq!(entries[0]["metadata"]["ip"], "203.0.113.9");
    for entry in entries {
        assert_eq!(entry["metadata"]["route"], "/users/{id}");
    }
}
