//! A log is one request in the server's format.

use logtide_tests::{
    scripted::{ScriptedServer, Step},
    setup::{TIMEOUT, client, options},
};
use serde_json::json;

#[test]
fn c01_a_log_is_one_post_with_the_key_in_its_header() {
    let server = ScriptedServer::start([]);
    let client = client(options(&server.url()));
    client.info("svc", "hello", json!({"k": "v"}));
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let requests = server.requests();
    let [request] = &requests[..] else { panic!("{} requests", requests.len()) };
    assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/api/v1/ingest"));
    assert_eq!(request.header("x-api-key"), Some("lp_k"));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!((request.header("authorization"), request.header("content-encoding")), (None, None));
    let entries = request.entries();
    let [entry] = &entries[..] else { panic!("{} entries", entries.len()) };
    assert_eq!(entry["service"], "svc");
    assert_eq!(entry["level"], "info");
    assert_eq!(entry["message"], "hello");
    assert_eq!(entry["metadata"]["k"], "v");
    let sdk = json!({"name": "logtide-rust", "version": env!("CARGO_PKG_VERSION")});
    assert_eq!(entry["metadata"]["sdk"], sdk);
}

#[test]
fn c01_a_base_address_may_have_a_path_and_slashes() {
    for (suffix, path) in [
        ("/", "/api/v1/ingest"),
        ("/logtide", "/logtide/api/v1/ingest"),
        ("/logtide//", "/logtide/api/v1/ingest"),
        ("/api/v1/ingest", "/api/v1/ingest"),
    ] {
        let server = ScriptedServer::start([]);
        let client = client(options(&format!("{}{suffix}", server.url())));
        client.info("svc", "hello", ());
        assert!(client.flush_blocking(TIMEOUT).is_complete());
        assert_eq!(server.requests()[0].path, path);
    }
}

#[test]
fn c01_a_callers_sdk_field_is_left_alone() {
    let server = ScriptedServer::start([]);
    let client = client(options(&server.url()));
    client.info("svc", "hello", [("sdk", "custom")]);
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    assert_eq!(server.requests()[0].entries()[0]["metadata"], json!({"sdk": "custom"}));
}

#[test]
fn c01_the_five_levels_leave_in_one_request() {
    let server = ScriptedServer::start([]);
    let client = client(options(&server.url()));
    client.debug("svc", "m", ());
    client.info("svc", "m", ());
    client.warn("svc", "m", ());
    client.error("svc", "m", ());
    client.critical("svc", "m", ());
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let entries = server.requests()[0].entries();
    let levels: Vec<_> = entries.iter().map(|entry| &entry["level"]).collect();
    assert_eq!(levels, ["debug", "info", "warn", "error", "critical"]);
}

#[test]
fn c01_a_flush_of_nothing_sends_nothing() {
    let server = ScriptedServer::start([]);
    let client = client(options(&server.url()));
    client.info("svc", "hello", ());
    for _ in 0..3 {
        assert!(client.flush_blocking(TIMEOUT).is_complete());
    }
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn c01_a_200_is_a_success_with_a_receipt_or_without_a_word() {
    let bodies = ["", "{}", r#"{"received":1,"timestamp":"x"}"#];
    let server = ScriptedServer::start(bodies.map(Step::ok));
    let client = client(options(&server.url()));
    for body in bodies {
        client.info("svc", "hello", ());
        assert!(client.flush_blocking(TIMEOUT).is_complete(), "{body}");
    }
    let metrics = client.metrics();
    assert_eq!((metrics.logs_sent, metrics.retries), (bodies.len() as u64, 0));
}
