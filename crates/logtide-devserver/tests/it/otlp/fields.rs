//! The fields of a log record in an entry.

use logtide_devserver::{DevServer, StoredEntry};
use serde_json::{Value, json};

use super::{LOGS, LOGS_TAKEN, post, record, records};
use crate::client::Client;
use crate::protobuf::{self, field, fixed64, number, pair};

/// Sends one record and returns the stored entry.
fn stored(record: Value) -> StoredEntry {
    let server = DevServer::start().expect("the server starts");
    assert_eq!(post(&mut Client::new(&server), LOGS, &records(&[record])).text, LOGS_TAKEN);
    server.stored().remove(0)
}

#[test]
fn json_and_protobuf_store_the_same() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::new(&server);
    let string = |key: &str, text: &str| json!({"key": key, "value": {"stringValue": text}});
    let text = json!({"resourceLogs": [{
        "resource": {"attributes": [string("service.name", "shop"), string("host.name", "h1")]},
        "scopeLogs": [{
            "scope": {"name": "checkout", "version": "1.2.3"},
            "logRecords": [{
                "timeUnixNano": "1763802000123999999",
                "observedTimeUnixNano": "1763802999000000000",
                "severityNumber": 17,
                "severityText": "ERROR",
                "body": {"stringValue": "paid"},
                "attributes": [
                    string("text", "é😀"),
                    {"key": "yes", "value": {"boolValue": true}},
                    {"key": "small", "value": {"intValue": "-42"}},
                    {"key": "large", "value": {"intValue": "9223372036854775807"}},
                    {"key": "double", "value": {"doubleValue": 1.5}},
                    {"key": "bytes", "value": {"bytesValue": "AQID"}},
                    {"key": "list", "value": {"arrayValue": {"values": [{"stringValue": "a"}, {"intValue": "1"}]}}},
                    {"key": "map", "value": {"kvlistValue": {"values": [string("k", "v")]}}},
                    {"key": "none"},
                ],
                "traceId": "0af7651916cd43dd8448eb211c80319c",
                "spanId": "b7ad6b7169203331",
            }],
        }],
    }]});
    let string = |key: &str, text: &str| pair(key, &field(1, text));
    let list = [field(1, field(1, "a")), field(1, number(3, 1))].concat();
    let trace_id = 0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c_u128.to_be_bytes();
    let record = [
        fixed64(1, 1_763_802_000_123_999_999),
        number(2, 17),
        field(3, "ERROR"),
        field(5, field(1, "paid")),
        field(6, string("text", "é😀")),
        field(6, pair("yes", &number(2, 1))),
        field(6, pair("small", &number(3, -42_i64 as u64))),
        field(6, pair("large", &number(3, i64::MAX as u64))),
        field(6, pair("double", &fixed64(4, 1.5_f64.to_bits()))),
        field(6, pair("bytes", &field(7, [1, 2, 3]))),
        field(6, pair("list", &field(5, list))),
        field(6, pair("map", &field(6, field(1, string("k", "v"))))),
        field(6, field(1, "none")),
        field(9, trace_id),
        field(10, 0xb7ad_6b71_6920_3331_u64.to_be_bytes()),
        fixed64(11, 1_763_802_999_000_000_000),
    ]
    .concat();
    let resource = [field(1, string("service.name", "shop")), field(1, string("host.name", "h1"))].concat();
    let scope = [field(1, "checkout"), field(2, "1.2.3")].concat();
    let proto = protobuf::logs(&resource, &scope, &record);
    assert_eq!(post(&mut client, LOGS, &text).text, LOGS_TAKEN);
    let headers = [("Content-Type", "application/x-protobuf")];
    assert_eq!(client.request("POST", LOGS, &headers, &proto).expect("an answer").text, LOGS_TAKEN);
    let expected = json!({
        "text": "é😀", "yes": true, "small": -42, "large": "9223372036854775807", "double": 1.5, "bytes": "AQID",
        "list": ["a", 1], "map": {"k": "v"}, "none": null,
        "resource": {"service.name": "shop", "host.name": "h1"},
        "otel.severity_number": 17, "otel.severity_text": "ERROR",
        "otel.scope.name": "checkout", "otel.scope.version": "1.2.3",
    });
    let stored = server.stored();
    assert_eq!(stored.len(), 2);
    for entry in stored {
        assert_eq!(entry.time.to_rfc3339(), "2025-11-22T09:00:00.123+00:00");
        assert_eq!(
            (entry.service.as_str(), entry.level.as_str(), entry.message.as_str()),
            ("shop", "error", "paid")
        );
        assert_eq!(entry.trace_id.as_deref(), Some("0af7651916cd43dd8448eb211c80319c"));
        assert_eq!(entry.span_id.as_deref(), Some("b7ad6b7169203331"));
        assert_eq!(entry.metadata.as_ref(), Some(&expected));
    }
}

#[test]
fn the_text_of_the_severity_wins_over_its_number() {
    for (fields, level) in [
        (json!({}), "info"),
        (json!({"severityNumber": 1}), "debug"),
        (json!({"severityNumber": 8}), "debug"),
        (json!({"severityNumber": 9}), "info"),
        (json!({"severityNumber": 13}), "warn"),
        (json!({"severityNumber": 17}), "error"),
        (json!({"severityNumber": 21}), "critical"),
        (json!({"severityNumber": 24}), "critical"),
        (json!({"severityNumber": 25}), "info"),
        (json!({"severityText": "TRACE", "severityNumber": 17}), "debug"),
        (json!({"severityText": "Warning"}), "warn"),
        (json!({"severityText": "FATAL", "severityNumber": 9}), "critical"),
        (json!({"severityText": "loud", "severityNumber": 17}), "error"),
        (json!({"severityText": "", "severityNumber": 17}), "error"),
    ] {
        assert_eq!(stored(fields.clone()).level, level, "{fields}");
    }
}

