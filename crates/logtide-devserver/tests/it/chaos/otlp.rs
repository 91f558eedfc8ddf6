//! Faults of requests over OTLP.

use std::io::ErrorKind;

use logtide_devserver::{DevServer, Fault, IngestRoute, Target};
use serde_json::json;

use crate::client::{Client, DEADLINE, numbered};
use crate::otlp::{LOGS, LOGS_TAKEN, SPANS_TAKEN, TRACES, gzip, post, record, records, span, spans};

/// Returns a request with two spans.
fn two_spans() -> serde_json::Value {
    spans("probe", &[span("b7ad6b7169203331", "good"), span("b7ad6b7169203332", "some poison")])
}

/// Returns a request with two records.
fn two_records() -> serde_json::Value {
    records(&[record("good"), record("some poison")])
}

#[test]
fn each_target_fails_alone() {
    for (target, expected) in [
        (Target::Ingest, [503, 503, 503, 200]),
        (Target::Logs, [503, 503, 200, 200]),
        (Target::Spans, [200, 200, 503, 200]),
        (Target::Reads, [200, 200, 200, 503]),
        (Target::All, [503; 4]),
    ] {
        let server = DevServer::start().expect("the server starts");
        let mut client = Client::new(&server);
        server.chaos(Fault::Status(503)).on(target).always();
        let statuses = [
            client.ingest(&numbered(1)).status,
            post(&mut client, LOGS, &two_records()).status,
            post(&mut client, TRACES, &two_spans()).status,
            client.get("/api/v1/traces").status,
        ];
        assert_eq!(statuses, expected, "{target:?}");
    }
}

#[test]
fn requests_are_recorded_by_their_route() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::new(&server);
    let body = gzip(two_spans().to_string().as_bytes());
    let headers = [("Content-Type", "application/json"), ("Content-Encoding", "gzip")];
    server.chaos(Fault::Status(500)).on(Target::Spans).next(1);
    client.ingest(&numbered(3));
    post(&mut client, LOGS, &two_records());
    for _ in 0..2 {
        client.request("POST", TRACES, &headers, &body).expect("an answer");
    }
    let requests = server.requests();
    let seen: Vec<_> = requests
        .ingest
        .iter()
        .map(|request| (request.route, request.status, request.entries, request.body_bytes))
        .collect();
    assert_eq!(
        seen,
        [
            (IngestRoute::Batch, Some(200), 3, numbered(3).len()),
            (IngestRoute::OtlpLogs, Some(200), 2, two_records().to_string().len()),
            (IngestRoute::OtlpTraces, Some(500), 2, body.len()),
            (IngestRoute::OtlpTraces, Some(200), 2, body.len()),
        ]
    );
    assert_eq!(requests.total, 4);
    let shown = Client::with_key(server.address(), None).get("/_dev/requests").json();
    assert_eq!(shown["ingest"][2]["route"], "otlp_traces");
}

#[test]
fn a_reset_stores_or_does_not_store() {
    let server = DevServer::start().expect("the server starts");
    for (fault, stored) in [(Fault::Reset, 0), (Fault::StoreThenReset, 2)] {
        for (path, body) in [(LOGS, two_records()), (TRACES, two_spans())] {
            server.chaos(fault.clone()).next(1);
            let headers = [("Content-Type", "application/json")];
            let sent = Client::new(&server).request("POST", path, &headers, body.to_string().as_bytes());
            assert_eq!(sent.expect_err("no answer comes").kind(), ErrorKind::ConnectionReset);
        }
        assert_eq!((server.stored_count(), server.stored_span_count()), (stored, stored), "{fault:?}");
    }
    let requests = server.requests();
    assert_eq!(requests.unanswered, 4);
    assert!(requests.ingest.iter().all(|request| request.entries == 2 && request.status.is_none()));
}

#[test]
fn a_request_that_hangs_is_counted() {
    let server = DevServer::start().expect("the server starts");
    server.chaos(Fault::Hang).on(Target::Spans).always();
    std::thread::scope(|scope| {
        let headers = [("Content-Type", "application/json")];
        let body = two_spans().to_string();
        let mut client = Client::new(&server);
        let hanging = scope.spawn(move || client.request("POST", TRACES, &headers, body.as_bytes()));
        assert!(server.wait_for_requests(1, DEADLINE));
        server.clear_chaos();
        let error = hanging.join().expect("no panic").expect_err("no answer comes");
        assert_eq!(error.kind(), ErrorKind::ConnectionReset, "not the client's own deadline");
    });
    let seen = server.requests().ingest[0];
    assert_eq!((seen.route, seen.status, seen.entries), (IngestRoute::OtlpTraces, None, 2));
    assert_eq!(server.stored_span_count(), 0);
}

#[test]
fn messages_and_names_decide_about_their_request() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::new(&server);
    server.chaos(Fault::RejectMessage("poison".into())).always();
    let refused = post(&mut client, LOGS, &two_records());
    assert_eq!((refused.status, &refused.json()["partialSuccess"]["rejectedLogRecords"]), (400, &json!(-1)));
    let refused = post(&mut client, TRACES, &two_spans());
    assert_eq!((refused.status, &refused.json()["partialSuccess"]["rejectedSpans"]), (400, &json!(-1)));
    server.clear_chaos();
    server.chaos(Fault::InsertFails("poison".into())).always();
    assert_eq!(post(&mut client, LOGS, &two_records()).text, LOGS_TAKEN);
    assert_eq!(post(&mut client, TRACES, &two_spans()).text, SPANS_TAKEN);
    assert_eq!((server.stored_count(), server.stored_span_count()), (0, 0));
}

#[test]
fn a_part_of_a_request_can_be_rejected() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::new(&server);
    server.chaos(Fault::RejectPart("poison".into())).always();
    for (path, body, rejected) in
        [(LOGS, two_records(), "rejectedLogRecords"), (TRACES, two_spans(), "rejectedSpans")]
    {
        let answer = post(&mut client, path, &body);
        let success = &answer.json()["partialSuccess"];
        assert_eq!((answer.status, &success[rejected]), (200, &json!(1)), "{path}");
        assert_ne!(success["errorMessage"], "");
    }
    assert_eq!(server.stored()[0].message, "good");
    assert_eq!(server.stored_spans()[0].operation, "good");
    assert_eq!((server.stored_count(), server.stored_span_count()), (1, 1));
    let batch = crate::client::batch(&[json!({"message": "poison"})]);
    assert_eq!(client.ingest(&batch).json()["received"], 1, "only OTLP has partial success");
}
