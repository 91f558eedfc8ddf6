//! Batches of entries.

use std::io::ErrorKind;
use std::time::Duration;

use logtide_devserver::{Database, DevServer};
use serde_json::{Value, json};

use crate::client::{Client, batch, numbered};

const INVALID: &str = r#"{"error":"Validation error","details":{}}"#;

#[test]
fn a_batch_is_stored_as_sent() {
    let server = DevServer::start().expect("the server starts");
    let answer = Client::new(&server).ingest(&batch(&[json!({
        "time": "2026-11-22T09:56:31.3429Z",
        "level": "critical",
        "metadata": {"b": 1.5, "a": {"c": [true, null]}},
        "trace_id": "T", "span_id": "b7ad6b7169203331", "session_id": "5f0c6f7e-0c1a-4d0a-9d8e-2c3b4a5d6e7f",
    })]));
    assert_eq!((answer.status, &answer.json()["received"]), (200, &json!(1)));
    let stored = &server.stored()[0];
    assert_eq!(stored.time.to_rfc3339(), "2026-11-22T09:56:31.342+00:00");
    assert_eq!(
        (stored.service.as_str(), stored.level.as_str(), stored.message.as_str()),
        ("probe", "critical", "hello")
    );
    assert_eq!(stored.metadata, Some(json!({"b": 1.5, "a": {"c": [true, null]}})));
    assert_eq!(stored.trace_id.as_deref(), Some("T"));
    assert_eq!(stored.span_id.as_deref(), Some("b7ad6b7169203331"));
    assert_eq!(stored.session_id.as_deref(), Some("5f0c6f7e-0c1a-4d0a-9d8e-2c3b4a5d6e7f"));
}

#[test]
fn one_bad_entry_refuses_the_batch_and_keeps_the_connection() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::new(&server);
    for bad in
        [json!({"level": "fatal"}), json!({"metadata": null}), json!({"time": "2026-11-22T09:00:00+00:00"})]
    {
        let answer = client.ingest(&batch(&[json!({}), bad]));
        assert_eq!((answer.status, answer.text.as_str()), (400, INVALID));
    }
    assert_eq!(client.ingest(&numbered(1000)).json()["received"], 1000);
    assert_eq!(client.ingest(&numbered(1001)).text, INVALID);
    assert_eq!(server.stored_count(), 1000);
    let sizes: Vec<_> = server.requests().ingest.iter().map(|request| request.entries).collect();
    assert_eq!(sizes, [2, 2, 2, 1000, 1001]);
    assert_eq!(server.requests().by_status.into_iter().collect::<Vec<_>>(), [(200, 1), (400, 4)]);
}

#[test]
fn an_entry_the_database_refuses_takes_its_batch_behind_a_200() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::new(&server);
    for metadata in [r#"{"a\u0000":1}"#, r#"{"a":"\ud800"}"#] {
        let entry = |metadata: &str| {
            format!(r#"{{"service":"s","level":"info","message":"m","metadata":{metadata}}}"#)
        };
        let answer = client.ingest(&format!("{{\"logs\":[{},{}]}}", entry("{}"), entry(metadata)));
        assert_eq!((answer.status, &answer.json()["received"]), (200, &json!(0)), "{metadata}");
    }
    assert_eq!(server.stored_count(), 0);
}

