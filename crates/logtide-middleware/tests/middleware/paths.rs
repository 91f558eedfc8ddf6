//! Paths under another name.

use http::HeaderMap;
use logtide_client::ClientOptions;
use logtide_middleware::{Options, OutgoingRequest, PathName, RequestHead};
use logtide_tests::setup::options;
use serde_json::json;

use crate::setup::{Server, assert_timed};

fn named() -> Options {
    Options::new().path_name(|request| match request.path().strip_prefix("/reset/") {
        Some(_) => "/reset/{token}".into(),
        None => request.path().into(),
    })
}

#[test]
fn a_failure_has_the_name_of_its_path() {
    let server = Server::new(named());
    server.begin("GET", "/reset/SECRET").fail(None, &std::fmt::Error);
    drop(server.begin("GET", "/reset/SECRET"));
    let entries = server.entries();
    assert!(entries.iter().all(|entry| entry["metadata"]["path"] == "/reset/{token}"), "{entries:#?}");
    assert_timed(&entries[3], "GET /reset/{token} cancelled (", "ms)");
    assert!(!json!(entries).to_string().contains("SECRET"));
}

#[test]
fn a_function_that_panics_reveals_nothing_of_the_path() {
    let server = Server::new(Options::new().spans(true).path_name(|_| panic!("expected in this test")));
    let _ = server.begin("GET", "/reset/SECRET").respond(200, &HeaderMap::new(), Some(0));
    let entries = server.entries();
    assert_eq!(entries[0]["message"], "GET [REDACTED]");
    assert_eq!(server.span().attributes["url.path"], "[REDACTED]");
    assert!(!json!(entries).to_string().contains("SECRET"));
}

#[test]
fn a_route_that_is_known_late_names_the_path_anew() {
    let by_route = Options::new().spans(true).path_name(|request| request.route().unwrap_or("?").into());
    let server = Server::new(by_route);
    let mut exchange = server.begin("GET", "/users/7");
    exchange.set_route("/users/{id}");
    exchange.set_route("/users/{id}/{rest..}");
    let _ = exchange.respond(200, &HeaderMap::new(), Some(0));
    let entries = server.entries();
    assert_eq!(entries[0]["message"], "GET ?");
    assert_timed(&entries[1], "GET /users/{id}/{rest..} 200 (", "ms)");
    assert_eq!(entries[1]["metadata"]["route"], "/users/{id}/{rest..}");
    let span = server.span();
    assert_eq!(
        (&*span.name, &span.attributes["url.path"]),
        ("GET /users/{id}/{rest..}", &json!("/users/{id}/{rest..}"))
    );
}

#[test]
fn paths_are_skipped_by_what_they_are_and_by_what_they_are_called() {
    let server = Server::new(named().also_skip(["/reset/{token}"]));
    for path in ["/health", "/reset/SECRET"] {
        let _ = server.begin("GET", path).respond(200, &HeaderMap::new(), Some(0));
    }
    assert!(server.entries().is_empty());
    let renamed = Server::new(Options::new().path_name(|_| "/".into()));
    let _ = renamed.begin("GET", "/health").respond(200, &HeaderMap::new(), Some(0));
    assert!(renamed.entries().is_empty());
}

#[test]
fn options_are_equal_where_the_function_is_the_same_one() {
    let options = named();
    assert_eq!(options, options.clone());
    assert_ne!(options, named());
    assert_ne!(options, Options::new());
    assert!(format!("{options:?}").contains("PathName"));
}

#[test]
fn an_outgoing_request_has_the_name_of_its_path_in_the_address() {
    let client_options: ClientOptions = options("http://localhost").send_default_pii(true);
    let server = Server::with_client_options(client_options, Options::new());
    let name = PathName::new(|request| {
        assert_eq!((request.method(), request.path(), request.route()), ("POST", "/botSECRET/send", None));
        "/bot{token}/send".into()
    });
    let uri = "https://user:SECRET@api.example/botSECRET/send?q=1".parse().unwrap();
    let mut headers = HeaderMap::new();
    let request = OutgoingRequest::begin_named(&server.client, "POST", &uri, &name, &mut headers).unwrap();
    request.respond(200, &HeaderMap::new(), None);
    assert!(headers.contains_key("traceparent"));
    assert_eq!(server.span().attributes["url.full"], "https://api.example/bot{token}/send?q=1");
    assert!(OutgoingRequest::begin_named(&server.client, "POST", &uri, &name, &mut headers).is_none());
}

#[test]
fn the_route_of_the_head_is_what_the_function_sees() {
    let by_route =
        Options::new().path_name(|request| format!("[{}]", request.route().unwrap_or("none")).into());
    let server = Server::new(by_route);
    let headers = HeaderMap::new();
    drop(server.log.begin(&RequestHead::new("GET", "/users/7", &headers).route(Some("/users/{id}".into()))));
    let entries = server.entries();
    assert_eq!(entries[0]["message"], "GET [/users/{id}]");
    assert_eq!(entries[1]["metadata"]["path"], "[/users/{id}]");
}
