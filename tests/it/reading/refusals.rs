//! Calls that the server rejects.

use std::time::Duration;

use logtide::{Client, ClientOptions, HttpOptions, QueryError, QueryOptions};
use logtide_devserver::{DevServer, Fault, Target};
use logtide_tests::{
    scripted::{ScriptedServer, Step},
    setup,
};

use super::{MILLISECOND, started};

fn failure(client: &Client) -> QueryError {
    client.query_blocking(QueryOptions::new()).expect_err("the server refuses")
}

#[test]
fn keys_that_may_not_read_say_what_to_use_instead() {
    let server = DevServer::start().expect("the server starts");
    let with_key = |key: &str| {
        let options = ClientOptions::new(server.url(), key).http(HttpOptions::new().no_proxy());
        failure(&Client::new(options).expect("the options work"))
    };
    let write_only = with_key(server.write_key());
    assert!(matches!(write_only, QueryError::Forbidden { .. }), "{write_only}");
    assert!(write_only.to_string().contains("full access"), "{write_only}");
    let wrong = with_key("lp_wrong");
    assert!(matches!(wrong, QueryError::Unauthorized { .. }), "{wrong}");
    assert!(!format!("{wrong} {wrong:?} {write_only:?}").contains("lp_"));
}

#[test]
fn a_short_rate_limit_is_waited_for_and_a_quota_is_not() {
    let (server, client) = started();
    server.chaos(Fault::RateLimited { retry_after: Duration::from_secs(1) }).on(Target::Reads).next(1);
    client.query_blocking(QueryOptions::new()).expect("it is waited for");
    assert_eq!(server.requests().by_status[&429], 1);

    server.chaos(Fault::QuotaExceeded).on(Target::Reads).next(1);
    assert!(matches!(failure(&client), QueryError::QuotaExceeded { .. }));
    assert_eq!(server.requests().by_status[&429], 2);
}

#[test]
fn an_address_beside_the_api_says_so() {
    let server = DevServer::start().expect("the server starts");
    let options = ClientOptions::new(format!("{}/elsewhere", server.url()), server.api_key())
        .http(HttpOptions::new().no_proxy());
    let error = failure(&Client::new(options).expect("the options work"));
    assert!(matches!(error, QueryError::UnknownEndpoint { .. }), "{error}");
    assert!(error.to_string().contains("path of the API URL"), "{error}");
}

#[test]
fn a_server_that_never_answers_is_given_up_when_the_client_s_requests_are() {
    let server = ScriptedServer::start([Step::Hang]);
    let options = setup::options(&server.url()).request_timeout(50 * MILLISECOND);
    let error = failure(&Client::new(options).expect("the options work"));
    assert!(matches!(error, QueryError::Transport(_)), "{error:?}");
    assert!(error.to_string().contains("no complete response in time"), "{error}");
}