#[test]
fn bodies_that_are_no_json_batch_are_told_apart() {
    let server = DevServer::start().expect("the server starts");
    let json_type = Some("application/json");
    let line = r#"{"service":"s","level":"info","message":"m"}"#;
    let lines = format!("{line}\n{line}\n");
    let deep =
        format!(r#"{{"logs":[{{"metadata":{{"a":{}1{}}}}}]}}"#, "[".repeat(20_000), "]".repeat(20_000));
    let gzip = b"\x1f\x8b\x08\0\0\0\0\0".as_slice();
    let mismatch = r#"{"error":"Request body size did not match Content-Length"}"#;
    for (content_type, body, status, text) in [
        (json_type, b"".as_slice(), 400, INVALID),
        (json_type, b"{}", 400, INVALID),
        (json_type, b"null", 400, INVALID),
        (json_type, lines.as_bytes(), 400, INVALID),
        (Some("application/x-ndjson"), lines.as_bytes(), 400, INVALID),
        (Some("text/plain"), line.as_bytes(), 400, INVALID),
        (None, line.as_bytes(), 415, ""),
        (json_type, b"{\"logs\":[", 400, r#"{"error":"Invalid JSON: Unexpected end of JSON input"}"#),
        (json_type, gzip, 400, mismatch),
        (json_type, b"{\"logs\":\"\xff\"}", 400, mismatch),
        (json_type, deep.as_bytes(), 500, r#"{"error":"Internal Server Error","statusCode":500}"#),
    ] {
        let headers: Vec<_> = content_type.map(|value| ("Content-Type", value)).into_iter().collect();
        let answer =
            Client::new(&server).request("POST", "/api/v1/ingest", &headers, body).expect("an answer");
        assert_eq!(answer.status, status, "{}", answer.text);
        if !text.is_empty() {
            let expected: Value = serde_json::from_str(text).expect("JSON");
            assert_eq!(answer.json(), expected);
        }
    }
}

#[test]
fn malformed_json_ends_the_connection() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::new(&server);
    assert_eq!(client.ingest("{").status, 400);
    let end = client.line().expect_err("the server closes");
    assert_eq!(end.kind(), ErrorKind::UnexpectedEof);
}

#[test]
fn a_body_over_50_mib_is_refused_before_it_is_read() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::new(&server);
    let headers = [("Content-Type", "application/json"), ("Content-Length", "53000000")];
    let answer = client.request("POST", "/api/v1/ingest", &headers, b"{").expect("an answer");
    assert_eq!((answer.status, answer.header("connection")), (413, Some("close")));
    let body = json!({"statusCode": 413, "error": "Request body is too large", "code": "FST_ERR_CTP_BODY_TOO_LARGE"});
    assert_eq!(answer.json(), body);
}

#[test]
fn deep_metadata_and_byte_order_marks_and_chunks_are_taken() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::new(&server);
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(4_000), "]".repeat(4_000));
    let body = format!(
        "\u{feff}{{\"logs\":[{{\"service\":\"s\",\"level\":\"info\",\"message\":\"m\",\"metadata\":{deep}}}]}}"
    );
    assert_eq!(client.ingest(&body).json()["received"], 1);
    assert_eq!(server.stored()[0].metadata, Some(Value::String(deep)));
    let body = numbered(1);
    let chunked = format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    client
        .raw(
            format!(
                "POST /api/v1/ingest HTTP/1.1\r\nHost: a\r\nX-API-Key: {}\r\nContent-Type: application/json; charset=utf-8\r\n\
                 Transfer-Encoding: chunked\r\n\r\n{chunked}",
                server.api_key()
            )
            .as_bytes(),
        )
        .expect("the request is sent");
    assert_eq!(client.answer().expect("an answer").json()["received"], 1);
}

#[test]
fn every_answer_carries_the_servers_headers() {
    let server = DevServer::start().expect("the server starts");
    let answer = Client::new(&server).ingest(&numbered(1));
    for (name, value) in [
        ("vary", "Origin"),
        ("access-control-allow-credentials", "true"),
        ("connection", "keep-alive"),
        ("keep-alive", "timeout=72"),
        ("content-type", "application/json; charset=utf-8"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
}

#[test]
fn waiting_for_entries_ends_when_they_are_there() {
    let server = DevServer::start().expect("the server starts");
    assert!(!server.wait_for_stored(1, Duration::ZERO));
    std::thread::scope(|scope| {
        scope.spawn(|| Client::new(&server).ingest(&numbered(3)));
        assert!(server.wait_for_stored(3, Duration::from_secs(20)));
        assert!(server.wait_for_requests(1, Duration::from_secs(20)));
    });
    server.reset();
    assert_eq!((server.stored_count(), server.stored().len(), server.requests().total), (0, 0, 0));
}

#[test]
fn a_file_keeps_its_entries() {
    let folder = std::env::temp_dir().join(format!("logtide-devserver-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let file = folder.join("entries.db");
    for expected in [2, 4] {
        let builder = DevServer::builder().database(Database::File(file.clone()));
        let server = builder.start().expect("the server starts");
        Client::new(&server).ingest(&numbered(2));
        assert_eq!((server.stored_count(), server.stored().len()), (expected, expected as usize));
        assert_eq!(Client::new(&server).get("/api/v1/logs?q=messages").messages().len(), expected as usize);
        server.shutdown();
    }
    std::fs::remove_dir_all(&folder).expect("the folder can be removed");
}
