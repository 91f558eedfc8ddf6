//! Server-sent events.

use std::collections::BTreeSet;

use logtide_devserver::DevServer;
use serde_json::{Value, json};

use crate::client::{Client, batch, numbered};

/// An open stream.
struct Events(Client);

impl Events {
    fn open(server: &DevServer, query: &str) -> Self {
        let mut client = Client::new(server);
        let path = format!("/api/v1/logs/stream{query}");
        client
            .raw(
                format!("GET {path} HTTP/1.1\r\nHost: a\r\nX-API-Key: {}\r\n\r\n", server.api_key())
                    .as_bytes(),
            )
            .expect("the request is sent");
        let head = client.head().expect("an answer");
        assert_eq!((head.status, head.header("content-type")), (200, Some("text/event-stream")));
        assert_eq!(head.header("cache-control"), Some("no-cache"));
        assert_eq!(head.header("connection"), Some("keep-alive"));
        assert_eq!(head.header("access-control-allow-origin"), Some("*"));
        assert_eq!(head.header("x-ratelimit-limit"), None);
        let mut events = Self(client);
        assert_eq!(events.next().expect("an event")["type"], "connected");
        events
    }

    /// Returns the next event; `None` for a heartbeat.
    fn next(&mut self) -> Option<Value> {
        loop {
            let line = self.0.line().expect("the stream goes on");
            if line == ": heartbeat" {
                return None;
            }
            if let Some(data) = line.strip_prefix("data: ") {
                return Some(serde_json::from_str(data).expect("JSON"));
            }
        }
    }

    /// Returns the messages up to the next heartbeat.
    fn messages(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.next())
            .map(|event| event["data"]["message"].as_str().expect("a message").to_owned())
            .collect()
    }
}

#[test]
fn an_entry_comes_in_its_envelope() {
    let server = DevServer::start().expect("the server starts");
    let mut events = Events::open(&server, "?service=probe&level=warn");
    Client::new(&server).ingest(&batch(&[
        json!({"level": "warn", "metadata": {"a": 1}, "trace_id": "tt"}),
        json!({"level": "error"}),
        json!({"level": "warn", "service": "other"}),
    ]));
    let event = std::iter::repeat_with(|| events.next()).flatten().next().expect("an event");
    assert_eq!(event["type"], "log");
    let data = &event["data"];
    assert_eq!(
        (&data["message"], &data["metadata"], &data["traceId"]),
        (&json!("hello"), &json!({"a": 1}), &json!("tt"))
    );
    assert_eq!((&data["sessionId"], data.get("spanId")), (&Value::Null, None));
    assert_eq!(events.messages().len(), 0, "neither sent again nor the others sent");
}

#[test]
fn a_burst_is_cut_to_the_newest_100() {
    let server = DevServer::start().expect("the server starts");
    let mut events = Events::open(&server, "");
    let start = chrono::Utc::now().timestamp_millis();
    let entry = |number: i64| {
        let time = chrono::DateTime::from_timestamp_millis(start + number).expect("a time");
        json!({"message": number.to_string(), "time": time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)})
    };
    Client::new(&server).ingest(&batch(&(0..350).map(entry).collect::<Vec<_>>()));
    let mut messages = Vec::new();
    while messages.len() < 100 {
        messages.extend(events.messages());
    }
    let newest: Vec<_> = (250..350).rev().map(|number| number.to_string()).collect();
    assert_eq!(messages, newest);
    assert_eq!(events.messages(), Vec::<String>::new());
}

#[test]
fn entries_before_the_connection_do_not_come() {
    let server = DevServer::start().expect("the server starts");
    let mut events = Events::open(&server, "");
    let mut client = Client::new(&server);
    client.ingest(&batch(&[
        json!({"message": "old", "time": "2026-01-01T00:00:00Z"}),
        json!({"message": "new"}),
    ]));
    let first = std::iter::repeat_with(|| events.next()).flatten().next().expect("an event");
    assert_eq!(first["data"]["message"], "new");
}

#[test]
fn without_loss_everything_comes_once_in_the_order_of_arrival() {
    let server = DevServer::start().expect("the server starts");
    server.stream_loss(false);
    let mut events = Events::open(&server, "");
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut client = Client::new(&server);
            for _ in 0..3 {
                client.ingest(&numbered(1000));
            }
        });
        let mut messages = Vec::new();
        let mut ids = BTreeSet::new();
        while messages.len() < 3000 {
            if let Some(event) = events.next() {
                messages.push(event["data"]["message"].as_str().expect("a message").to_owned());
                ids.insert(event["data"]["id"].to_string());
            }
        }
        let expected: Vec<_> = (0..3000).map(|number| format!("message {}", number % 1000)).collect();
        assert_eq!((messages == expected, ids.len()), (true, 3000));
    });
}

#[test]
fn refusals_are_ordinary_answers() {
    let server = DevServer::start().expect("the server starts");
    for (key, query, status) in [
        (None, "", 401),
        (Some(server.write_key()), "", 403),
        (Some(server.api_key()), "?service=a&service=b", 400),
        (Some(server.api_key()), "?level=info&level=warn", 400),
    ] {
        let answer = Client::with_key(server.address(), key).get(&format!("/api/v1/logs/stream{query}"));
        assert_eq!(answer.status, status);
        assert!(answer.json()["error"].is_string());
    }
}
