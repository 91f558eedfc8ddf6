//! Requests over OTLP: encodings, responses and limits.

mod fields;

use std::io::{ErrorKind, Write};
use std::time::Duration;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use logtide_devserver::{DevServer, Fault};
use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::protobuf;

pub(crate) const LOGS: &str = "/v1/otlp/logs";
pub(crate) const TRACES: &str = "/v1/otlp/traces";

/// The responses to requests without rejected records.
pub(crate) const LOGS_TAKEN: &str = r#"{"partialSuccess":{"rejectedLogRecords":0,"errorMessage":""}}"#;
pub(crate) const SPANS_TAKEN: &str = r#"{"partialSuccess":{"rejectedSpans":0,"errorMessage":""}}"#;

const JSON: (&str, &str) = ("Content-Type", "application/json");
const PROTOBUF: (&str, &str) = ("Content-Type", "application/x-protobuf");
const GZIP: (&str, &str) = ("Content-Encoding", "gzip");

/// Sends JSON over OTLP.
pub(crate) fn post(client: &mut Client, path: &str, body: &Value) -> Answer {
    client.request("POST", path, &[JSON], body.to_string().as_bytes()).expect("an answer")
}

/// Returns a request with records of one service.
pub(crate) fn records(records: &[Value]) -> Value {
    let service = json!({"key": "service.name", "value": {"stringValue": "probe"}});
    json!({"resourceLogs": [{"resource": {"attributes": [service]}, "scopeLogs": [{"logRecords": records}]}]})
}

/// Returns a request with spans of one service.
pub(crate) fn spans(service: &str, spans: &[Value]) -> Value {
    let service = json!({"key": "service.name", "value": {"stringValue": service}});
    json!({"resourceSpans": [{"resource": {"attributes": [service]}, "scopeSpans": [{"spans": spans}]}]})
}

/// Returns a record with a message.
pub(crate) fn record(message: &str) -> Value {
    json!({"severityNumber": 9, "body": {"stringValue": message}})
}

/// Returns a span with a name.
pub(crate) fn span(id: &str, name: &str) -> Value {
    json!({"traceId": "0af7651916cd43dd8448eb211c80319c", "spanId": id, "name": name, "kind": 1})
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory can be written to");
    encoder.finish().expect("memory can be written to")
}

#[test]
fn every_encoding_is_taken_from_a_key_that_only_sends() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::with_key(server.address(), Some(server.write_key()));
    let text = records(&[record("hello")]).to_string();
    let message = protobuf::field(1, "hello");
    let name = protobuf::pair("service.name", &protobuf::field(1, "probe"));
    let record = [protobuf::number(2, 9), protobuf::field(5, message)].concat();
    let proto = protobuf::logs(&protobuf::field(1, name), &[], &record);
    let official = ("Content-Type", "application/protobuf");
    let charset = ("Content-Type", "application/json; charset=utf-8");
    for (headers, body) in [
        (&[JSON][..], text.clone().into_bytes()),
        (&[charset], text.clone().into_bytes()),
        (&[JSON, GZIP], gzip(text.as_bytes())),
        (&[JSON], gzip(text.as_bytes())),
        (&[PROTOBUF], proto.clone()),
        (&[official], proto.clone()),
        (&[PROTOBUF, GZIP], gzip(&proto)),
        (&[PROTOBUF], gzip(&proto)),
    ] {
        server.reset();
        let answer = client.request("POST", LOGS, headers, &body).expect("an answer");
        assert_eq!((answer.status, answer.text.as_str()), (200, LOGS_TAKEN), "{headers:?}");
        assert_eq!(answer.header("content-type"), Some("application/json; charset=utf-8"));
        let stored = server.stored();
        assert_eq!(stored.len(), 1, "{headers:?}");
        assert_eq!(
            (stored[0].service.as_str(), stored[0].level.as_str(), stored[0].message.as_str()),
            ("probe", "info", "hello")
        );
    }
}

