//! Outgoing requests as spans.

use std::{
    convert::Infallible,
    future::pending,
    io,
    pin::pin,
    task::{Context, Waker},
};

use http::{Request, Response, Version};
use logtide_client::integration::ActiveSpan;
use logtide_core::{Scope, TraceContext};
use logtide_tests::setup::{TIMEOUT, memory_client, options};
use logtide_tower::ClientLayer;
use logtide_transport::MemoryTransport;
use serde_json::json;
use tower::{Layer as _, ServiceExt as _, service_fn};

use crate::setup::{Logged, SPAN, TRACE};

fn in_trace(scope: &mut Scope) {
    let parent = format!("00-{TRACE}-{SPAN}-01");
    let context = TraceContext::from_headers(Some(&parent), None).unwrap();
    scope.set_trace_context(&context.carrying(["a=1"], ["b=2"]));
}

fn get(uri: &str) -> Request<()> {
    Request::get(uri).body(()).unwrap()
}

#[tokio::test]
async fn a_request_is_a_span_and_takes_its_id_along() {
    let logged = Logged::new();
    let client = logged.client.clone();
    let http = ClientLayer::new(client.clone()).spans().layer(service_fn(move |request: Request<()>| {
        client.info("app", "sending", ());
        let client = client.clone();
        async move {
            client.info("app", "waiting", ());
            let mut response = Response::new(request.headers().clone());
            *response.version_mut() = Version::HTTP_2;
            Ok::<_, Infallible>(response)
        }
    }));
    let request = get("https://user:secret@shop.example/users/7?q=PRIVATE");
    let response = logged.client.with_scope_async(in_trace, http.oneshot(request)).await.unwrap();
    let [span] = &logged.spans()[..] else { panic!("one span") };
    assert_eq!((&*span.name, span.kind, span.status), ("GET", 3, 0));
    assert_eq!((&*span.trace_id, &*span.parent, &*span.trace_state), (TRACE, SPAN, "a=1"));
    let headers = response.body();
    assert_eq!(headers["traceparent"], format!("00-{TRACE}-{}-01", span.span_id));
    assert_eq!([&headers["tracestate"], &headers["baggage"]], ["a=1", "b=2"]);
    span.assert_attributes(&json!({
        "http.request.method": "GET",
        "url.full": "https://shop.example/users/7",
        "server.address": "shop.example",
        "server.port": 443,
        "http.response.status_code": 200,
        "network.protocol.version": "2",
    }));
    let entries = logged.entries();
    assert!(entries.iter().all(|entry| entry["span_id"] == span.span_id), "{entries:#?}");
    assert_eq!((entries.len(), ActiveSpan::current().is_some()), (2, false));
}

#[tokio::test]
async fn a_status_from_400_on_is_an_error() {
    for (status, code) in [(200, 0), (302, 0), (404, 2), (503, 2)] {
        let logged = Logged::new();
        let http = ClientLayer::new(logged.client.clone()).spans().layer(service_fn(move |_| async move {
            Ok::<_, Infallible>(Response::builder().status(status).body(()).unwrap())
        }));
        http.oneshot(get("http://localhost:4000/")).await.unwrap();
        let [span] = &logged.spans()[..] else { panic!("one span") };
        assert_eq!((span.status, &*span.message, &*span.parent), (code, "", ""), "{status}");
        assert_eq!(span.attributes["http.response.status_code"], status);
        assert_eq!(span.attributes["server.port"], 4000);
        let error = (code == 2).then(|| json!(status.to_string()));
        assert_eq!(span.attributes.get("error.type"), error.as_ref());
    }
}

#[tokio::test]
async fn a_request_that_fails_or_is_given_up_is_an_error() {
    let logged = Logged::new();
    let layer = ClientLayer::new(logged.client.clone()).spans();
    let fails = layer.layer(service_fn(async |_| Err::<Response<()>, _>(io::Error::other("no route"))));
    assert!(fails.oneshot(get("http://localhost/")).await.is_err());
    let waits = layer.layer(service_fn(|_| pending::<Result<Response<()>, Infallible>>()));
    {
        let mut asked = pin!(waits.oneshot(get("http://localhost/")));
        assert!(asked.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        assert!(ActiveSpan::current().is_none());
    }
    let spans = logged.spans();
    let statuses: Vec<_> = spans.iter().map(|span| (span.status, &*span.message)).collect();
    assert_eq!(statuses, [(2, "no route"), (2, "cancelled")]);
}

#[tokio::test]
async fn a_request_with_a_traceparent_is_left_alone() {
    let logged = Logged::new();
    let http =
        ClientLayer::new(logged.client.clone()).spans().layer(service_fn(async |request: Request<()>| {
            Ok::<_, Infallible>(Response::new(request.headers().clone()))
        }));
    let present = format!("00-{}-{}-01", "a".repeat(32), "b".repeat(16));
    let request = Request::builder().header("traceparent", &present).body(()).unwrap();
    let response = logged.client.with_scope_async(in_trace, http.oneshot(request)).await.unwrap();
    assert_eq!(response.body().len(), 1);
    assert_eq!(response.body()["traceparent"], present);
    assert!(logged.spans().is_empty());
}

#[tokio::test]
async fn c23_an_unsampled_trace_is_passed_on_as_such() {
    let transport = MemoryTransport::new();
    let client = memory_client(&transport, options("http://localhost").traces_sample_rate(0.0));
    let http = ClientLayer::new(client.clone()).spans().layer(service_fn(async |request: Request<()>| {
        Ok::<_, Infallible>(Response::new(request.headers().clone()))
    }));
    let response = http.oneshot(get("http://localhost/")).await.unwrap();
    assert!(response.body()["traceparent"].to_str().unwrap().ends_with("-00"));
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    assert_eq!(client.metrics().spans.ended, 0);
}

#[tokio::test]
async fn a_path_has_the_name_that_the_layer_gives_it() {
    let logged = Logged::new();
    let layer = ClientLayer::new(logged.client.clone()).spans().path_name(|request| {
        match request.path().strip_prefix("/bot") {
            Some(_) => "/bot{token}".into(),
            None => request.path().into(),
        }
    });
    let seen = service_fn(|request: Request<()>| async move {
        Ok::<_, Infallible>(Response::new(request.uri().path().to_owned()))
    });
    let http = layer.layer(seen);
    for (uri, full) in [
        ("https://api.example/botSECRET", "https://api.example/bot{token}"),
        ("https://api.example/users", "https://api.example/users"),
    ] {
        let response = http.clone().oneshot(get(uri)).await.unwrap();
        assert!(uri.ends_with(response.body()), "the request itself keeps its path");
        let spans = logged.spans();
        assert_eq!(spans.last().unwrap().attributes["url.full"], full);
    }
}
