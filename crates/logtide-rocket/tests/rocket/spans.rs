//! Requests as spans in Rocket.

use logtide_tests::middleware::scenarios;

use crate::server::serve;

#[test]
fn a_request_is_a_span_of_the_trace_of_its_caller() {
    scenarios::makes_a_request_a_span(serve, "/users/<id>", None);
}

#[test]
fn personal_attributes_are_there_where_the_client_may_send_them() {
    scenarios::has_personal_attributes_where_the_client_may_send_them(serve);
}

#[test]
fn c23_the_decision_of_the_caller_is_followed_and_passed_on() {
    scenarios::follows_the_sampling_of_the_caller(serve);
}

#[test]
fn paths_that_are_skipped_and_servers_without_the_option_make_no_spans() {
    scenarios::makes_no_span_where_none_is_asked_for(serve);
}

#[test]
fn the_status_of_a_span_is_that_of_its_response() {
    scenarios::has_the_status_of_the_response(serve);
}

#[test]
fn what_fails_ends_its_span_once_as_an_error() {
    scenarios::ends_as_an_error_what_fails(serve);
}

#[test]
fn a_span_ends_with_the_body() {
    scenarios::ends_with_the_body(serve);
}

#[test]
fn a_client_that_hangs_up_ends_the_span() {
    scenarios::ends_when_the_client_hangs_up(serve);
}

#[test]
fn c24_concurrent_requests_have_each_its_own_span() {
    scenarios::keeps_concurrent_spans_apart(serve);
}

#[test]
fn c25_tracestate_and_baggage_are_passed_on() {
    scenarios::passes_tracestate_and_baggage_on(serve);
}
