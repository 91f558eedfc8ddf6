//! Exactly one final entry, however a request ends.

use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};

use http::HeaderMap;
use logtide_core::Level;
use logtide_middleware::Options;
use logtide_tests::setup::options;
use serde_json::{Value, json};

use crate::setup::{Server, assert_timed, headers};

/// The metadata without values that differ between runs.
fn metadata(entry: &Value) -> Value {
    let mut metadata = entry["metadata"].clone();
    let duration = metadata["duration_ms"].take().as_f64().expect("a number");
    assert_eq!((duration * 100.0).round() / 100.0, duration, "two decimals");
    for key in ["duration_ms", "sdk", "tags"] {
        metadata.as_object_mut().unwrap().remove(key);
    }
    metadata
}

#[test]
fn a_request_and_its_response_have_an_entry_each() {
    let server = Server::new(Options::new().service("api"));
    let _ = server.begin("GET", "/api/users").respond(200, &HeaderMap::new(), Some(0));
    let entries = server.entries();
    assert_eq!(entries.len(), 2);
    let (request, response) = (&entries[0], &entries[1]);
    assert_eq!((&request["level"], &request["message"]), (&json!("info"), &json!("GET /api/users")));
    assert_eq!((&request["service"], &response["service"]), (&json!("api"), &json!("api")));
    assert_eq!(request["metadata"]["method"], "GET");
    assert_eq!(request["metadata"]["path"], "/api/users");
    assert_timed(response, "GET /api/users 200 (", "ms)");
    assert_eq!(metadata(response), json!({"method": "GET", "path": "/api/users", "status": 200}));
}

#[test]
fn the_lowest_level_of_log_calls_leaves_out_neither_entry_of_a_request() {
    let client = options("http://localhost").min_level(Level::Error);
    let server = Server::with_client_options(client, Options::new());
    let _ = server.begin("GET", "/").respond(200, &HeaderMap::new(), Some(0));
    let entries = server.entries();
    assert_eq!(entries.len(), 2, "{entries:#?}");
    assert_eq!(entries[0]["message"], "GET /");
}

#[test]
fn the_status_gives_the_level() {
    let levels = [
        (101, "info"),
        (200, "info"),
        (304, "info"),
        (399, "info"),
        (400, "warn"),
        (404, "warn"),
        (499, "warn"),
        (500, "error"),
        (503, "error"),
        (999, "error"),
    ];
    for (status, level) in levels {
        let server = Server::new(Options::new());
        let _ = server.begin("GET", "/").respond(status, &HeaderMap::new(), Some(0));
        assert_eq!(server.last(2)["level"], level, "{status}");
    }
}

#[test]
fn a_response_is_complete_with_the_last_byte_that_was_announced() {
    for (announced, size) in [(None, Some(10)), (Some("10"), None), (Some("10"), Some(99))] {
        let server = Server::new(Options::new());
        let fields = announced.map(|length| headers(&[("content-length", length)])).unwrap_or_default();
        let mut transfer = server.begin("GET", "/").respond(200, &fields, size);
        transfer.sent(4);
        assert!(!transfer.has_ended(), "{announced:?} {size:?}");
        transfer.sent(6);
        assert!(transfer.has_ended(), "{announced:?} {size:?}");
        transfer.complete();
        drop(transfer);
        assert_eq!(server.last(2)["level"], "info");
    }
}

#[test]
fn a_response_of_unknown_size_is_complete_when_it_is_said_to_be() {
    let server = Server::new(Options::new());
    let mut transfer = server.begin("GET", "/").respond(200, &HeaderMap::new(), None);
    transfer.sent(1_000_000);
    assert_eq!(server.entries().len(), 1);
    transfer.complete();
    assert_timed(&server.last(2), "GET / 200 (", "ms)");
}

#[test]
fn a_body_that_ends_before_its_announced_length_is_a_failure() {
    for (announced, size) in [(None, Some(10)), (Some("10"), None), (Some("10"), Some(3))] {
        for status in [200, 404, 500] {
            let server = Server::new(Options::new());
            let fields = announced.map(|length| headers(&[("content-length", length)])).unwrap_or_default();
            let mut transfer = server.begin("GET", "/export").respond(status, &fields, size);
            transfer.sent(3);
            transfer.complete();
            assert!(transfer.has_ended());
            transfer.sent(7);
            drop(transfer);
            let entry = server.last(2);
            assert_eq!(entry["message"], "Request error: the response body ended after 3 of 10 bytes");
            assert_eq!((&entry["level"], &entry["metadata"]["status"]), (&json!("error"), &json!(status)));
            assert_eq!(
                entry["metadata"]["exception"]["message"],
                "the response body ended after 3 of 10 bytes"
            );
        }
    }
    let server = Server::new(Options::new());
    let fields = headers(&[("content-length", "10"), ("content-type", "application/grpc")]);
    let mut transfer = server.begin("POST", "/shop.Orders/Place").respond(200, &fields, None);
    transfer.sent(3);
    transfer.trailers(&headers(&[("grpc-status", "0")]));
    assert_eq!(server.last(2)["level"], "error");
}

