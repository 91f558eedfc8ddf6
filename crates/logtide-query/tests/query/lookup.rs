//! Single entries, what is around them, and names.

use chrono::{DateTime, Utc};
use logtide_query::{ContextOptions, QueryError};
use logtide_transport::Reply;

use crate::setup::{answered, ids, paths, routed};

const ID: &str = "8d7f0f1e-6c0a-4b7e-9d44-0c7c0d1f2a3b";

fn entry(id: &str) -> String {
    format!(
        r#"{{"id":"{id}","time":"2026-11-22T09:58:34.843Z","projectId":"p","service":"s","level":"info","message":"m","metadata":null,"traceId":null}}"#
    )
}

fn json(status: u16, body: &'static str) -> Reply {
    Reply::status(status).header("content-type", "application/json; charset=utf-8").body(body)
}

#[tokio::test]
async fn an_entry_is_found_by_its_id() {
    let (client, transport) = routed(|_| format!(r#"{{"log":{}}}"#, entry(ID)));
    assert_eq!(client.log_by_id(ID).await.unwrap().unwrap().id, ID);
    assert_eq!(paths(&transport), [format!("logs/{ID}")]);
}

#[tokio::test]
async fn only_the_servers_own_word_means_that_there_is_none() {
    let (client, _) = answered(|| json(404, r#"{"error":"Log not found"}"#));
    assert_eq!(client.log_by_id(ID).await.unwrap(), None);

    let route = r#"{"message":"Route GET:/api/v1/logs/8d7f not found","error":"Not Found","statusCode":404}"#;
    let (client, _) = answered(move || json(404, route));
    assert!(matches!(client.log_by_id(ID).await, Err(QueryError::UnknownEndpoint { .. })));
    let (client, _) = answered(|| Reply::status(404).header("content-type", "text/html").body("<html>"));
    assert!(matches!(client.log_by_id(ID).await, Err(QueryError::NotFound { .. })));
}

#[tokio::test]
async fn what_is_no_id_is_not_sent() {
    let (client, transport) = routed(|_| r#"{"services":[]}"#.to_owned());
    for id in ["", "services", "../stats", "8d7f0f1e"] {
        assert!(matches!(client.log_by_id(id).await, Err(QueryError::InvalidId(_))), "{id}");
    }
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn what_is_around_a_moment_comes_in_order() {
    let (client, transport) = routed(|_| {
        format!(r#"{{"before":[{},{}],"current":null,"after":[{}]}}"#, entry("1"), entry("2"), entry("3"))
    });
    let time: DateTime<Utc> = "2026-11-22T09:58:34.843999Z".parse().unwrap();
    let context = client.context(ContextOptions::new(time).before(2).after(50)).await.unwrap();
    assert_eq!(ids(&context.before), ["1", "2"]);
    assert_eq!((context.current, ids(&context.after)), (None, vec!["3"]));
    assert_eq!(paths(&transport), ["logs/context?time=2026-11-22T09%3A58%3A34.843000Z&before=2&after=50"]);

    for options in [ContextOptions::new(time).before(0), ContextOptions::new(time).after(51)] {
        let error = client.context(options).await.unwrap_err();
        assert!(error.to_string().contains("from 1 to 50"), "{error}");
    }
    assert_eq!(transport.requests().len(), 1);
}

#[tokio::test]
async fn services_and_hosts_are_listed() {
    let (client, transport) = routed(|path| match path {
        "logs/services" => r#"{"services":["api","web"]}"#.to_owned(),
        _ => r#"{"hostnames":["5","h1"]}"#.to_owned(),
    });
    assert_eq!(client.services().await.unwrap(), ["api", "web"]);
    assert_eq!(client.hostnames().await.unwrap(), ["5", "h1"]);
    assert_eq!(paths(&transport), ["logs/hostnames", "logs/services"]);
}

#[tokio::test]
async fn a_server_without_host_names_says_so_in_two_ways() {
    let taken_for_an_id = r#"{"statusCode":400,"code":"FST_ERR_VALIDATION","error":"Bad Request",
        "message":"params/logId must match format \"uuid\""}"#;
    let no_route =
        r#"{"message":"Route GET:/api/v1/logs/hostnames not found","error":"Not Found","statusCode":404}"#;
    for (status, body) in [(400, taken_for_an_id), (404, no_route)] {
        let (client, _) = answered(move || json(status, body));
        let error = client.hostnames().await.unwrap_err();
        assert!(matches!(error, QueryError::UnknownEndpoint { .. }), "{error}");
        assert!(error.to_string().contains("update the server"), "{error}");
    }
}