#[test]
fn a_body_that_cannot_be_read_is_refused_and_stores_nothing() {
    let server = DevServer::start().expect("the server starts");
    let text = records(&[record("hello")]).to_string();
    let mut deflate = DeflateEncoder::new(Vec::new(), Compression::fast());
    deflate.write_all(text.as_bytes()).expect("memory can be written to");
    let deflate = deflate.finish().expect("memory can be written to");
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
    zlib.write_all(text.as_bytes()).expect("memory can be written to");
    let zlib = zlib.finish().expect("memory can be written to");
    let encoded = ("Content-Encoding", "deflate");
    for body in [b"{".to_vec(), b"".to_vec(), vec![0xff, 0xfe], deflate.clone(), zlib.clone()] {
        for headers in [&[JSON][..], &[JSON, encoded], &[JSON, GZIP]] {
            let mut client = Client::new(&server);
            let answer = client.request("POST", LOGS, headers, &body).expect("an answer");
            assert_eq!((answer.status, answer.text.as_str()), (400, "{}"), "{headers:?} {body:?}");
            let end = client.line().expect_err("the server closes");
            assert_eq!(end.kind(), ErrorKind::UnexpectedEof);
        }
    }
    let mut client = Client::new(&server);
    let half = &gzip(text.as_bytes())[..20];
    for (headers, body) in [
        (&[PROTOBUF][..], &b"{}"[..]),
        (&[PROTOBUF], &[0x0a, 0x05, 0x01]),
        (&[PROTOBUF], half),
        (&[PROTOBUF, GZIP], b"plain"),
        (&[PROTOBUF, encoded], &zlib),
    ] {
        for (path, rejected) in [(LOGS, "rejectedLogRecords"), (TRACES, "rejectedSpans")] {
            let answer = client.request("POST", path, headers, body).expect("an answer");
            let success = &answer.json()["partialSuccess"];
            assert_eq!((answer.status, &success[rejected]), (400, &json!(-1)), "{headers:?} {body:?}");
            let message = success["errorMessage"].as_str().expect("a message");
            assert!(message.starts_with("Failed to decode OTLP protobuf: "), "{message}");
        }
    }
    for (headers, body, status) in [
        (&[JSON][..], "[]", 400),
        (&[PROTOBUF, encoded], "", 400),
        (&[("Content-Type", "text/csv")], "{}", 415),
        (&[], "{}", 415),
    ] {
        let answer = client.request("POST", LOGS, headers, body.as_bytes()).expect("an answer");
        assert_eq!(answer.status, status, "{headers:?}");
    }
    assert_eq!((server.stored_count(), server.stored_span_count()), (0, 0));
}

#[test]
fn bodies_over_50_mib_are_refused_packed_or_not() {
    let server = DevServer::start().expect("the server starts");
    let length = ("Content-Length", "53000000");
    for path in [LOGS, TRACES] {
        let mut client = Client::new(&server);
        let answer = client.request("POST", path, &[JSON, length], b"{").expect("an answer");
        assert_eq!((answer.status, answer.header("connection")), (413, Some("close")));
    }
    let packed = gzip(&vec![b' '; 50 * 1024 * 1024 + 1]);
    let answer = Client::new(&server).request("POST", LOGS, &[JSON, GZIP], &packed).expect("an answer");
    assert_eq!(answer.status, 413);
}

#[test]
fn a_request_may_hold_more_than_1000() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::new(&server);
    let many: Vec<_> = (0..1500).map(|number| record(&number.to_string())).collect();
    assert_eq!(post(&mut client, LOGS, &records(&many)).text, LOGS_TAKEN);
    let many: Vec<_> = (0..1500).map(|number| span(&format!("{:016x}", number + 1), "work")).collect();
    assert_eq!(post(&mut client, TRACES, &spans("probe", &many)).text, SPANS_TAKEN);
    assert_eq!((server.stored_count(), server.stored_span_count()), (1500, 1500));
    let sent: Vec<_> = server.requests().ingest.iter().map(|request| request.entries).collect();
    assert_eq!(sent, [1500, 1500]);
}

