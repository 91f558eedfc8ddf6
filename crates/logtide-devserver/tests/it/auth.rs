//! Which keys are accepted, and the responses to others.

use std::time::Duration;

use logtide_devserver::{DevServer, KeyKind};

use crate::client::{Client, numbered};

#[test]
fn ingest_tells_nothing_and_reads_tell_a_reason() {
    let server = DevServer::start().expect("the server starts");
    let key = server.api_key().to_owned();
    let bearer = format!("Bearer {key}");
    let with_token = format!("?token={key}");
    for (key, header, query, message) in [
        (None, None, "", "Invalid API key"),
        (Some(""), None, "", "Invalid API key"),
        (Some("lp_wrong"), None, "", "Invalid API key"),
        (None, Some(bearer.as_str()), "", "Invalid or expired session token"),
        (None, None, with_token.as_str(), "Invalid or expired session token"),
        (Some(key.as_str()), None, with_token.as_str(), "Invalid or expired session token"),
    ] {
        let mut client = Client::with_key(server.address(), key);
        let mut headers = vec![("Content-Type", "application/json")];
        headers.extend(header.map(|value| ("Authorization", value)));
        let path = format!("/api/v1/ingest{query}");
        let sent = client.request("POST", &path, &headers, numbered(1).as_bytes()).expect("an answer");
        assert_eq!((sent.status, sent.text.as_str()), (401, r#"{"error":"Unauthorized"}"#));
        assert_eq!(sent.header("x-ratelimit-limit"), None);
        let read = client.request("GET", &format!("/api/v1/logs{query}"), &headers, b"").expect("an answer");
        assert_eq!(read.status, 401);
        assert_eq!(read.text, format!(r#"{{"error":"Unauthorized","message":"{message}"}}"#));
        let unknown = client.request("GET", &format!("/x{query}"), &headers, b"").expect("an answer");
        assert_eq!(unknown.status, 401);
    }
    assert_eq!(server.stored_count(), 0);
}

#[test]
fn a_refused_key_keeps_the_connection_after_a_large_body() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::with_key(server.address(), Some("lp_wrong"));
    let body = " ".repeat(3_000_000);
    for _ in 0..2 {
        assert_eq!(client.ingest(&body).status, 401);
    }
}

#[test]
fn a_write_key_sends_and_does_not_read() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::with_key(server.address(), Some(server.write_key()));
    assert_eq!(client.ingest(&numbered(1)).status, 200);
    let read = client.get("/api/v1/logs");
    assert_eq!(read.status, 403);
    assert_eq!(
        read.text,
        r#"{"error":"Forbidden","message":"This API key has write-only access. Use a full-access key to query logs."}"#
    );
}

#[test]
fn keys_can_be_chosen() {
    let server = DevServer::builder().api_key("lp_mine", KeyKind::Full).start().expect("the server starts");
    assert_eq!(server.api_key(), "lp_mine");
    assert_eq!(server.write_key().len(), 67);
    assert!(!format!("{server:?}").contains("lp_"));
    assert_eq!(Client::new(&server).get("/api/v1/logs").status, 200);
}

#[test]
fn another_project_is_forbidden_and_an_unknown_route_is_not_found() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::new(&server);
    let other = client.get("/api/v1/logs?projectId=0af76519-16cd-43dd-8448-eb211c80319c");
    assert_eq!((other.status, other.text.as_str()), (403, r#"{"error":"forbidden"}"#));
    let unknown = client.request("POST", "/x", &[], b"").expect("an answer");
    let body = r#"{"message":"Route POST:/x not found","error":"Not Found","statusCode":404}"#;
    assert_eq!((unknown.status, unknown.json()), (404, serde_json::from_str(body).expect("JSON")));
    let method = client.get("/api/v1/ingest");
    assert_eq!(method.status, 404);
}

#[test]
fn health_needs_no_key() {
    let server = DevServer::start().expect("the server starts");
    let health = Client::with_key(server.address(), None).get("/health");
    assert_eq!((health.status, &health.json()["status"]), (200, &"ok".into()));
}

#[test]
fn the_rate_limit_is_told_and_kept() {
    let server =
        DevServer::builder().rate_limit(2, Duration::from_secs(600)).start().expect("the server starts");
    let mut client = Client::new(&server);
    for left in ["1", "0"] {
        let answer = client.ingest(&numbered(1));
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("x-ratelimit-limit"), Some("2"));
        assert_eq!(answer.header("x-ratelimit-remaining"), Some(left));
    }
    let limited = client.ingest(&numbered(1));
    assert_eq!(limited.status, 429);
    let seconds = limited.header("retry-after").expect("retry-after").to_owned();
    assert_eq!(limited.header("x-ratelimit-reset"), Some(seconds.as_str()));
    assert_eq!(limited.json()["error"], format!("Rate limit exceeded, retry in {seconds} seconds"));
    assert_eq!(client.get("/api/v1/logs").status, 200, "each route has its own bucket");
    let mut other = Client::with_key(server.address(), Some(server.write_key()));
    assert_eq!(other.ingest(&numbered(1)).status, 200, "each key has its own bucket");
    assert_eq!(server.stored_count(), 3);
}
