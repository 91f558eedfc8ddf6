//! Responses with a status of success that confirm nothing.

use bytes::Bytes;
use logtide_client::Client;
use logtide_tests::{
    scripted::{ScriptedServer, Step},
    setup::{TIMEOUT, client, memory_client, options},
};
use logtide_transport::{Body, ErrorKind, MemoryTransport, Reply, TransportError};

fn log(client: &Client, entries: usize) {
    for _ in 0..entries {
        client.info("svc", "hello", ());
    }
}

/// Returns the requests, and the entries sent, dropped and retried, after two entries were logged and flushed.
fn after_two(client: &Client, requests: impl Fn() -> usize) -> (usize, u64, u64, u64) {
    log(client, 2);
    client.flush_blocking(TIMEOUT);
    let metrics = client.metrics();
    (requests(), metrics.logs_sent, metrics.logs_dropped, metrics.retries)
}

#[test]
fn a_success_that_is_not_from_the_server_is_an_outage() {
    for body in
        ["<!doctype html><title>Sign in</title>", "ok", r#"{"error":"sign in"}"#, "[]", r#"{"received":2,"#]
    {
        let server = ScriptedServer::start([Step::ok(body), Step::ok(body), Step::Store]);
        let client = client(options(&server.url()));
        assert_eq!(after_two(&client, || server.requests().len()), (3, 2, 0, 2), "{body}");
        let told = client.metrics().last_error.expect("it is told");
        assert!(told.contains("status 200, but not from a LogTide server"), "{told}");
    }
}

#[test]
fn a_compressed_answer_is_an_outage() {
    let transport = MemoryTransport::new();
    transport.push(Reply::status(200).body(Bytes::from_static(b"\x1f\x8b\x08\0{\"received\":2}")));
    let client = memory_client(&transport, options("http://localhost"));
    assert_eq!(after_two(&client, || transport.requests().len()), (2, 2, 0, 1));
    assert!(client.metrics().last_error.is_some_and(|told| told.contains("a compressed body")));
}

#[test]
fn a_receipt_counts_however_much_follows_it() {
    let padding = "x".repeat(300_000);
    for body in [
        format!(r#"{{"received":2,"note":"{padding}"}}"#),
        format!(r#"{{"received":2}}{padding}"#),
        r#"{"received":2}<html>"#.to_owned(),
    ] {
        let server = ScriptedServer::start([Step::ok(&body)]);
        let client = client(options(&server.url()));
        assert_eq!(after_two(&client, || server.requests().len()), (1, 2, 0, 0));
    }
}

#[test]
fn a_receipt_counts_when_the_connection_breaks_after_it() {
    let transport = MemoryTransport::new();
    let broken = |start: &'static str| {
        let end = Err(TransportError::new(ErrorKind::Io, "reset"));
        Reply::status(200)
            .body(Body::from_chunks([Ok(Bytes::from_static(start.as_bytes())), end].into_iter()))
    };
    transport.push(broken(r#"{"received":2,"timest"#));
    let client = memory_client(&transport, options("http://localhost"));
    assert_eq!(after_two(&client, || transport.requests().len()), (1, 2, 0, 0));
    // Before the number, nothing is known.
    transport.push(broken(r#"{"rec"#));
    assert_eq!(after_two(&client, || transport.requests().len()), (3, 4, 0, 1));
    assert!(client.metrics().last_error.is_some_and(|told| told.contains("the connection failed: reset")));
}

#[test]
fn an_error_counts_however_long_its_text_is() {
    let body = "x".repeat(300_000);
    let refusal = Step::Answer { status: 413, headers: Vec::new(), body };
    let server = ScriptedServer::start([refusal]);
    let client = client(options(&server.url()));
    // The batch is split, which only this status causes.
    assert_eq!(after_two(&client, || server.requests().len()), (3, 2, 0, 0));
}

#[test]
fn nothing_received_is_a_refusal_also_without_a_list() {
    for body in [r#"{"received":0,"rejected":null}"#, r#"{"received":0}"#, r#"{"received":0,"rejected":[]}"#]
    {
        let server = ScriptedServer::start([Step::ok(body), Step::ok(body), Step::Store]);
        let client = client(options(&server.url()));
        assert_eq!(after_two(&client, || server.requests().len()), (3, 1, 1, 0), "{body}");
    }
}
