//! The contract's scenarios for HTTP servers, with axum. See CONFORMANCE.md.

use logtide_tests::middleware::scenarios::{self, Failure};

use super::server::{serve, serve_inside_a_span};

#[test]
fn c15_every_entry_of_a_request_has_the_trace_that_it_brings() {
    scenarios::takes_the_trace_of_the_request(serve);
}

#[test]
fn c15_a_header_of_a_trace_that_is_there_twice_counts_as_absent() {
    scenarios::takes_no_trace_from_a_header_that_is_there_twice(serve);
}

#[test]
fn c15_the_trace_of_a_request_wins_over_a_span_around_the_server() {
    scenarios::takes_the_trace_of_the_request_inside_a_span(serve_inside_a_span);
}

#[test]
fn c15_a_request_without_a_trace_gets_one_of_its_own() {
    scenarios::makes_a_trace_for_each_request(serve);
}

#[test]
fn c16_nothing_personal_and_no_secret_is_logged() {
    scenarios::keeps_personal_data_and_secrets_out(serve);
}

#[test]
fn c16_personal_data_is_logged_where_it_was_asked_for() {
    scenarios::logs_personal_data_where_it_was_asked_for(serve);
}

#[test]
fn c20_concurrent_requests_never_see_each_other() {
    scenarios::keeps_concurrent_requests_apart(serve);
}

#[test]
fn c25_a_handler_passes_the_trace_of_its_request_on() {
    scenarios::passes_the_trace_on(serve);
}

#[test]
fn c26_what_is_logged_inside_a_span_of_the_handler_has_its_id() {
    scenarios::correlates_what_is_logged_inside_a_span(serve);
}

#[test]
fn c27_an_error_is_logged_once_and_answered_as_ever() {
    scenarios::logs_a_failure_once(
        serve,
        Failure { path: "/fails", status: Some(500), message: "GET /fails 500 (" },
    );
}

#[test]
fn c27_a_status_of_500_is_logged_once_as_an_error() {
    scenarios::logs_a_failure_once(
        serve,
        Failure { path: "/status/500", status: Some(500), message: "GET /status/500 500 (" },
    );
    scenarios::logs_a_failure_once(
        serve,
        Failure { path: "/status/502", status: Some(502), message: "GET /status/502 502 (" },
    );
}

#[test]
fn c27_a_panic_is_logged_once_and_goes_on() {
    scenarios::logs_a_failure_once(
        serve,
        Failure { path: "/panics", status: None, message: "Request error: panicked: expected in this test" },
    );
    scenarios::goes_on_after_a_failure(serve);
}

#[test]
fn c27_a_panic_is_one_exception_with_its_frames() {
    scenarios::logs_a_panic_as_one_exception(serve);
}

#[test]
fn c27_a_body_that_fails_is_logged_once() {
    scenarios::logs_a_failing_body_once(serve);
}

#[test]
fn c27_other_responses_are_logged_by_their_status() {
    scenarios::logs_a_response_by_its_status(serve);
}

#[test]
fn c28_events_of_the_handler_keep_level_fields_and_target() {
    scenarios::brings_events_with_their_fields(serve);
}