#[test]
fn each_body_becomes_a_message() {
    let list = json!({"arrayValue": {"values": [{"intValue": "1"}, {"stringValue": "a"}]}});
    let map = json!({"kvlistValue": {"values": [{"key": "k", "value": {"boolValue": true}}]}});
    for (body, message, kept) in [
        (json!(null), "", json!(null)),
        (json!({}), "", json!(null)),
        (json!({"stringValue": ""}), "", json!(null)),
        (json!({"stringValue": "text"}), "text", json!(null)),
        (json!({"intValue": 7}), "7", json!(null)),
        (json!({"boolValue": false}), "false", json!(null)),
        (list, r#"[1,"a"]"#, json!([1, "a"])),
        (map, r#"{"k":true}"#, json!({"k": true})),
    ] {
        let entry = stored(json!({"body": body}));
        assert_eq!(entry.message, message, "{body}");
        let metadata = entry.metadata.expect("the resource");
        assert_eq!(metadata.get("otel.body").unwrap_or(&Value::Null), &kept, "{body}");
    }
    assert_eq!(stored(json!({})).message, "");
}

#[test]
fn ids_are_kept_as_sent_but_for_zeros() {
    for (sent, kept) in [
        ("abcd", Some("abcd")),
        ("CvdlGRbNQ92ESOshHIAxnA==", Some("CvdlGRbNQ92ESOshHIAxnA==")),
        ("0AF7651916CD43DD8448EB211C80319C", Some("0AF7651916CD43DD8448EB211C80319C")),
        ("00000000000000000000000000000000", None),
        ("", None),
    ] {
        assert_eq!(stored(json!({"traceId": sent})).trace_id.as_deref(), kept, "{sent}");
    }
    let attributes = json!([{"key": "session.id", "value": {"stringValue": "s"}}]);
    let entry = stored(json!({"spanId": "abcd", "attributes": attributes}));
    assert_eq!((entry.span_id.as_deref(), entry.session_id), (Some("abcd"), None));
    assert_eq!(entry.metadata.expect("metadata")["session.id"], "s");
}

#[test]
fn a_record_without_a_time_has_the_one_it_was_observed_at() {
    for fields in [
        json!({"timeUnixNano": "1500000000"}),
        json!({"timeUnixNano": 1_500_000_000}),
        json!({"timeUnixNano": "0", "observedTimeUnixNano": "1500000000"}),
        json!({"observedTimeUnixNano": 1_500_000_000}),
    ] {
        assert_eq!(stored(fields.clone()).time.timestamp_millis(), 1_500, "{fields}");
    }
    let before = chrono::Utc::now().timestamp_millis();
    assert!(stored(json!({})).time.timestamp_millis() >= before);
}

#[test]
fn the_name_of_the_service_is_cut_or_unknown() {
    for (name, expected) in [
        (json!({"stringValue": "a".repeat(101)}), "a".repeat(100)),
        (json!({"stringValue": "😀".repeat(60)}), "😀".repeat(50)),
        (json!({"stringValue": ""}), "unknown".into()),
        (json!({"intValue": "5"}), "5".into()),
        (json!(null), "unknown".into()),
    ] {
        let server = DevServer::start().expect("the server starts");
        let attributes = json!([{"key": "service.name", "value": name}]);
        let body = json!({"resourceLogs": [
            {"resource": {"attributes": attributes}, "scopeLogs": [{"logRecords": [record("m")]}]},
            {"scopeLogs": [{"logRecords": [record("m")]}]},
        ]});
        post(&mut Client::new(&server), LOGS, &body);
        let services: Vec<_> = server.stored().into_iter().map(|entry| entry.service).collect();
        assert_eq!(services, [expected, "unknown".into()]);
    }
}

#[test]
fn reads_find_what_came_over_otlp() {
    let server = DevServer::start().expect("the server starts");
    server.stream_loss(false);
    let mut stream = Client::new(&server);
    assert_eq!(stream.get("/api/v1/logs/stream").status, 200);
    let mut client = Client::new(&server);
    let mut sent = record("found over otlp");
    sent["traceId"] = "abcd".into();
    sent["attributes"] = json!([{"key": "host", "value": {"stringValue": "h1"}}]);
    post(&mut client, LOGS, &records(&[sent]));
    for path in [
        "/api/v1/logs?q=otlp&service=probe&hostname=h1&level=info",
        "/api/v1/logs?traceId=abcd",
        "/api/v1/logs/trace/abcd",
    ] {
        assert_eq!(client.get(path).messages(), ["found over otlp"], "{path}");
    }
    assert_eq!(client.get("/api/v1/stats").json(), json!({"total": 1, "by_level": {"info": 1}}));
    let event = std::iter::repeat_with(|| stream.line().expect("the stream goes on"))
        .find(|line| line.contains("found over otlp"))
        .expect("an event");
    assert!(event.starts_with(r#"data: {"type":"log","data":"#), "{event}");
}
