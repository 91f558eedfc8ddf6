//! A trace across three services on real sockets.

use std::net::SocketAddr;

use axum::{Router, extract::State, routing::get};
use bytes::Bytes;
use http::Request;
use http_body_util::Empty;
use hyper_util::{client::legacy, rt::TokioExecutor};
use logtide_client::Client;
use logtide_tests::spans::SentSpan;
use logtide_tower::{ClientLayer, Options, ServerLayer};
use tokio::net::TcpListener;
use tower::{Layer as _, ServiceExt as _};

use crate::setup::Logged;

/// A service that calls the next one, if there is one.
#[derive(Clone)]
struct Asks {
    client: Client,
    next: Option<SocketAddr>,
}

async fn handle(State(Asks { client, next }): State<Asks>) -> &'static str {
    client.info("app", "in the handler", ());
    let Some(next) = next else { return "last" };
    let http = legacy::Client::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>();
    let http = ClientLayer::new(client).spans().layer(http);
    let request = Request::get(format!("http://{next}/work")).body(Empty::new()).unwrap();
    http.oneshot(request).await.unwrap();
    "asked"
}

async fn start(logged: &Logged, next: Option<SocketAddr>) -> SocketAddr {
    let client = logged.client.clone();
    let router = Router::new()
        .route("/work", get(handle))
        .with_state(Asks { client: client.clone(), next })
        .layer(ServerLayer::with_options(client, Options::new().spans(true)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, router).await });
    address
}

#[tokio::test]
async fn c24_a_trace_over_three_services_has_one_root_and_the_right_parents() {
    let services = [Logged::new(), Logged::new(), Logged::new()];
    let mut next = None;
    for service in services.iter().rev() {
        next = Some(start(service, next).await);
    }
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let address = next.unwrap();
    let answer = http.get(format!("http://{address}/work")).send().await.unwrap();
    assert_eq!(answer.text().await.unwrap(), "asked");
    let of_each: Vec<Vec<SentSpan>> = services.iter().map(Logged::spans).collect();
    let shape: Vec<Vec<i32>> =
        of_each.iter().map(|spans| spans.iter().map(|span| span.kind).collect()).collect();
    assert_eq!(shape, [vec![3, 2], vec![3, 2], vec![2]]);
    let [ask_b, a, ask_c, b, c] = of_each.concat().try_into().unwrap();
    let parents = [
        (&a, ""),
        (&ask_b, &*a.span_id),
        (&b, &*ask_b.span_id),
        (&ask_c, &*b.span_id),
        (&c, &*ask_c.span_id),
    ];
    for (span, parent) in parents {
        assert_eq!((&*span.parent, &span.trace_id, span.status), (parent, &a.trace_id, 0), "{span:#?}");
    }
    for (service, server) in services.iter().zip([&a, &b, &c]) {
        let entries = service.entries();
        assert!(entries.iter().all(|entry| entry["span_id"] == server.span_id), "{entries:#?}");
    }
}
