//! Requests as spans.

use http::HeaderMap;
use logtide_client::integration::ActiveSpan;
use logtide_middleware::{Options, RequestHead};
use logtide_tests::setup::options;
use serde_json::json;

use crate::setup::{Server, headers};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

fn server() -> Server {
    Server::new(Options::new().spans(true))
}

/// The attributes of the span of a request with a 200 response without a body.
fn attributes(server: &Server, head: &RequestHead<'_, HeaderMap>) -> serde_json::Value {
    let _ = server.log.begin(head).respond(200, &HeaderMap::new(), Some(0));
    json!(server.span().attributes)
}

#[test]
fn a_method_that_http_does_not_define_is_no_name() {
    for (method, route, name) in [
        ("GET", Some("/a/{b}"), "GET /a/{b}"),
        ("PATCH", None, "PATCH"),
        ("BREW", Some("/pot"), "HTTP /pot"),
        ("get", None, "HTTP"),
    ] {
        let server = server();
        let headers = HeaderMap::new();
        let head = RequestHead::new(method, "/pot", &headers).route(route.map(Into::into));
        let _ = server.log.begin(&head).respond(200, &headers, Some(0));
        let span = server.span();
        assert_eq!(span.name, name);
        let original = name.starts_with("HTTP").then(|| json!(method));
        assert_eq!(span.attributes.get("http.request.method_original"), original.as_ref());
        let method = if original.is_some() { "_OTHER" } else { method };
        assert_eq!(span.attributes["http.request.method"], method);
    }
}

#[test]
fn a_route_that_is_known_late_is_in_the_name() {
    let server = server();
    let mut exchange = server.begin("GET", "/users/7");
    exchange.set_route("/users/{id}");
    let _ = exchange.respond(200, &HeaderMap::new(), Some(0));
    let span = server.span();
    assert_eq!((&*span.name, &span.attributes["http.route"]), ("GET /users/{id}", &json!("/users/{id}")));
}

#[test]
fn the_server_is_what_the_request_names() {
    for (host, address, port) in [
        ("shop.example", Some("shop.example"), None),
        ("127.0.0.1:8080", Some("127.0.0.1"), Some(8080)),
        ("[::1]:80", Some("::1"), Some(80)),
        ("not a host", None, None),
        ("", None, None),
    ] {
        let headers = headers(&[("host", host)]);
        let found = attributes(&server(), &RequestHead::new("GET", "/", &headers));
        assert_eq!(found.get("server.address"), address.map(|address| json!(address)).as_ref(), "{host}");
        assert_eq!(found.get("server.port"), port.map(|port| json!(port)).as_ref(), "{host}");
    }
    let headers = headers(&[("host", "other")]);
    let head = RequestHead::new("GET", "/", &headers);
    let head = head.authority(Some("shop.example:8443")).scheme(Some("https")).version(Some("2"));
    let found = attributes(&server(), &head);
    assert_eq!(found["server.address"], "shop.example");
    assert_eq!(found["server.port"], 8443);
    assert_eq!(found["url.scheme"], "https");
    assert_eq!(found["network.protocol.version"], "2");
}

#[test]
fn what_is_personal_is_left_out_where_it_may_not_be_logged() {
    let headers = headers(&[("user-agent", "test/1.0")]);
    let head = RequestHead::new("GET", "/", &headers);
    let head = head.query(Some("q=1")).client_ip(Some([127, 0, 0, 1].into()));
    let names = ["user_agent.original", "url.query", "client.address"];
    let found = |settings: Options, send: bool| {
        let client_options = options("http://localhost").send_default_pii(send);
        let found = attributes(&Server::with_client_options(client_options, settings.spans(true)), &head);
        names.map(|name| found.get(name).is_some())
    };
    assert_eq!(found(Options::new(), false), [false; 3]);
    assert_eq!(found(Options::new(), true), [true; 3]);
    assert_eq!(found(Options::new().user_agent(false).client_ip(false), true), [false, true, false]);
    assert_eq!(found(Options::new().query_string(true), false), [false, true, false]);
}

#[test]
fn a_grpc_call_is_named_by_its_method_and_fails_by_its_status() {
    for (status, name, is_error) in [
        ("0", "shop.Orders/Place", false),
        ("5", "shop.Orders/Place", false),
        ("13", "shop.Orders/Place", true),
        ("12", "POST", true),
    ] {
        let server = server();
        let grpc = headers(&[("content-type", "application/grpc"), ("grpc-status", status)]);
        let _ = server.begin("POST", "/shop.Orders/Place").respond(200, &grpc, Some(0));
        let span = server.span();
        assert_eq!((&*span.name, span.status == 2), (name, is_error), "{status}");
        let number: u32 = status.parse().unwrap();
        assert_eq!(span.attributes["rpc.system"], "grpc");
        assert_eq!(span.attributes["rpc.grpc.status_code"], number);
        assert_eq!(span.attributes.get("error.type"), is_error.then(|| json!(status)).as_ref());
        let service = (status != "12").then(|| json!("shop.Orders"));
        assert_eq!(span.attributes.get("rpc.service"), service.as_ref());
    }
}