#[test]
fn nothing_to_store_is_no_error() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::new(&server);
    for body in [json!({}), json!({"resourceLogs": []}), json!({"resourceLogs": [{"scopeLogs": 1}, 2]})] {
        assert_eq!(post(&mut client, LOGS, &body).text, LOGS_TAKEN, "{body}");
    }
    let empty = client.request("POST", TRACES, &[PROTOBUF], b"").expect("an answer");
    assert_eq!((empty.status, empty.text.as_str()), (200, SPANS_TAKEN));
    assert_eq!((server.stored_count(), server.stored_span_count()), (0, 0));
}

#[test]
fn a_nul_in_a_key_loses_the_request_and_nobody_is_told() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::new(&server);
    let attributes = json!([{"key": "a\0b", "value": {"stringValue": "v"}}]);
    let nested = json!([{"key": "a", "value": {"kvlistValue": {"values": attributes}}}]);
    for attributes in [&attributes, &nested] {
        let mut bad = record("bad");
        bad["attributes"] = attributes.clone();
        assert_eq!(post(&mut client, LOGS, &records(&[record("good"), bad])).text, LOGS_TAKEN);
        let mut bad = span("b7ad6b7169203331", "bad");
        bad["events"] = json!([{"name": "event", "attributes": attributes}]);
        let good = span("b7ad6b7169203332", "good");
        assert_eq!(post(&mut client, TRACES, &spans("probe", &[good, bad])).text, SPANS_TAKEN);
    }
    assert_eq!((server.stored_count(), server.stored_span_count()), (0, 0));
    let mut value = record("a\0b");
    value["attributes"] = json!([{"key": "a", "value": {"stringValue": "v\0"}}]);
    post(&mut client, LOGS, &records(&[value]));
    let stored = &server.stored()[0];
    assert_eq!(
        (stored.message.as_str(), &stored.metadata.as_ref().expect("metadata")["a"]),
        ("ab", &json!("v"))
    );
}

#[test]
fn the_paths_answer_that_they_are_there() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::new(&server);
    for path in [LOGS, TRACES] {
        let answer = client.get(path);
        assert_eq!((answer.status, answer.text.as_str()), (200, r#"{"status":"ok"}"#));
    }
    assert!(server.requests().ingest.is_empty(), "nothing was sent");
    for path in ["/v1/logs", "/v1/traces"] {
        assert_eq!(client.request("POST", path, &[JSON], b"{}").expect("an answer").status, 404, "{path}");
    }
}

#[test]
fn refusals_of_the_key_and_the_limits_say_little() {
    let server =
        DevServer::builder().rate_limit(1, Duration::from_secs(600)).start().expect("the server starts");
    let mut stranger = Client::with_key(server.address(), Some("lp_wrong"));
    let answer = post(&mut stranger, LOGS, &records(&[]));
    assert_eq!((answer.status, answer.text.as_str()), (401, r#"{"error":"Unauthorized"}"#));
    let mut client = Client::new(&server);
    for (path, rejected) in [(LOGS, "rejectedLogRecords"), (TRACES, "rejectedSpans")] {
        assert_eq!(post(&mut client, path, &json!({})).status, 200, "each route has its own bucket");
        let limited = post(&mut client, path, &json!({}));
        assert_eq!((limited.status, limited.text.as_str()), (429, "{}"));
        assert!(limited.header("retry-after").is_some() && limited.header("x-ratelimit-reset").is_some());
        server.chaos(Fault::QuotaExceeded).next(1);
        let quota = post(&mut client, path, &json!({}));
        assert_eq!((quota.status, quota.header("retry-after")), (429, None));
        assert_eq!(quota.json()["partialSuccess"][rejected], -1);
        let message = &quota.json()["partialSuccess"]["errorMessage"];
        assert!(message.as_str().is_some_and(|text| text.starts_with("Usage quota exceeded")), "{message}");
    }
}
