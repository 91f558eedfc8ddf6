//! What responses mean.

use std::time::Duration;

use logtide_core::{Outcome, ServerAnswer, Timestamp, Wire as _};
use logtide_otlp::Target;
use opentelemetry_proto::tonic::collector::{
    logs::v1::{ExportLogsPartialSuccess, ExportLogsServiceResponse},
    trace::v1::{ExportTracePartialSuccess, ExportTraceServiceResponse},
};
use prost::Message as _;

use crate::setup::{TARGETS, logs, spans};

const NOW: Timestamp = Timestamp::from_micros(0);

fn of(target: Target, answer: ServerAnswer<'_>) -> Outcome {
    let outcome = logs(target).outcome(answer, Some("9"), NOW);
    assert_eq!(outcome, spans(target).outcome(answer, Some("9"), NOW));
    outcome
}

const fn stored(rejected: usize) -> Outcome {
    Outcome::Stored { received: None, rejected }
}

fn logs_answer(rejected_log_records: i64, message: &str) -> Vec<u8> {
    let partial = ExportLogsPartialSuccess { rejected_log_records, error_message: message.to_owned() };
    ExportLogsServiceResponse { partial_success: Some(partial) }.encode_to_vec()
}

#[test]
fn success_is_read_in_json_and_in_protobuf() {
    let of_spans = ExportTraceServiceResponse {
        partial_success: Some(ExportTracePartialSuccess { rejected_spans: 2, error_message: String::new() }),
    };
    let long = "m".repeat(119);
    for (body, rejected) in [
        (b"".to_vec(), 0),
        (b"{}".to_vec(), 0),
        (br#"{"partialSuccess":{"rejectedLogRecords":0,"errorMessage":""}}"#.to_vec(), 0),
        (br#"{"partialSuccess":{"rejectedSpans":"4","errorMessage":"bad"}}"#.to_vec(), 4),
        (br#"{"partialSuccess":{"rejectedSpans":-1}}"#.to_vec(), 0),
        (logs_answer(0, ""), 0),
        (logs_answer(3, "bad"), 3),
        (logs_answer(-1, "bad"), 0),
        (logs_answer(0, "a warning"), 0),
        // The first bytes are a line feed and a brace.
        (logs_answer(5, &long), 5),
        (of_spans.encode_to_vec(), 2),
        // An unknown field of a future version.
        ([&b"\x78\x01"[..], &logs_answer(6, "bad")].concat(), 6),
    ] {
        for target in TARGETS {
            assert_eq!(
                of(target, ServerAnswer::new(200, &body)),
                stored(rejected),
                "{}",
                body.escape_ascii()
            );
        }
    }
    assert_eq!(logs_answer(5, &long)[..2], *b"\n{");
}

#[test]
fn what_is_no_answer_of_a_receiver_is_an_outage() {
    for body in [
        &b"<html>"[..],
        b"\r\n <!doctype html>",
        b"OK",
        b"accepted",
        b"\x1f\x8b\x08\0",
        b"[]",
        b"{\"a\"",
        b"\x0a\x05ab",
    ] {
        for target in TARGETS {
            let Outcome::Unavailable { retry_after: None, detail } = of(target, ServerAnswer::new(200, body))
            else {
                panic!("{}", body.escape_ascii())
            };
            assert!(detail.starts_with("status 200, but not from "), "{detail}");
        }
    }
}

#[test]
fn any_beginning_of_an_answer_is_read_without_harm() {
    let json = br#"{"partialSuccess":{"rejectedSpans":12,"errorMessage":"bad"}}"#;
    let protobuf = logs_answer(12, "bad");
    for whole in [&json[..], &protobuf] {
        for length in 0..whole.len() {
            let outcome = of(Target::Collector, ServerAnswer::beginning(200, &whole[..length]));
            assert!(
                outcome == stored(12) || matches!(outcome, Outcome::Unavailable { .. }),
                "{length}: {outcome:?}"
            );
        }
        assert_eq!(
            of(Target::Collector, ServerAnswer::beginning(200, &whole[..whole.len() - 2])),
            stored(12)
        );
    }
}

#[test]
fn statuses_mean_what_they_mean_for_json() {
    let wait = Some(Duration::from_secs(9));
    for target in TARGETS {
        let kind = |status| of(target, ServerAnswer::new(status, b""));
        for status in [401, 403, 404, 405, 302] {
            assert!(matches!(kind(status), Outcome::Denied { .. }), "{status}");
        }
        assert!(matches!(kind(413), Outcome::TooLarge { .. }));
        assert!(matches!(kind(422), Outcome::Refused { .. }));
        assert!(matches!(kind(429), Outcome::Limited { retry_after, .. } if retry_after == wait));
        assert!(matches!(kind(408), Outcome::Unavailable { retry_after, .. } if retry_after == wait));
        for status in [500, 502, 503, 504] {
            assert!(matches!(kind(status), Outcome::Failed { retry_after, .. } if retry_after == wait));
        }
    }
}

#[test]
fn logtide_says_400_to_what_it_cannot_read_and_to_any_failure_of_its_own() {
    let undecodable =
        br#"{"partialSuccess":{"rejectedLogRecords":-1,"errorMessage":"Failed to decode OTLP protobuf: bad wire type"}}"#;
    for body in [&undecodable[..], b"{}", b" {} "] {
        assert!(matches!(of(Target::LogTide, ServerAnswer::new(400, body)), Outcome::Refused { .. }));
    }
    let away =
        br#"{"partialSuccess":{"rejectedSpans":-1,"errorMessage":"connect ECONNREFUSED 127.0.0.1:5432"}}"#;
    let expected = Outcome::Failed {
        retry_after: Some(Duration::from_secs(9)),
        detail: "status 400: connect ECONNREFUSED 127.0.0.1:5432".to_owned(),
    };
    assert_eq!(of(Target::LogTide, ServerAnswer::new(400, away)), expected);
    for body in [&b""[..], b"<html>", br#"{"error":"something"}"#] {
        assert!(matches!(of(Target::LogTide, ServerAnswer::new(400, body)), Outcome::Failed { .. }));
    }
    for body in [&away[..], b"", b"{}"] {
        assert!(matches!(of(Target::Collector, ServerAnswer::new(400, body)), Outcome::Refused { .. }));
    }
}

#[test]
fn what_a_collector_says_of_an_error_is_told_without_secrets() {
    // `google.rpc.Status` with a code and a message.
    let status = b"\x08\x03\x12\x12no such: lp_secret";
    let answer = ServerAnswer::new(400, status).secrets(&["lp_secret"]);
    let expected = Outcome::Refused { detail: "status 400: no such: ***".to_owned() };
    assert_eq!(of(Target::Collector, answer), expected);
    let json =
        ServerAnswer::new(401, br#"{"code":16,"message":"no such: lp_secret"}"#).secrets(&["lp_secret"]);
    assert_eq!(
        of(Target::Collector, json),
        Outcome::Denied { key_rejected: true, detail: "status 401: no such: ***".to_owned() }
    );
}
