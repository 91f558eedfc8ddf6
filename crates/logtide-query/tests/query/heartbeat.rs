//! Heartbeats of monitors.

use std::time::Duration;

use http::Method;
use logtide_query::{QueryError, block_on};
use logtide_transport::{ErrorKind, MemoryTransport, Reply};

use crate::setup::{KEY, answered, client_with_paused_clock};

const MONITOR: &str = "8d7f0f1e-6c0a-4b7e-9d44-0c7c0d1f2a3b";

fn json(status: u16, body: &'static str) -> Reply {
    Reply::status(status).header("content-type", "application/json; charset=utf-8").body(body)
}

async fn failure(reply: impl Fn() -> Reply + Send + Sync + 'static) -> QueryError {
    let (client, transport) = answered(reply);
    let error = client.heartbeat(MONITOR).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains(KEY));
    assert_eq!(transport.requests().len(), 1, "a heartbeat is not repeated");
    error
}

#[tokio::test]
async fn a_heartbeat_is_a_post_without_a_body() {
    let (client, transport) = answered(|| Reply::status(204));
    client.heartbeat(MONITOR).await.unwrap();
    block_on(client.heartbeat("a/b ?")).unwrap();
    let requests = transport.requests();
    assert_eq!(requests[0].method, Method::POST);
    assert_eq!(requests[0].uri.path(), format!("/logtide/api/v1/monitors/{MONITOR}/heartbeat"));
    assert!(requests[0].body.is_empty());
    // The server refuses an empty body that is said to be JSON.
    assert!(!requests[0].headers.contains_key("content-type"));
    assert_eq!(requests[0].headers["x-api-key"], KEY);
    assert_eq!(requests[1].uri.path(), "/logtide/api/v1/monitors/a%2Fb%20%3F/heartbeat");
}

#[tokio::test]
async fn what_is_no_id_of_a_monitor_is_not_sent() {
    let (client, transport) = answered(|| Reply::status(204));
    for id in ["", ".", ".."] {
        let error = client.heartbeat(id).await.unwrap_err();
        assert!(matches!(error, QueryError::InvalidMonitorId(_)), "{error}");
        assert!(matches!(block_on(client.heartbeat(id)), Err(QueryError::InvalidMonitorId(_))), "{id}");
    }
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn a_500_says_what_to_check() {
    let error = failure(|| json(500, r#"{"statusCode":500,"error":"Internal Server Error"}"#)).await;
    let QueryError::HeartbeatFailed { monitor_id, message } = &error else { panic!("{error}") };
    assert_eq!((monitor_id.as_str(), message.as_str()), (MONITOR, "Internal Server Error"));
    let text = error.to_string();
    for word in
        [MONITOR, "heartbeat monitor", "enabled", "project of the API key", "check the server's own logs"]
    {
        assert!(text.contains(word), "{text}");
    }
    assert!(error.is_retryable());
}

#[tokio::test]
async fn other_answers_say_what_they_say_to_other_calls() {
    let error = failure(|| Reply::status(502).body("<html>nginx</html>")).await;
    assert!(error.to_string().starts_with("the server answered 502"), "{error}");
    let error = failure(|| json(401, r#"{"error":"Unauthorized","message":"Invalid API key"}"#)).await;
    assert!(matches!(error, QueryError::Unauthorized { .. }), "{error}");
    let route = r#"{"message":"Route POST:/api/v1/monitors/1/heartbeat not found","error":"Not Found","statusCode":404}"#;
    let error = failure(move || json(404, route)).await;
    assert!(matches!(error, QueryError::UnknownEndpoint { .. }), "{error}");
    let error = failure(|| Reply::fail(ErrorKind::Connect)).await;
    assert!(matches!(error, QueryError::Transport(_)), "{error}");
}

#[tokio::test]
async fn a_page_of_a_proxy_is_not_taken_for_a_heartbeat() {
    let page = || Reply::status(200).header("content-type", "text/html").body("<html>sign in</html>");
    let error = failure(page).await;
    assert!(matches!(error, QueryError::Unreadable { .. }), "{error}");
    for body in ["", r#"{"status":"ok"}"#] {
        let error = failure(move || json(200, body)).await;
        assert!(matches!(error, QueryError::Undecodable(_)), "{error}");
    }
}

#[tokio::test]
async fn a_rate_limit_is_waited_for() {
    let limited = || json(429, r#"{"statusCode":429,"error":"Rate limit exceeded, retry in 10 seconds"}"#);
    let transport = MemoryTransport::responding(|_| Reply::status(204));
    transport.push(limited().header("retry-after", "10"));
    let client = client_with_paused_clock(&transport).timeout(Duration::from_secs(30));
    client.heartbeat(MONITOR).await.unwrap();
    assert_eq!(transport.requests().len(), 2);

    transport.push(limited().header("retry-after", "10"));
    let impatient = client.timeout(Duration::from_secs(10));
    let error = impatient.heartbeat(MONITOR).await.unwrap_err();
    assert!(matches!(error, QueryError::TooManyRequests { .. }), "{error}");
}
