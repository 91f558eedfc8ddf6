//! Callers with and without a runtime.

use std::{thread, time::Duration};

use logtide_query::{QueryError, QueryOptions};
use logtide_transport::{ErrorKind, MemoryTransport, Reply};

use crate::setup::{answered, client};

const EMPTY: &str = r#"{"logs":[],"total":0,"hasMore":false}"#;

#[test]
fn a_caller_without_a_runtime_blocks() {
    let (client, transport) = answered(|| Reply::json(EMPTY));
    assert!(client.query_blocking(QueryOptions::new()).unwrap().logs.is_empty());
    assert!(client.get_by_trace_id_blocking("t").unwrap().is_empty());
    let paths: Vec<String> =
        transport.requests().iter().map(|request| request.uri.path().to_owned()).collect();
    assert_eq!(paths, ["/logtide/api/v1/logs", "/logtide/api/v1/logs/trace/t"]);
}

#[tokio::test]
async fn a_silent_server_is_given_up_after_the_timeout() {
    let transport = MemoryTransport::responding(|_| Reply::hang());
    let client = client(&transport).timeout(Duration::from_millis(20));
    let waiting = client.query(QueryOptions::new()).await.unwrap_err();
    let blocking = client.query_blocking(QueryOptions::new()).unwrap_err();
    for error in [waiting, blocking] {
        let QueryError::Transport(transport) = &error else { panic!("{error}") };
        assert_eq!(transport.kind(), ErrorKind::Timeout);
    }
}

#[tokio::test]
async fn calls_can_be_moved_to_other_tasks_and_threads() {
    let (client, _) = answered(|| Reply::json(EMPTY));
    let task = tokio::spawn(client.query(QueryOptions::new()));
    let thread = thread::spawn(move || client.query_blocking(QueryOptions::new()));
    assert!(task.await.unwrap().is_ok());
    assert!(thread.join().unwrap().is_ok());
}
