//! The scope of a request follows its future.

use std::convert::Infallible;

use futures_util::future::poll_immediate;
use http::Request;
use http_body_util::{BodyExt as _, Full, StreamBody};
use logtide_client::Client;
use logtide_core::{Breadcrumb, User};
use serde_json::{Value, json};
use tower::{Layer as _, ServiceExt as _, service_fn};

use crate::setup::{Logged, SPAN, TRACE, answer, request};

fn assert_belongs(entries: &[Value]) {
    for entry in entries {
        assert_eq!(
            (entry["trace_id"].as_str(), entry["span_id"].as_str()),
            (Some(TRACE), Some(SPAN)),
            "{entry}"
        );
    }
}

#[tokio::test]
async fn the_handler_its_future_and_its_body_are_in_the_scope() {
    let logged = Logged::new();
    let client = logged.client.clone();
    let handler = service_fn(move |_: Request<_>| {
        client.info("app", "called", ());
        let client = client.clone();
        async move {
            client.info("app", "before", ());
            tokio::task::yield_now().await;
            client.info("app", "after", ());
            client.configure_scope(|scope| scope.set_user(User::new().id("u_1")));
            let chunks = futures_util::stream::once(async move {
                client.add_breadcrumb(Breadcrumb::new("chunk"));
                client.info("app", "in the body", ());
                Ok::<_, Infallible>(http_body::Frame::data(&b"hello"[..]))
            });
            Ok::<_, Infallible>(answer(StreamBody::new(Box::pin(chunks))))
        }
    });
    let response = logged.layer(handler).oneshot(request()).await.unwrap();
    assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "hello");
    assert_eq!(logged.client.trace_id(), None, "the thread is in no scope afterwards");
    let entries = logged.entries();
    assert_eq!(entries.len(), 6);
    assert_belongs(&entries);
    assert_eq!(entries[3]["metadata"].get("user"), None);
    assert_eq!(entries[4]["metadata"]["user"], json!({"id": "u_1"}));
    assert_eq!(entries[5]["metadata"]["user"], json!({"id": "u_1"}), "the response has what the handler set");
    assert_eq!(entries[5]["metadata"]["breadcrumbs"][0]["message"], "chunk");
}

/// Logs when it is dropped.
struct Guard(Client);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.info("app", "dropped", ());
    }
}

#[tokio::test]
async fn what_a_future_holds_is_dropped_in_the_scope() {
    let logged = Logged::new();
    let client = logged.client.clone();
    let handler = service_fn(move |_: Request<_>| {
        let guard = Guard(client.clone());
        async move {
            std::future::pending::<()>().await;
            drop(guard);
            Ok::<_, Infallible>(answer(Full::new(&b""[..])))
        }
    });
    let mut future = Box::pin(logged.layer(handler).oneshot(request()));
    assert!(poll_immediate(&mut future).await.is_none());
    drop(future);
    let entries = logged.entries();
    assert_eq!((entries.len(), entries[1]["message"].as_str()), (3, Some("dropped")));
    assert_belongs(&entries);
}

#[tokio::test]
async fn the_scope_around_a_server_is_not_that_of_its_requests() {
    let logged = Logged::new();
    let client = logged.client.clone();
    let handler = service_fn(move |_: Request<_>| {
        client.info("app", "called", ());
        async { Ok::<_, Infallible>(answer(Full::new(&b""[..]))) }
    });
    let serving = logged.layer(handler).oneshot(request());
    let _ = logged.client.with_scope_async(|scope| scope.set_tag("outer", "yes"), serving).await.unwrap();
    for entry in logged.entries() {
        assert_eq!(entry["metadata"]["tags"], json!({"http.method": "GET"}));
    }
}

#[test]
fn services_and_futures_can_be_sent_where_the_inner_ones_can() {
    fn assert_send<T: Send + 'static>(_: &T) {}
    let logged = Logged::new();
    let inner = service_fn(|_: Request<_>| async { Ok::<_, Infallible>(answer(Full::new(&b""[..]))) });
    let service = logtide_tower::ServerLayer::new(logged.client.clone()).layer(inner);
    assert_send(&service);
    assert_send(&service.clone().oneshot(request()));
}
