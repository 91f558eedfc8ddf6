//! What is logged of requests in axum, beyond the contract.

use logtide_tests::middleware::scenarios;

use super::server::serve;

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
fn a_client_that_does_not_wait_is_logged_once() {
    scenarios::logs_a_client_that_does_not_wait(serve);
}

#[test]
fn a_connection_that_is_reset_is_logged_once() {
    scenarios::logs_a_connection_that_is_reset(serve);
}

#[test]
fn a_head_request_is_complete_without_a_body() {
    scenarios::logs_a_head_request(serve);
}

#[test]
fn paths_are_skipped() {
    scenarios::skips_paths(serve);
}