#[test]
fn a_body_that_is_sent_in_chunks_announces_nothing() {
    let server = Server::new(Options::new());
    let fields = headers(&[("content-length", "10"), ("transfer-encoding", "chunked")]);
    let mut transfer = server.begin("GET", "/").respond(200, &fields, Some(5));
    transfer.sent(3);
    transfer.complete();
    assert_timed(&server.last(2), "GET / 200 (", "ms)");
}

#[test]
fn a_body_that_exceeds_its_announced_length_is_complete() {
    let server = Server::new(Options::new());
    let mut transfer = server.begin("GET", "/").respond(200, &headers(&[("content-length", "3")]), None);
    transfer.sent(10);
    transfer.complete();
    assert_timed(&server.last(2), "GET / 200 (", "ms)");
}

#[test]
fn where_no_body_follows_the_response_is_complete_at_once() {
    let length = headers(&[("content-length", "10")]);
    for (method, status) in
        [("HEAD", 200), ("GET", 204), ("GET", 304), ("GET", 101), ("CONNECT", 200), ("HEAD", 404)]
    {
        let server = Server::new(Options::new());
        let transfer = server.begin(method, "/p").respond(status, &length, None);
        assert!(transfer.has_ended(), "{method} {status}");
        drop(transfer);
        assert_timed(&server.last(2), &format!("{method} /p {status} ("), "ms)");
    }
    let server = Server::new(Options::new());
    assert!(!server.begin("CONNECT", "/").respond(404, &length, None).has_ended(), "a refusal has a body");
}

#[test]
fn an_error_is_logged_with_its_causes() {
    let server = Server::new(Options::new());
    let error = "eighty".parse::<u16>().unwrap_err();
    server.begin("POST", "/orders").fail(None, &error);
    let entry = server.last(2);
    assert_eq!(entry["level"], "error");
    assert_eq!(entry["message"], "Request error: invalid digit found in string");
    assert_eq!(entry["metadata"]["exception"]["message"], "invalid digit found in string");
    assert_eq!(entry["metadata"]["error"]["name"], "ParseIntError");
    assert_eq!(entry["metadata"]["method"], "POST");
    assert_eq!(entry["metadata"]["path"], "/orders");
    assert!(entry["metadata"]["duration_ms"].is_number());
    assert_eq!(entry["metadata"].get("status"), None);
}

#[test]
fn an_error_that_is_answered_is_logged_once_with_the_status() {
    let server = Server::new(Options::new());
    let mut exchange = server.begin("GET", "/orders");
    exchange.fail(Some(503), &std::io::Error::other("database gone"));
    let mut transfer = exchange.respond(503, &HeaderMap::new(), None);
    transfer.complete();
    let entry = server.last(2);
    assert_eq!(entry["message"], "Request error: database gone");
    assert_eq!(entry["metadata"]["status"], 503);
}

#[test]
fn a_body_that_fails_is_logged_once_with_the_status() {
    let server = Server::new(Options::new());
    let mut transfer = server.begin("GET", "/export").respond(200, &HeaderMap::new(), None);
    transfer.sent(10);
    let error = std::io::Error::other("disk gone");
    transfer.fail(&error);
    transfer.fail(&error);
    transfer.complete();
    drop(transfer);
    let entry = server.last(2);
    assert_eq!((&entry["level"], &entry["message"]), (&json!("error"), &json!("Request error: disk gone")));
    assert_eq!(entry["metadata"]["status"], 200);
}

#[test]
fn a_panic_is_logged_and_resumed() {
    let server = Server::new(Options::new());
    let mut exchange = server.begin("GET", "/panic");
    let panics = || exchange.run(|| panic_any("expected in this test".to_owned()));
    let payload = catch_unwind(AssertUnwindSafe(panics)).unwrap_err();
    assert_eq!(payload.downcast_ref::<String>().unwrap(), "expected in this test", "the same payload");
    drop(exchange);
    let entry = server.last(2);
    assert_eq!(entry["level"], "error");
    assert_eq!(entry["message"], "Request error: panicked: expected in this test");
    assert_eq!(entry["metadata"]["exception"]["type"], "panic");
    assert_eq!(entry["metadata"]["method"], "GET");
}

