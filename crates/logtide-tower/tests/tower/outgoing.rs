//! Outgoing requests.

use std::convert::Infallible;

use http::Request;
use http_body_util::Empty;
use hyper_util::{client::legacy, rt::TokioExecutor};
use logtide_client::InScope as _;
use logtide_core::{Scope, TraceContext};
use logtide_tests::scripted::{ScriptedServer, Step};
use logtide_tower::ClientLayer;
use tower::{Layer as _, ServiceExt as _, service_fn};
use tracing::{Instrument as _, instrument::WithSubscriber as _};
use tracing_subscriber::layer::SubscriberExt as _;

use crate::setup::{Logged, SPAN, TRACE};

/// The `traceparent` headers of a request that is sent in a scope.
async fn sent(request: Request<()>, configure: impl FnOnce(&mut Scope)) -> Vec<String> {
    let logged = Logged::new();
    let http = ClientLayer::new(logged.client.clone()).layer(service_fn(|request: Request<()>| async move {
        let values = request.headers().get_all("traceparent").iter();
        Ok::<_, Infallible>(values.map(|value| value.to_str().unwrap().to_owned()).collect())
    }));
    logged.client.with_scope_async(configure, http.oneshot(request)).await.unwrap()
}

fn in_trace(scope: &mut Scope) {
    scope.set_trace_id(TRACE);
    scope.set_span_id(SPAN);
}

#[tokio::test]
async fn c25_a_request_takes_the_trace_of_its_scope_along() {
    assert_eq!(sent(Request::new(()), in_trace).await, [format!("00-{TRACE}-{SPAN}-01")]);
}

#[tokio::test]
async fn c25_a_trace_without_a_span_gets_a_new_one() {
    let headers = sent(Request::new(()), |scope| scope.set_trace_id(TRACE)).await;
    let span = headers[0].strip_prefix(&format!("00-{TRACE}-")).and_then(|rest| rest.strip_suffix("-01"));
    assert!(span.unwrap().parse::<logtide_core::SpanId>().is_ok(), "{headers:?}");
}

#[tokio::test]
async fn c25_a_header_that_is_there_is_left_alone() {
    let present = format!("00-{}-{}-01", "a".repeat(32), "b".repeat(16));
    let request = Request::builder().header("traceparent", &present).body(()).unwrap();
    assert_eq!(sent(request, in_trace).await, [present]);
}

#[tokio::test]
async fn c25_without_a_trace_there_is_no_header() {
    assert_eq!(sent(Request::new(()), |_| ()).await, Vec::<String>::new());
}

#[tokio::test]
async fn c25_tracestate_and_baggage_go_along_from_wherever_the_request_is_sent() {
    let logged = Logged::new();
    let http = ClientLayer::new(logged.client.clone()).layer(service_fn(|request: Request<()>| async move {
        let text = |name| request.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        Ok::<_, Infallible>([text("tracestate"), text("baggage")])
    }));
    let ask = || http.clone().oneshot(Request::new(()));
    let subscriber = tracing_subscriber::registry().with(logtide_tracing::layer(&logged.client));
    let work = async {
        let in_span = async { ask().instrument(tracing::info_span!("call")).await };
        let in_task = tokio::spawn(ask().in_current_scope());
        let present = Request::builder().header("tracestate", "own=1").body(()).unwrap();
        [
            ask().await.unwrap(),
            in_span.with_subscriber(subscriber).await.unwrap(),
            in_task.await.unwrap().unwrap(),
            http.clone().oneshot(present).await.unwrap(),
        ]
    };
    let parent = format!("00-{TRACE}-{SPAN}-01");
    let context = TraceContext::from_headers(Some(&parent), None).unwrap().carrying(["a=1"], ["b=2"]);
    let sent = logged.client.with_scope_async(|scope| scope.set_trace_context(&context), work).await;
    let texts = |state: &str| [Some(state.to_owned()), Some("b=2".to_owned())];
    assert_eq!(sent, [texts("a=1"), texts("a=1"), texts("a=1"), texts("own=1")]);
}

/// A server on a real socket that answers one request.
fn server() -> ScriptedServer {
    ScriptedServer::start([Step::Answer { status: 200, headers: Vec::new(), body: "ok".to_owned() }])
}

/// The `traceparent` of the one request that it received.
fn arrived(server: &ScriptedServer) -> Option<String> {
    let requests = server.wait_for_requests(1);
    requests[0].header("traceparent").map(str::to_owned)
}

#[tokio::test]
async fn c25_a_hyper_client_in_the_layer_takes_the_trace_along() {
    let (logged, server) = (Logged::new(), server());
    let http = legacy::Client::builder(TokioExecutor::new()).build_http::<Empty<&'static [u8]>>();
    let http = ClientLayer::new(logged.client.clone()).layer(http);
    let request = Request::get(server.url()).body(Empty::new()).unwrap();
    let response = logged.client.with_scope_async(in_trace, http.oneshot(request)).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(arrived(&server), Some(format!("00-{TRACE}-{SPAN}-01")));
}

#[tokio::test]
async fn c25_a_request_of_reqwest_takes_the_trace_along() {
    let (logged, server) = (Logged::new(), server());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let ask = async {
        let mut request = http.get(server.url()).build()?;
        logged.client.inject_trace(request.headers_mut());
        http.execute(request).await
    };
    let response = logged.client.with_scope_async(in_trace, ask).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(arrived(&server), Some(format!("00-{TRACE}-{SPAN}-01")));
}
