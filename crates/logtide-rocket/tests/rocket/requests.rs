//! What is logged of requests in Rocket, beyond the contract.

use logtide_rocket::Options;
use logtide_tests::middleware::{Site, hang_up, scenarios};
use serde_json::json;

use crate::server::serve;

#[test]
fn the_route_is_known() {
    scenarios::knows_the_route(serve, "/users/<id>");
}

#[test]
fn a_stream_is_logged_when_it_ends() {
    scenarios::logs_a_stream_when_it_ends(serve);
}

#[test]
fn a_body_that_is_shorter_than_it_says_is_logged_once_as_an_error() {
    scenarios::logs_a_short_body_once(serve);
}

#[test]
fn a_client_that_hangs_up_is_logged_once() {
    scenarios::logs_a_client_that_hangs_up(serve);
}

#[test]
fn a_client_that_hangs_up_in_a_body_of_known_size_is_logged_once() {
    let site = Site::new(serve, Options::new());
    hang_up(site.server().address(), "/large");
    let entry = &site.finish(2)[1];
    assert!(entry["message"].as_str().unwrap().starts_with("GET /large cancelled ("), "{entry}");
    assert_eq!((&entry["level"], &entry["metadata"]["status"]), (&json!("warn"), &json!(200)));
}

#[test]
fn a_handler_that_outlives_its_client_is_logged_by_its_status() {
    scenarios::logs_a_handler_that_outlives_its_client(serve);
}

#[test]
fn a_head_request_is_complete_without_a_body() {
    scenarios::logs_a_head_request(serve);
}

#[test]
fn paths_are_skipped() {
    scenarios::skips_paths(serve);
}

#[test]
fn an_upgrade_is_logged_as_one() {
    for (asked, status, message) in [
        ("greeting", 101, "GET /upgrades 101 ("),
        ("chat, Greeting", 101, "GET /upgrades 101 ("),
        ("chat", 200, "GET /upgrades 200 ("),
    ] {
        let site = Site::new(serve, Options::new());
        let answer = site.get("/upgrades", &[("connection", "upgrade"), ("upgrade", asked)]);
        assert_eq!(answer.map(|answer| answer.status), Some(status), "{asked}");
        let entry = &site.finish(2)[1];
        assert!(entry["message"].as_str().unwrap().starts_with(message), "{asked}: {entry}");
        assert_eq!((&entry["level"], &entry["metadata"]["status"]), (&"info".into(), &status.into()));
    }
}

#[test]
fn a_body_of_known_size_that_fails_or_ends_before_it_is_a_failure() {
    let cases = [
        ("/sized", "Request error: the response body ended after 1 of 10 bytes"),
        ("/gone", "Request error: disk gone"),
    ];
    for (path, message) in cases {
        let site = Site::new(serve, Options::new());
        let _ = site.get(path, &[]);
        let entry = &site.finish(2)[1];
        assert_eq!((&entry["level"], &entry["message"]), (&json!("error"), &json!(message)));
        assert_eq!(entry["metadata"]["status"], 200);
    }
}

#[test]
fn a_path_is_logged_under_its_name() {
    scenarios::logs_a_path_under_its_name(serve);
}

#[test]
fn a_path_may_be_named_by_its_route() {
    scenarios::names_a_path_by_its_route(serve, "/users/<id>", false);
}

#[test]
fn a_request_starts_a_trace_where_its_own_is_not_trusted() {
    scenarios::starts_a_trace_where_the_callers_is_not_trusted(serve);
    scenarios::keeps_an_id_of_any_form_that_is_not_trusted(serve);
}

#[test]
fn an_event_stream_that_its_client_ends_is_no_warning() {
    scenarios::closes_an_event_stream_without_a_warning(serve);
}

#[test]
fn the_level_of_a_request_whose_client_disconnects_can_be_set() {
    scenarios::logs_a_client_that_hangs_up_at_the_level_that_is_set(serve);
}

#[test]
fn a_request_is_one_entry_on_request() {
    scenarios::is_one_entry_a_request_on_request(serve);
}
