//! The scope of a request.

use std::{
    future::pending,
    pin::pin,
    task::{Context, Waker},
};

use http::HeaderMap;
use logtide_client::{Client, integration::ActiveSpan};
use logtide_middleware::{Options, RequestHead};
use serde_json::json;

use crate::setup::{Server, headers};

#[test]
fn all_that_is_logged_while_a_request_is_handled_belongs_to_it() {
    let server = Server::new(Options::new());
    let parent = headers(&[("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]);
    let mut exchange = server.begin_with("GET", "/", &parent);
    exchange.run(|| {
        server.client.info("app", "in the handler", ());
        server.client.configure_scope(|scope| scope.set_tag("step", "handler"));
    });
    exchange.run(|| server.client.info("app", "in the handler, later", ()));
    let mut transfer = exchange.respond(200, &HeaderMap::new(), None);
    transfer.run(|| server.client.configure_scope(|scope| scope.set_tag("step", "body")));
    transfer.complete();
    server.client.info("app", "outside", ());
    let mut entries = server.entries();
    let outside = entries.pop().unwrap();
    assert_eq!((outside.get("trace_id"), outside["metadata"].get("tags")), (None, None));
    for entry in &entries {
        assert_eq!(entry["trace_id"], "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!(entry["span_id"], "00f067aa0ba902b7");
    }
    let steps: Vec<_> = entries.iter().map(|entry| entry["metadata"]["tags"]["step"].clone()).collect();
    assert_eq!(steps, [json!(null), json!(null), json!("handler"), json!("body")]);
}

#[test]
fn a_request_does_not_inherit_the_scope_around_it() {
    let server = Server::new(Options::new());
    server.client.with_scope(
        |scope| scope.set_tag("outer", "yes"),
        || {
            let mut exchange = server.begin("GET", "/");
            exchange.run(|| server.client.configure_scope(|scope| scope.set_tag("inner", "yes")));
            drop(exchange);
            server.client.info("app", "after", ());
        },
    );
    let entries = server.entries();
    assert_eq!(entries[0]["metadata"]["tags"], json!({"http.method": "GET"}));
    assert_eq!(entries[1]["metadata"]["tags"], json!({"http.method": "GET", "inner": "yes"}));
    assert_eq!(entries[2]["metadata"]["tags"], json!({"outer": "yes"}));
}

#[test]
fn the_route_is_a_tag_and_a_field() {
    let server = Server::new(Options::new());
    let headers = HeaderMap::new();
    drop(server.log.begin(&RequestHead::new("GET", "/users/7", &headers).route(Some("/users/{id}".into()))));
    let mut later = server.begin("GET", "/users/8");
    later.set_route("/users/{id}");
    let _ = later.respond(200, &headers, Some(0));
    let entries = server.entries();
    for entry in [&entries[0], &entries[1], &entries[3]] {
        assert_eq!(entry["metadata"]["route"], "/users/{id}");
        assert_eq!(entry["metadata"]["tags"]["http.route"], "/users/{id}");
    }
    assert_eq!(entries[2]["metadata"].get("route"), None);
}

#[test]
fn a_path_that_is_skipped_has_a_scope_too() {
    let server = Server::new(Options::new());
    let mut exchange = server.begin_with("GET", "/health", &headers(&[("x-trace-id", "legacy-123")]));
    exchange.run(|| server.client.info("app", "in the handler", ()));
    drop(exchange);
    assert_eq!(server.last(1)["trace_id"], "legacy-123");
}

#[test]
fn after_a_panic_the_scope_is_what_it_was_then() {
    let server = Server::new(Options::new());
    let mut exchange = server.begin("GET", "/");
    let work = std::panic::AssertUnwindSafe(|| {
        exchange.run(|| {
            server.client.configure_scope(|scope| scope.set_tag("step", "before"));
            panic!("expected in this test");
        });
    });
    assert!(std::panic::catch_unwind(work).is_err());
    assert_eq!(server.client.trace_id(), None, "the thread is out of the scope again");
    assert_eq!(server.last(2)["metadata"]["tags"]["step"], "before");
}

#[test]
fn the_trace_of_a_request_wins_over_a_span_around_the_server() {
    let server = Server::new(Options::new());
    let parent = headers(&[("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]);
    let connection = ActiveSpan::in_trace("c".repeat(32));
    connection.enter();
    let mut exchange = server.begin_with("GET", "/", &parent);
    exchange.run(|| {
        server.client.info("app", "in the handler", ());
        let outgoing = server.client.outgoing_trace().unwrap().to_string();
        assert_eq!(parent["traceparent"], outgoing);
    });
    let work = std::panic::AssertUnwindSafe(|| exchange.run(|| panic!("expected in this test")));
    assert!(std::panic::catch_unwind(work).is_err());
    let around = ActiveSpan::current().expect("the thread is in the span again");
    assert_eq!(around.trace_id(), connection.trace_id());
    let entries = server.entries();
    assert_eq!(entries.len(), 3);
    for entry in entries {
        assert_eq!(
            (entry["trace_id"].as_str(), entry["span_id"].as_str()),
            (Some("4bf92f3577b34da6a3ce929d0e0e4736"), Some("00f067aa0ba902b7")),
            "{entry}"
        );
    }
}

#[test]
fn a_request_belongs_to_the_span_around_it_where_that_was_asked_for() {
    let server = Server::new(Options::new().use_active_span(true));
    let parent = headers(&[("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]);
    let outside = server.begin_with("GET", "/", &parent);
    let around = ActiveSpan::in_trace("c".repeat(32));
    around.enter();
    let mut inside = server.begin_with("GET", "/", &parent);
    around.exit();
    inside.run(|| {
        server.client.info("app", "in the handler", ());
        let outgoing = server.client.outgoing_trace().unwrap();
        assert_eq!(Some(outgoing.span_id), around.trace_context().span_id);
    });
    drop(inside);
    drop(outside);
    let entries = server.entries();
    let traces: Vec<_> = entries.iter().map(|entry| entry["trace_id"].as_str().unwrap()).collect();
    let (brought, span) = ("4bf92f3577b34da6a3ce929d0e0e4736", around.trace_id());
    assert_eq!(traces, [brought, span, span, span, brought]);
    let id: String = around.trace_context().span_id.unwrap().into();
    assert!(entries[1..4].iter().all(|entry| entry["span_id"] == id), "{entries:#?}");
}

#[test]
fn a_span_that_the_handler_enters_wins_over_the_trace_of_the_request() {
    let server = Server::new(Options::new().log_requests(false));
    let mut exchange = server.begin_with("GET", "/", &headers(&[("x-trace-id", "request")]));
    exchange.run(|| {
        let step = ActiveSpan::in_trace("step");
        step.enter();
        server.client.info("app", "in the step", ());
    });
    drop(exchange);
    let traces: Vec<_> = server.entries().iter().map(|entry| entry["trace_id"].clone()).collect();
    assert_eq!(traces, ["step", "request"]);
}

#[test]
fn a_trace_that_the_handler_sets_wins_from_then_on() {
    let server = Server::new(Options::new());
    let connection = ActiveSpan::in_trace("c".repeat(32));
    connection.enter();
    let mut exchange = server.begin_with("GET", "/", &headers(&[("x-trace-id", "first")]));
    exchange.run(|| {
        server.client.with_trace_id("between", || server.client.info("app", "between", ()));
        server.client.configure_scope(|scope| scope.set_trace_id("second"));
        server.client.info("app", "after", ());
    });
    let _ = exchange.respond(200, &HeaderMap::new(), Some(0));
    let traces: Vec<_> = server.entries().iter().map(|entry| entry["trace_id"].clone()).collect();
    assert_eq!(traces, ["first", "between", "second", "second"]);
}

/// Logs when it is dropped.
struct Guard(Client);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.info("app", "dropped", ());
    }
}

#[test]
fn what_a_handler_holds_is_dropped_in_the_scope() {
    let server = Server::new(Options::new());
    let guard = Guard(server.client.clone());
    let exchange = server.begin_with("GET", "/", &headers(&[("x-trace-id", "request")]));
    let mut handling = Box::pin(exchange.handle(async move {
        let _guard = guard;
        pending::<()>().await;
    }));
    assert!(handling.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    drop(handling);
    let entries = server.entries();
    assert_eq!((entries.len(), &entries[1]["message"]), (3, &json!("dropped")));
    assert!(entries.iter().all(|entry| entry["trace_id"] == "request"), "{entries:#?}");
}

#[test]
fn a_handler_that_is_ready_gives_what_it_gave_and_the_exchange() {
    let server = Server::new(Options::new());
    let guard = Guard(server.client.clone());
    let exchange = server.begin_with("GET", "/", &headers(&[("x-trace-id", "request")]));
    let client = server.client.clone();
    let mut handling = pin!(exchange.handle(async move {
        let _guard = guard;
        client.configure_scope(|scope| scope.set_tag("step", "handler"));
        7
    }));
    let polled = handling.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    let std::task::Poll::Ready((7, exchange)) = polled else { panic!("it is ready with another value") };
    let _ = exchange.respond(200, &HeaderMap::new(), Some(0));
    let entries = server.entries();
    assert_eq!((entries.len(), &entries[1]["message"]), (3, &json!("dropped")));
    assert!(entries.iter().all(|entry| entry["trace_id"] == "request"), "{entries:#?}");
    assert_eq!(entries[2]["metadata"]["tags"]["step"], "handler");
}

#[test]
fn what_a_body_holds_is_dropped_in_the_scope() {
    let server = Server::new(Options::new());
    let exchange = server.begin_with("GET", "/", &headers(&[("x-trace-id", "request")]));
    let sending = exchange.respond(200, &HeaderMap::new(), None).send(Guard(server.client.clone()));
    drop(sending);
    let entries = server.entries();
    assert_eq!((entries.len(), &entries[1]["message"]), (3, &json!("dropped")));
    assert!(entries.iter().all(|entry| entry["trace_id"] == "request"), "{entries:#?}");
}