#[test]
fn panics_have_the_frames_of_their_handlers() {
    const PAYS: u32 = line!() + 3;
    #[inline(never)]
    fn pays() {
        panic!("expected in this test")
    }
    const SHIPS: u32 = line!() + 4;
    #[inline(never)]
    fn ships() {
        let order = std::hint::black_box(None::<u8>);
        let _ = order.unwrap();
    }
    for (handler, name, line) in [(pays as fn(), "pays", PAYS), (ships, "ships", SHIPS)] {
        let server = Server::new(Options::new());
        let mut exchange = server.begin("GET", "/panic");
        assert!(catch_unwind(AssertUnwindSafe(|| exchange.run(handler))).is_err());
        let metadata = &server.last(2)["metadata"];
        let frames = metadata["exception"]["stacktrace"].as_array().unwrap();
        assert!(frames[0]["function"].as_str().unwrap().ends_with(name), "{frames:#?}");
        assert!(frames[0]["file"].as_str().unwrap().ends_with("endings.rs"), "{frames:#?}");
        assert_eq!(frames[0]["line"], line, "{frames:#?}");
        let place = format!("{}:{line}:", file!());
        assert!(metadata["panic"]["location"].as_str().unwrap().starts_with(&place), "{metadata:#}");
        let thread = std::thread::current().name().unwrap().to_owned();
        assert_eq!(metadata["panic"]["thread"], thread);
    }
}

#[test]
fn no_place_in_the_middleware_is_taken_for_that_of_a_failure() {
    let server = Server::new(Options::new());
    server.begin("GET", "/orders").fail(None, &std::io::Error::other("database gone"));
    let mut exchange = server.begin("GET", "/panic");
    let panics = || exchange.run(|| panic!("expected in this test"));
    assert!(catch_unwind(AssertUnwindSafe(panics)).is_err());
    let mut transfer = server.begin("GET", "/export").respond(200, &HeaderMap::new(), None);
    transfer.fail(&std::io::Error::other("disk gone"));
    let entries = server.entries();
    assert_eq!(entries.iter().filter(|entry| entry["metadata"].get("exception").is_some()).count(), 3);
    let text = json!(entries).to_string();
    assert!(!text.contains("logtide-middleware/src") && !text.contains("logtide_middleware::"), "{text}");
}

#[test]
fn a_panic_is_logged_whatever_it_carries() {
    let server = Server::new(Options::new().log_requests(false));
    let works: [fn(); 2] = [|| panic!("expected in this test"), || panic_any(7)];
    for work in works {
        let mut exchange = server.begin("GET", "/panic");
        assert!(catch_unwind(AssertUnwindSafe(|| exchange.run(work))).is_err());
    }
    let messages: Vec<_> = server.entries().iter().map(|entry| entry["message"].clone()).collect();
    assert_eq!(
        messages,
        [
            "Request error: panicked: expected in this test",
            "Request error: panicked: (the panic has no message)"
        ]
    );
}

#[test]
fn a_request_that_is_given_up_is_logged_as_cancelled() {
    let server = Server::new(Options::new());
    drop(server.begin("GET", "/slow"));
    let entry = server.last(2);
    assert_eq!(entry["level"], "warn");
    assert_timed(&entry, "GET /slow cancelled (", "ms)");
    assert_eq!(metadata(&entry), json!({"method": "GET", "path": "/slow"}));
}

#[test]
fn a_response_that_is_given_up_keeps_its_status() {
    for (status, level) in [(200, "warn"), (404, "warn"), (500, "error")] {
        let server = Server::new(Options::new());
        let mut transfer = server.begin("GET", "/export").respond(status, &HeaderMap::new(), Some(10));
        transfer.sent(9);
        drop(transfer);
        let entry = server.last(2);
        assert_eq!((&entry["level"], &entry["metadata"]["status"]), (&json!(level), &json!(status)));
        assert_timed(&entry, "GET /export cancelled (", "ms)");
    }
}

#[test]
fn of_paths_that_are_skipped_nothing_is_logged() {
    let server = Server::new(Options::new().also_skip(["/metrics"]));
    for path in ["/health", "/healthz", "/metrics"] {
        let _ = server.begin("GET", path).respond(200, &HeaderMap::new(), Some(0));
        let _ = server.begin("GET", path).respond(500, &HeaderMap::new(), Some(0));
        drop(server.begin("GET", path));
    }
    assert_eq!(server.entries().len(), 0);
}

#[test]
fn with_entries_of_requests_off_the_response_is_logged_alone() {
    let server = Server::new(Options::new().log_requests(false));
    let _ = server.begin("GET", "/").respond(200, &HeaderMap::new(), Some(0));
    assert_timed(&server.last(1), "GET / 200 (", "ms)");
}

#[test]
fn with_entries_of_responses_off_failures_are_still_logged() {
    let server = Server::new(Options::new().log_requests(false).log_responses(false));
    for status in [200, 404] {
        let _ = server.begin("GET", "/").respond(status, &HeaderMap::new(), Some(0));
    }
    drop(server.begin("GET", "/"));
    assert_eq!(server.entries().len(), 0);
    let _ = server.begin("GET", "/").respond(502, &HeaderMap::new(), Some(0));
    server.begin("GET", "/").fail(None, &std::fmt::Error);
    let levels: Vec<_> = server.entries().iter().map(|entry| entry["level"].clone()).collect();
    assert_eq!(levels, ["error", "error"]);
}
