//! Rate limits and quotas.

use std::{sync::Arc, time::Duration};

use logtide_core::ApiKey;
use logtide_query::{QueryClient, QueryError, QueryOptions};
use logtide_transport::{Driver, Endpoint, ErrorKind, MemoryTransport, Reply};

use crate::setup::{TIMEOUT, client_with_paused_clock};

const EMPTY: &str = r#"{"logs":[],"total":0,"hasMore":false}"#;

fn limited() -> Reply {
    let body = r#"{"statusCode":429,"error":"Rate limit exceeded, retry in 10 seconds"}"#;
    Reply::status(429).header("content-type", "application/json; charset=utf-8").body(body)
}

#[tokio::test]
async fn a_rate_limit_is_waited_for_as_long_as_it_says() {
    let transport = MemoryTransport::responding(|_| Reply::json(EMPTY));
    transport.push(limited().header("retry-after", "10"));
    transport.push(limited().header("retry-after", "19"));
    let client = client_with_paused_clock(&transport).timeout(Duration::from_secs(30));
    client.query(QueryOptions::new()).await.unwrap();
    let requests = transport.requests();
    assert_eq!(requests.len(), 3);
    // What is left of the total time is the time of the next attempt. A clock that stands still counts whole milliseconds.
    let left: Vec<u64> = requests.iter().map(|request| request.timeout.unwrap().as_secs()).collect();
    assert_eq!(left[0], 30);
    assert!((19..=20).contains(&left[1]) && left[2] <= 1, "{left:?}");
}

#[tokio::test]
async fn an_attempt_after_the_wait_has_the_key_that_is_set_by_then() {
    let endpoint = Endpoint::new("http://logs.example", ApiKey::new("lp_first")).unwrap();
    let rotated = endpoint.clone();
    let transport = MemoryTransport::responding(move |_| {
        rotated.set_api_key(&ApiKey::new("lp_second")).unwrap();
        limited().header("retry-after", "1")
    });
    let driver = Driver::new();
    driver.run_blocking(TIMEOUT, async { tokio::time::pause() }).unwrap();
    let client =
        QueryClient::new(endpoint, Arc::new(transport.clone()), driver).timeout(Duration::from_secs(2));
    client.query(QueryOptions::new()).await.unwrap_err();
    let keys =
        transport.requests().iter().map(|request| request.headers["x-api-key"].clone()).collect::<Vec<_>>();
    assert_eq!(keys[..2], ["lp_first", "lp_second"]);
}

#[tokio::test]
async fn without_a_time_it_waits_a_second() {
    let transport = MemoryTransport::responding(|_| limited());
    let client = client_with_paused_clock(&transport).timeout(Duration::from_millis(4_500));
    let error = client.query(QueryOptions::new()).await.unwrap_err();
    assert!(matches!(error, QueryError::TooManyRequests { retry_after: None, .. }), "{error}");
    assert_eq!(transport.requests().len(), 5);
}

#[tokio::test]
async fn a_wait_that_does_not_fit_is_not_begun() {
    let transport = MemoryTransport::responding(|_| limited().header("retry-after", "10"));
    let client = client_with_paused_clock(&transport).timeout(Duration::from_secs(10));
    let error = client.query(QueryOptions::new()).await.unwrap_err();
    let QueryError::TooManyRequests { retry_after, message } = &error else { panic!("{error}") };
    assert_eq!(*retry_after, Some(Duration::from_secs(10)));
    assert_eq!(message, "Rate limit exceeded, retry in 10 seconds");
    assert!(error.to_string().contains("10 s"), "{error}");
    assert_eq!(transport.requests().len(), 1);
}

#[tokio::test]
async fn a_server_that_says_at_once_is_not_flooded() {
    let transport = MemoryTransport::responding(|_| limited().header("retry-after", "0"));
    let client = client_with_paused_clock(&transport).timeout(Duration::from_secs(1));
    assert!(client.query(QueryOptions::new()).await.is_err());
    assert!(transport.requests().len() <= 10, "{}", transport.requests().len());
}

#[tokio::test]
async fn the_timeout_covers_an_attempt_after_a_wait() {
    let transport = MemoryTransport::responding(|_| Reply::hang());
    transport.push(limited().header("retry-after", "10"));
    let client = client_with_paused_clock(&transport).timeout(Duration::from_secs(30));
    let error = client.query(QueryOptions::new()).await.unwrap_err();
    let QueryError::Transport(cause) = &error else { panic!("{error}") };
    assert_eq!(cause.kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn a_used_up_quota_is_told_at_once() {
    let body = r#"{"statusCode":429,"error":"Usage quota exceeded for 'query.max_monthly'",
        "code":"capability.query.max_monthly.exceeded"}"#;
    let transport = MemoryTransport::responding(move |_| Reply::status(429).body(body));
    let client = client_with_paused_clock(&transport);
    let error = client.query(QueryOptions::new()).await.unwrap_err();
    let QueryError::QuotaExceeded { code, .. } = &error else { panic!("{error}") };
    assert_eq!(code, "capability.query.max_monthly.exceeded");
    assert!(error.to_string().contains("raise it"), "{error}");
    assert_eq!(transport.requests().len(), 1);
}
