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
