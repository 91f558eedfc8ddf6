//! The lifetime of connections.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use logtide_devserver::{DevServer, Fault, StartError};
use serde_json::json;

use crate::client::{Client, numbered};

#[test]
fn an_idle_connection_is_closed() {
    let server =
        DevServer::builder().keep_alive(Duration::from_millis(50)).start().expect("the server starts");
    server.chaos(Fault::Slow(Duration::from_millis(150))).next(1);
    let mut client = Client::new(&server);
    assert_eq!(client.ingest(&numbered(1)).status, 200, "a request under way is not idle");
    let error = client.line().expect_err("the server closes");
    assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
}

#[test]
fn a_kept_connection_takes_many_requests_and_pipelines() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::new(&server);
    let body = numbered(1);
    let head = format!(
        "POST /api/v1/ingest HTTP/1.1\r\nHost: a\r\nX-API-Key: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        server.api_key(),
        body.len()
    );
    client.raw(format!("{head}{body}").repeat(3).as_bytes()).expect("the requests are sent");
    for _ in 0..3 {
        assert_eq!(client.answer().expect("an answer").json()["received"], 1);
    }
}

#[test]
fn a_taken_address_is_an_error() {
    let server = DevServer::start().expect("the server starts");
    let error = DevServer::builder().address(server.address()).start().expect_err("the address is taken");
    assert!(matches!(&error, StartError::Bind { address, .. } if *address == server.address()));
    assert!(std::error::Error::source(&error).is_some());
}

#[test]
fn a_server_can_come_back_at_its_address() {
    let server = DevServer::start().expect("the server starts");
    let address = server.address();
    let mut client = Client::new(&server);
    assert_eq!(client.ingest(&numbered(1)).status, 200);
    server.shutdown();
    assert!(client.try_ingest(&numbered(1)).is_err());
    let server = DevServer::builder().address(address).start().expect("the address is free again");
    assert_eq!(Client::new(&server).ingest(&numbered(1)).status, 200);
}

#[test]
fn a_browser_is_let_in_from_anywhere() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::with_key(server.address(), None);
    let headers = [("Origin", "http://localhost:3000"), ("Access-Control-Request-Headers", "x-api-key")];
    let answer = client.request("OPTIONS", "/api/v1/ingest", &headers, b"").expect("an answer");
    assert_eq!((answer.status, answer.header("access-control-allow-headers")), (204, Some("x-api-key")));
    assert_eq!(answer.header("access-control-allow-origin"), Some("http://localhost:3000"));
}

#[test]
fn an_open_stream_does_not_keep_the_server() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::new(&server);
    let head =
        format!("GET /api/v1/logs/stream HTTP/1.1\r\nHost: a\r\nX-API-Key: {}\r\n\r\n", server.api_key());
    client.raw(head.as_bytes()).expect("the request is sent");
    assert_eq!(client.head().expect("an answer").status, 200);
    let start = Instant::now();
    drop(server);
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn rubbish_does_not_hurt() {
    let server = DevServer::start().expect("the server starts");
    let key = server.api_key();
    for rubbish in [
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        b"\0\xff\x16\x03\x01\r\n\r\n".to_vec(),
        format!("GET /api/v1/logs/trace/%ff HTTP/1.1\r\nHost: a\r\nX-API-Key: {key}\r\n\r\n").into_bytes(),
        format!(
            "GET /api/v1/logs?q=%ff&service=%00&cursor=%00 HTTP/1.1\r\nHost: a\r\nX-API-Key: {key}\r\n\r\n"
        )
        .into(),
        format!("POST /api/v1/ingest HTTP/1.1\r\nHost: a\r\nX-API-Key: {key}\r\nContent-Length: 9\r\n\r\n{{")
            .into(),
    ] {
        let mut client = Client::new(&server);
        client.raw(&rubbish).expect("the bytes are sent");
    }
    let mut client = Client::new(&server);
    for body in [
        "[[[",
        "{\"logs\":[{\"time\":\"\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\"}]}",
        "\"\\u\"",
        "[1e999999]",
        "-",
    ] {
        let answer = Client::new(&server).ingest(body);
        assert!(answer.status == 400 || answer.status == 200, "{body}: {}", answer.text);
    }
    assert_eq!(client.ingest(&numbered(1)).json()["received"], json!(1));
}

#[tokio::test]
async fn it_works_inside_a_runtime() {
    let server = DevServer::start().expect("the server starts");
    let url = server.url().to_owned();
    assert_eq!(url, format!("http://{}", server.address()));
    let (address, key) = (server.address(), server.api_key().to_owned());
    let sent =
        tokio::task::spawn_blocking(move || Client::with_key(address, Some(&key)).ingest(&numbered(2)));
    assert_eq!(sent.await.expect("no panic").status, 200);
    assert_eq!(server.stored_count(), 2);
}
