//! Searching.

use chrono::{DateTime, FixedOffset};
use http::Method;
use logtide_core::{Level, Timestamp};
use logtide_query::{MetadataFilter, QueryOptions};
use logtide_transport::Reply;

use crate::setup::{KEY, answered};

/// As server 1.0.2 answers.
const PAGE: &str = r#"{"logs":[{"id":"8d7f0f1e-6c0a-4b7e-9d44-0c7c0d1f2a3b","time":"2026-11-22T09:58:34.843Z",
    "projectId":"3c1c1f6a-6a55-4d0e-8a59-96fb3a6f3b7b","service":"api","level":"critical","message":"ok again",
    "metadata":null,"traceId":null,"sessionId":null}],
    "total":8079,"hasMore":true,"limit":1,"offset":0,"nextCursor":"MjAyNi0xMS0yMg=="}"#;

/// As server 0.5.0 answers: no `hasMore`, no `sessionId`.
const OLD_PAGE: &str = r#"{"logs":[{"id":"8d7f0f1e-6c0a-4b7e-9d44-0c7c0d1f2a3b","time":"2026-11-22T09:58:34.843Z",
    "projectId":"3c1c1f6a-6a55-4d0e-8a59-96fb3a6f3b7b","service":"api","level":"info","message":"old",
    "metadata":{"a":1},"traceId":"t1"}],"total":25,"limit":1,"offset":0,"nextCursor":"MjAyNi0xMS0yMg=="}"#;

#[tokio::test]
async fn a_page_is_read_and_leads_to_the_next() {
    let (client, transport) = answered(|| Reply::json(PAGE));
    let from: DateTime<FixedOffset> = "2026-11-22T10:00:00+01:00".parse().unwrap();
    let options = QueryOptions::new().service("api").level(Level::Critical).from_time(from).limit(1);
    let page = client.query(options.clone()).await.unwrap();
    assert_eq!(page.logs[0].message, "ok again");
    assert_eq!(page.logs[0].level, Level::Critical);
    assert_eq!(page.total, 8079);
    assert!(page.has_more);
    client.query(options.cursor(page.next_cursor.unwrap())).await.unwrap();

    let requests = transport.requests();
    let first = "http://logs.example/logtide/api/v1/logs\
                 ?service=api&level=critical&from=2026-11-22T09%3A00%3A00.000000Z&limit=1";
    assert_eq!(requests[0].method, Method::GET);
    assert_eq!(requests[0].uri, first);
    assert_eq!(requests[0].headers["x-api-key"], KEY);
    assert_eq!(requests[1].uri.to_string(), format!("{first}&cursor=MjAyNi0xMS0yMg%3D%3D"));
}

#[tokio::test]
async fn an_old_server_has_more_where_it_gives_a_cursor() {
    let (client, _) = answered(|| Reply::json(OLD_PAGE));
    let page = client.query(QueryOptions::new()).await.unwrap();
    assert!(page.has_more);
    assert_eq!(page.logs[0].trace_id.as_deref(), Some("t1"));
    assert_eq!(page.logs[0].metadata["a"], 1);

    let (client, _) = answered(|| Reply::json(r#"{"logs":[],"total":0,"limit":100,"offset":0}"#));
    let last = client.query(QueryOptions::new()).await.unwrap();
    assert!(!last.has_more);
    assert_eq!(last.next_cursor, None);
}

#[tokio::test]
async fn a_limit_out_of_range_is_not_sent() {
    let (client, transport) = answered(|| Reply::json(PAGE));
    assert!(client.query(QueryOptions::new().limit(1001)).await.is_err());
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn more_filters_than_the_server_takes_are_not_sent() {
    let (client, transport) = answered(|| Reply::json(PAGE));
    let filter = || MetadataFilter::equals("tenant", "a");
    let options = (0..10).fold(QueryOptions::new(), |options, _| options.metadata(filter()));
    client.query(options.clone()).await.unwrap();
    let error = client.query(options.metadata(filter())).await.unwrap_err();
    assert!(error.to_string().contains("use at most 10"), "{error}");
    assert_eq!(transport.requests().len(), 1);
}

#[tokio::test]
async fn an_entry_that_is_nested_too_deeply_costs_itself_alone() {
    let nested = ["[".repeat(4_000), "]".repeat(4_000)].concat();
    let entry = |id: u32, metadata: &str| {
        format!(
            r#"{{"id":"{id}","time":"2026-11-22T09:58:34Z","service":"s","level":"info","message":"m","metadata":{metadata}}}"#
        )
    };
    let page = [entry(1, &format!(r#"{{"deep":{nested},"a":1}}"#)), entry(2, r#"{"a":2}"#)].join(",");
    let (client, _) = answered(move || Reply::json(format!(r#"{{"logs":[{page}],"total":2}}"#)));
    let logs = client.query(QueryOptions::new()).await.unwrap().logs;
    assert_eq!((&logs[0].metadata["a"], &logs[1].metadata["a"]), (&1.into(), &2.into()));
}

#[tokio::test]
async fn a_time_that_ends_before_it_begins_is_not_sent() {
    let (client, transport) = answered(|| Reply::json(PAGE));
    let options =
        QueryOptions::new().from_time(Timestamp::from_micros(2_000)).to_time(Timestamp::from_micros(1));
    let error = client.query(options).await.unwrap_err();
    assert!(error.to_string().contains("swap them"), "{error}");
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn what_cannot_be_read_is_quoted_shortly_and_without_the_key() {
    let quoted = format!("\"x-api-key: {KEY} {}\"", "x".repeat(100_000));
    let (client, _) = answered(move || Reply::json(quoted.clone()));
    let error = client.query(QueryOptions::new()).await.unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(shown.len() < 2_000 && !shown.contains(KEY), "{shown}");
}
