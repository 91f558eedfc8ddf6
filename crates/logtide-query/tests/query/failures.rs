//! Answers that are none.

use std::error::Error;

use bytes::Bytes;
use logtide_query::{QueryError, QueryOptions};
use logtide_transport::{Body, ErrorKind, Reply, TransportError};

use crate::setup::{KEY, answered};

async fn failure(reply: impl Fn() -> Reply + Send + Sync + 'static) -> QueryError {
    let (client, _) = answered(reply);
    let error = client.query(QueryOptions::new()).await.unwrap_err();
    assert!(!format!("{error} {error:?} {client:?}").contains(KEY));
    error
}

fn json(status: u16, body: &'static str) -> Reply {
    Reply::status(status).header("content-type", "application/json; charset=utf-8").body(body)
}

#[tokio::test]
async fn a_wrong_key_and_a_key_for_writing_say_what_to_do() {
    let wrong = failure(|| json(401, r#"{"error":"Unauthorized","message":"Invalid API key"}"#)).await;
    assert!(matches!(wrong, QueryError::Unauthorized { .. }));
    assert!(wrong.to_string().contains("check it") && wrong.to_string().contains("Invalid API key"));

    let write_only = failure(|| {
        json(
            403,
            r#"{"error":"Forbidden","message":"This API key has write-only access. Use a full-access key."}"#,
        )
    });
    let write_only = write_only.await;
    assert!(matches!(write_only, QueryError::Forbidden { .. }));
    assert!(write_only.to_string().contains("full access"), "{write_only}");
    assert!(write_only.to_string().contains("write-only access"), "{write_only}");
}

#[tokio::test]
async fn a_bad_parameter_is_explained_in_the_words_of_the_server() {
    let new = failure(|| {
        json(
            400,
            r#"{"statusCode":400,"error":"querystring/from must match format","details":[],"code":"FST"}"#,
        )
    });
    assert!(new.await.to_string().ends_with("querystring/from must match format"));
    let old = failure(|| {
        json(
            400,
            r#"{"statusCode":400,"code":"FST","error":"Bad Request","message":"querystring/to is wrong"}"#,
        )
    });
    assert!(old.await.to_string().ends_with("querystring/to is wrong"));
    let listed = failure(|| {
        json(
            400,
            r#"{"statusCode":400,"error":"querystring/level must be equal to one of the allowed values","details":[
                {"instancePath":"/level","keyword":"enum","params":{"allowedValues":["debug","info"]},
                 "message":"must be equal to one of the allowed values"},
                {"instancePath":"/limit","keyword":"maximum","params":{},"message":"must be <= 1000"}]}"#,
        )
    });
    let listed = listed.await.to_string();
    assert!(listed.ends_with("allowed values; allowed are debug, info; /limit must be <= 1000"), "{listed}");
    let nested = failure(|| {
        json(
            400,
            r#"{"error":"Validation error","details":{"_errors":[],"filters":{"1":{"key":{"_errors":["Required"]}}}}}"#,
        )
    });
    let nested = nested.await.to_string();
    assert!(nested.ends_with("Validation error; filters.1.key Required"), "{nested}");
    let silent = failure(|| json(400, "{}")).await;
    assert!(silent.to_string().ends_with("Bad Request"), "{silent}");
}

#[tokio::test]
async fn a_page_of_a_proxy_is_not_taken_for_an_answer() {
    let html = || Reply::status(200).header("content-type", "text/html").body("<html>sign in</html>");
    let error = failure(html).await;
    assert!(matches!(error, QueryError::Unreadable { .. }));
    assert!(error.to_string().contains("text/html"), "{error}");
    assert!(error.source().is_some());

    let refused =
        failure(|| Reply::status(403).header("content-type", "text/html").body("<html>blocked</html>")).await;
    assert!(matches!(refused, QueryError::Forbidden { .. }));
    assert!(refused.to_string().contains("proxy"), "{refused}");
}

#[tokio::test]
async fn json_that_is_not_of_this_server_says_what_is_wrong_with_it() {
    for body in [r#"{"status":"ok"}"#, r#"{"logs":[{"id":"1"}]}"#, r#"{"logs":[{"id":"#, "", "[]", "null"] {
        let error = failure(move || json(200, body)).await;
        assert!(matches!(error, QueryError::Undecodable(_)), "{body}: {error}");
        assert!(error.to_string().contains("check that the API URL"), "{error}");
        assert!(error.source().is_some());
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_not_taken_for_a_short_one() {
    let broken = || Err(TransportError::new(ErrorKind::Io, "reset"));
    let error = failure(move || {
        let chunks = [Ok(Bytes::from_static(br#"{"logs":[]"#)), broken()];
        Reply::status(200).body(Body::from_chunks(chunks.into_iter()))
    });
    let error = error.await;
    let QueryError::Transport(transport) = &error else { panic!("{error}") };
    assert_eq!(transport.kind(), ErrorKind::Io);
}

#[tokio::test]
async fn other_statuses_are_told_apart() {
    let missing = failure(|| json(404, r#"{"message":"Route GET:/x not found","error":"Not Found"}"#)).await;
    assert!(matches!(missing, QueryError::UnknownEndpoint { .. }));
    assert!(missing.to_string().contains("Route GET:/x"), "{missing}");

    let gateway = failure(|| Reply::status(502).body("<html>nginx</html>")).await;
    assert!(
        gateway.to_string().starts_with("the server answered 502: Bad Gateway with a web page"),
        "{gateway}"
    );

    let moved =
        failure(|| Reply::status(301).header("location", "https://logs.example/logtide/api/v1/logs")).await;
    assert!(moved.to_string().ends_with("https://logs.example/logtide/api/v1/logs"), "{moved}");
}

#[tokio::test]
async fn a_message_is_cut_and_never_quotes_the_key() {
    let quoting = failure(|| json(400, r#"{"message":"bad header x-api-key: lp_secret"}"#)).await;
    assert!(quoting.to_string().ends_with("x-api-key: ***"), "{quoting}");
    let terminal = failure(|| json(400, r#"{"message":"a\u001b[31m\nb"}"#)).await;
    assert!(terminal.to_string().ends_with("a [31m b"), "{terminal}");
    let long = format!(r#"{{"message":"{}"}}"#, "é".repeat(10_000));
    let error = failure(move || Reply::status(500).body(Bytes::from(long.clone()))).await;
    assert!(error.to_string().chars().count() < 600);
}

#[tokio::test]
async fn no_answer_keeps_its_cause() {
    let error = failure(|| Reply::fail(ErrorKind::Connect)).await;
    let QueryError::Transport(transport) = &error else { panic!("{error}") };
    assert_eq!(transport.kind(), ErrorKind::Connect);
    assert!(error.source().is_some());
}
