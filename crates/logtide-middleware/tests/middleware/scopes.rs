//! The scope of a request.

use http::HeaderMap;
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
