//! Captured headers, and headers that are never logged.

use logtide_client::ClientOptions;
use logtide_core::Redaction;
use logtide_middleware::Options;
use serde_json::json;

use crate::setup::{Server, headers};

const ASKED: [&str; 9] = [
    "X-Request-Id",
    "accept",
    "authorization",
    "Cookie",
    "set-cookie",
    "x-api-key",
    "x-auth-token",
    "proxy-authorization",
    "x-csrf-token",
];

const SENT: [(&str, &str); 10] = [
    ("x-request-id", "abc123"),
    ("accept", "text/html"),
    ("accept", "text/plain"),
    ("authorization", "SECRET"),
    ("cookie", "SECRET"),
    ("set-cookie", "SECRET"),
    ("x-api-key", "SECRET"),
    ("x-auth-token", "SECRET"),
    ("proxy-authorization", "SECRET"),
    ("x-other", "not asked for"),
];

#[test]
fn the_headers_that_were_asked_for_are_logged_and_secrets_never() {
    let redaction_off = ClientOptions::new("http://localhost", "lp_k").redaction(Redaction::off());
    let server = Server::with_client_options(
        redaction_off,
        Options::new().capture_headers(ASKED).capture_response_headers(ASKED),
    );
    let _ = server.begin_with("GET", "/", &headers(&SENT)).respond(200, &headers(&SENT), Some(0));
    let entries = server.entries();
    let expected = json!({"x-request-id": "abc123", "accept": "text/html, text/plain"});
    assert_eq!(entries[0]["metadata"]["headers"], expected);
    assert_eq!(entries[1]["metadata"]["response_headers"], expected);
    assert!(!json!(entries).to_string().contains("SECRET"));
}

#[test]
fn headers_that_look_like_secrets_are_redacted() {
    let server = Server::new(Options::new().capture_headers(ASKED));
    let _ = server.begin_with("GET", "/", &headers(&[("x-csrf-token", "SECRET")])).respond(
        200,
        &headers(&[]),
        Some(0),
    );
    assert_eq!(server.entries()[0]["metadata"]["headers"], json!({"x-csrf-token": "[REDACTED]"}));
}

#[test]
fn a_second_traceparent_counts_though_it_is_no_text() {
    let mut fields = headers(&[("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]);
    let server = Server::new(Options::new());
    drop(server.begin_with("GET", "/", &fields));
    fields.append("traceparent", http::HeaderValue::from_bytes(b"\xff\xfe").unwrap());
    drop(server.begin_with("GET", "/", &fields));
    let entries = server.entries();
    assert_eq!(entries[0]["trace_id"], "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_ne!(entries[2]["trace_id"], entries[0]["trace_id"]);
}

#[test]
fn a_value_that_is_no_text_is_left_out() {
    let mut fields = headers(&[("accept", "text/html")]);
    fields.append("accept", http::HeaderValue::from_bytes(b"\xff\xfe").unwrap());
    let server = Server::new(Options::new().capture_headers(["accept", "x-request-id"]));
    drop(server.begin_with("GET", "/", &fields));
    assert_eq!(server.entries()[0]["metadata"]["headers"], json!({"accept": "text/html"}));
}

#[test]
fn all_headers_are_logged_but_the_sensitive_ones() {
    let redaction_off = ClientOptions::new("http://localhost", "lp_k").redaction(Redaction::off());
    let all = Options::new().capture_all_headers().capture_all_response_headers();
    let server = Server::with_client_options(redaction_off, all);
    let _ = server.begin_with("GET", "/", &headers(&SENT)).respond(200, &headers(&SENT), Some(0));
    let entries = server.entries();
    let expected =
        json!({"accept": "text/html, text/plain", "x-other": "not asked for", "x-request-id": "abc123"});
    assert_eq!(entries[0]["metadata"]["headers"], expected);
    assert_eq!(entries[1]["metadata"]["response_headers"], expected);
}