#[test]
fn a_span_is_sent_once_even_if_it_is_ended_several_times() {
    let server = server();
    let mut exchange = server.begin("GET", "/");
    exchange.fail(Some(502), &std::io::Error::other("upstream gone"));
    let mut transfer = exchange.respond(502, &HeaderMap::new(), Some(3));
    transfer.sent(3);
    transfer.complete();
    drop(transfer);
    let span = server.span();
    assert_eq!((span.status, &*span.message), (2, "upstream gone"));
    assert_eq!(span.attributes["http.response.status_code"], 502);
}

#[test]
fn a_request_without_response_entries_is_a_span_too() {
    let server = Server::new(Options::new().log_requests(false).log_responses(false).spans(true));
    let _ = server.begin("GET", "/").respond(200, &HeaderMap::new(), Some(0));
    assert_eq!(server.span().name, "GET");
    assert!(server.entries().is_empty());
}

#[test]
fn spans_in_the_handler_are_children_of_the_request() {
    let server = server();
    let mut exchange =
        server.begin_with("GET", "/", &headers(&[("traceparent", PARENT), ("tracestate", "a=1")]));
    exchange.run(|| server.client.span("inner").end());
    let _ = exchange.respond(200, &HeaderMap::new(), Some(0));
    let spans = server.spans();
    assert_eq!((spans.len(), &*spans[0].name, &*spans[1].parent), (2, "inner", "00f067aa0ba902b7"));
    assert_eq!(spans[0].parent, spans[1].span_id);
    assert!(spans.iter().all(|span| span.trace_id == TRACE && span.trace_state == "a=1"), "{spans:#?}");
}

#[test]
fn an_id_of_another_form_is_the_trace_of_entries_and_of_the_span() {
    let server = server();
    let _ = server.begin_with("GET", "/", &headers(&[("x-trace-id", "legacy-123")])).respond(
        200,
        &HeaderMap::new(),
        Some(0),
    );
    let span = server.span();
    assert_eq!((&span.attributes["trace_id"], &*span.parent), (&json!("legacy-123"), ""));
    assert!(server.entries().iter().all(|entry| entry["span_id"] == span.span_id));
    assert!(server.entries().iter().all(|entry| entry["trace_id"] == "legacy-123"));
}

#[test]
fn the_sample_rate_decides_for_a_trace_without_a_span() {
    let client_options = options("http://localhost").traces_sample_rate(0.0);
    let server = Server::with_client_options(client_options, Options::new().spans(true));
    drop(server.begin_with("GET", "/", &headers(&[("x-trace-id", TRACE)])));
    assert!(server.spans().is_empty());
}

#[test]
fn a_span_around_that_is_the_requests_own_is_not_made_twice() {
    let server = Server::new(Options::new().use_active_span(true).spans(true));
    let around = ActiveSpan::in_trace(TRACE);
    around.enter();
    let brought = headers(&[("traceparent", PARENT), ("tracestate", "a=1"), ("baggage", "b=2")]);
    let mut exchange = server.begin_with("GET", "/", &brought);
    around.exit();
    let outgoing = exchange.run(|| server.client.outgoing_headers());
    drop(exchange);
    let parent = format!("00-{TRACE}-{}-01", around.span_id());
    let expected = [("traceparent", &*parent), ("tracestate", "a=1"), ("baggage", "b=2")];
    assert_eq!(outgoing, expected.map(|(name, value)| (name, value.to_owned())));
    assert!(server.spans().is_empty());
}

#[test]
fn what_was_carried_beside_another_trace_does_not_go_out() {
    let server = server();
    let brought = headers(&[("traceparent", PARENT), ("tracestate", "a=1"), ("baggage", "b=2")]);
    let mut exchange = server.begin_with("GET", "/", &brought);
    let outgoing = exchange.run(|| {
        let span = ActiveSpan::new(TRACE, logtide_core::SpanId::from_random(7));
        span.enter();
        let of_another_system = server.client.outgoing_headers();
        span.exit();
        server.client.configure_scope(|scope| scope.set_trace_id("a".repeat(32)));
        [of_another_system, server.client.outgoing_headers()]
    });
    assert_eq!(outgoing.map(|headers| headers.len()), [3, 1]);
}
