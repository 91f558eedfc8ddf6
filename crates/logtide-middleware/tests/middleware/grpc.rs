//! gRPC calls, whose status differs from the HTTP status.

use http::HeaderMap;
use logtide_middleware::{Options, Transfer};
use serde_json::json;

use crate::setup::{Server, assert_timed, headers};

const TYPE: (&str, &str) = ("content-type", "application/grpc+proto");

/// The response to a call, with a body of the given size.
fn answer(server: &Server, size: Option<u64>) -> Transfer {
    server.begin("POST", "/shop.Orders/Place").respond(200, &headers(&[TYPE]), size)
}

#[test]
fn the_status_of_a_call_gives_the_level() {
    let levels = [
        ("0", "info"),
        ("1", "warn"),
        ("2", "error"),
        ("3", "warn"),
        ("4", "error"),
        ("5", "warn"),
        ("11", "warn"),
        ("12", "error"),
        ("13", "error"),
        ("14", "error"),
        ("15", "error"),
        ("16", "warn"),
        ("99", "warn"),
    ];
    for (status, level) in levels {
        let server = Server::new(Options::new());
        answer(&server, None).trailers(&headers(&[("grpc-status", status)]));
        let entry = server.last(2);
        assert_eq!((&entry["level"], &entry["metadata"]["status"]), (&json!(level), &json!(200)), "{status}");
        assert_eq!(entry["metadata"]["grpc_status"].to_string(), status);
        assert_timed(&entry, "POST /shop.Orders/Place 200 (", "ms)");
    }
}

#[test]
fn a_status_that_is_no_number_counts_as_unknown() {
    let server = Server::new(Options::new());
    answer(&server, None).trailers(&headers(&[("grpc-status", "broken")]));
    let entry = server.last(2);
    assert_eq!((&entry["level"], &entry["metadata"]["grpc_status"]), (&json!("error"), &json!(2)));
}

#[test]
fn a_call_that_fails_before_its_first_message_has_the_status_in_the_head() {
    let server = Server::new(Options::new());
    let head = headers(&[("content-type", "Application/gRPC"), ("grpc-status", "5")]);
    let transfer = server.begin("POST", "/shop.Orders/Place").respond(200, &head, Some(0));
    assert!(transfer.has_ended(), "nothing follows");
    let entry = server.last(2);
    assert_eq!((&entry["level"], &entry["metadata"]["grpc_status"]), (&json!("warn"), &json!(5)));
}

#[test]
fn the_status_is_waited_for_behind_the_last_byte() {
    for size in [0, 10] {
        let server = Server::new(Options::new());
        let mut transfer = answer(&server, Some(size));
        transfer.sent(size);
        assert!(!transfer.has_ended());
        transfer.trailers(&headers(&[("grpc-status", "13")]));
        assert!(transfer.has_ended());
        drop(transfer);
        assert_eq!(server.last(2)["level"], "error");
    }
}

#[test]
fn a_call_without_a_status_is_logged_by_what_was_sent() {
    let server = Server::new(Options::new());
    let mut transfer = answer(&server, Some(10));
    transfer.sent(10);
    drop(transfer);
    let entry = server.last(2);
    assert_timed(&entry, "POST /shop.Orders/Place 200 (", "ms)");
    assert_eq!((&entry["level"], entry["metadata"].get("grpc_status")), (&json!("info"), None));
    let server = Server::new(Options::new());
    answer(&server, Some(10)).sent(9);
    assert_timed(&server.last(2), "POST /shop.Orders/Place cancelled (", "ms)");
}

#[test]
fn failures_are_logged_with_entries_of_responses_off() {
    let server = Server::new(Options::new().log_requests(false).log_responses(false));
    for status in ["0", "5", "14"] {
        answer(&server, None).trailers(&headers(&[("grpc-status", status)]));
    }
    assert_eq!(server.last(1)["metadata"]["grpc_status"], 14);
}

#[test]
fn other_responses_have_no_such_status() {
    for fields in
        [HeaderMap::new(), headers(&[("content-type", "application/json")]), headers(&[("content-type", "")])]
    {
        let server = Server::new(Options::new());
        server.begin("GET", "/").respond(200, &fields, None).trailers(&headers(&[("grpc-status", "13")]));
        let entry = server.last(2);
        assert_eq!((&entry["level"], entry["metadata"].get("grpc_status")), (&json!("info"), None));
    }
}
