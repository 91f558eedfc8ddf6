//! What is logged of requests in actix-web, beyond the contract.

use logtide_actix::Options;
use logtide_tests::middleware::{Site, scenarios};

use crate::server::{serve, serve_whole_connections};

#[test]
fn the_route_is_known() {
    scenarios::knows_the_route(serve, "/users/{id}");
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
fn a_connection_that_is_reset_is_logged_once() {
    scenarios::logs_a_connection_that_is_reset(serve);
}

#[test]
fn a_handler_that_outlives_its_client_is_logged_by_its_status() {
    scenarios::logs_a_handler_that_outlives_its_client(serve);
}

#[test]
fn a_client_that_does_not_wait_is_logged_once_where_half_closed_connections_are_refused() {
    scenarios::logs_a_client_that_does_not_wait(serve_whole_connections);
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
fn what_another_middleware_refuses_is_logged_once() {
    let site = Site::new(serve, Options::new());
    assert_eq!(site.get("/refused/401", &[]).map(|answer| answer.status), Some(401));
    assert_eq!(site.get("/refused/503", &[]).map(|answer| answer.status), Some(503));
    let entries = site.finish(4);
    assert_eq!(entries[1]["level"], "warn");
    assert!(entries[1]["message"].as_str().unwrap().starts_with("GET /refused/401 401 ("));
    assert_eq!(
        (entries[3]["level"].as_str(), entries[3]["metadata"]["status"].as_u64()),
        (Some("error"), Some(503))
    );
    assert_eq!(entries[3]["message"], "Request error: refused");
}

#[test]
fn a_length_that_is_not_sent_is_not_waited_for() {
    let site = Site::new(serve, Options::new());
    assert_eq!(site.get("/too_long", &[]).map(|answer| answer.body).as_deref(), Some("a"));
    let entry = &site.finish(2)[1];
    assert_eq!(entry["level"], "info");
    assert!(entry["message"].as_str().unwrap().starts_with("GET /too_long 200 ("), "{entry}");
}

#[test]
fn a_path_is_logged_under_its_name() {
    scenarios::logs_a_path_under_its_name(serve);
}

#[test]
fn a_path_may_be_named_by_its_route() {
    scenarios::names_a_path_by_its_route(serve, "/users/{id}", true);
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
