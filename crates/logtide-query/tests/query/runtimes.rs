//! Callers with and without a runtime.

use std::{
    thread,
    time::{Duration, SystemTime},
};

use logtide_query::{
    AggregatedStatsOptions, ContextOptions, QueryClient, QueryError, QueryOptions, StatsOptions,
    TraceOptions, block_on,
};
use logtide_transport::{Driver, DriverError, ErrorKind, MemoryTransport, Reply};

use crate::setup::{TIMEOUT, answered, client, routed};

const EMPTY: &str = r#"{"logs":[],"total":0,"hasMore":false}"#;

const ID: &str = "8d7f0f1e-6c0a-4b7e-9d44-0c7c0d1f2a3b";

fn body(path: &str) -> String {
    let entry = format!(
        r#"{{"id":"{ID}","time":"2026-11-22T09:58:34Z","service":"s","level":"info","message":"m"}}"#
    );
    let span = r#"{"span_id":"1","trace_id":"t","service_name":"s","operation_name":"o",
        "start_time":"2026-11-22T09:58:34Z","end_time":"2026-11-22T09:58:34Z"}"#;
    match path {
        "logs" => format!(r#"{{"logs":[{entry}],"total":1,"hasMore":false}}"#),
        "logs/trace/t" => format!(r#"{{"logs":[{entry}]}}"#),
        "logs/aggregated" => r#"{"timeseries":[]}"#.to_owned(),
        "logs/top-services" => r#"{"services":[{"service":"s","count":1}]}"#.to_owned(),
        "logs/top-errors" => r#"{"errors":[{"message":"m","count":1}]}"#.to_owned(),
        "stats" => r#"{"total":1,"by_level":{"info":1}}"#.to_owned(),
        "logs/context" => format!(r#"{{"before":[],"current":{entry},"after":[]}}"#),
        "logs/services" => r#"{"services":["s"]}"#.to_owned(),
        "traces" => format!(r#"{{"traces":[{span}],"total":1}}"#),
        "traces/t" => span.to_owned(),
        "traces/t/spans" => format!(r#"{{"spans":[{span}]}}"#),
        "traces/services" => r#"{"services":["s"]}"#.to_owned(),
        "traces/stats" => r#"{"total_traces":1}"#.to_owned(),
        "traces/dependencies" => r#"{"nodes":[],"edges":[]}"#.to_owned(),
        "logs/hostnames" => r#"{"hostnames":["h"]}"#.to_owned(),
        _ => format!(r#"{{"log":{entry}}}"#),
    }
}

/// Makes every blocking call.
fn read_everything(client: &QueryClient) -> Result<(), QueryError> {
    let epoch = SystemTime::UNIX_EPOCH;
    assert_eq!(block_on(client.query(QueryOptions::new()))?.logs.len(), 1);
    assert_eq!(client.query_all_blocking(QueryOptions::new()).collect::<Result<Vec<_>, _>>()?.len(), 1);
    assert_eq!(block_on(client.get_by_trace_id("t"))?.len(), 1);
    let stats = block_on(client.get_aggregated_stats(AggregatedStatsOptions::new(epoch, epoch)))?;
    assert_eq!((stats.top_services[0].count, stats.top_errors[0].count), (1, 1));
    assert!(block_on(client.timeseries(AggregatedStatsOptions::new(epoch, epoch)))?.is_empty());
    assert_eq!(block_on(client.top_services(5))?.len(), 1);
    assert_eq!(block_on(client.top_errors(5))?.len(), 1);
    assert_eq!(block_on(client.stats(StatsOptions::new()))?.total, 1);
    assert_eq!(block_on(client.log_by_id(ID))?.unwrap().id, ID);
    assert_eq!(block_on(client.context(ContextOptions::new(epoch)))?.current.unwrap().id, ID);
    assert_eq!(block_on(client.services())?, ["s"]);
    assert_eq!(block_on(client.hostnames())?, ["h"]);
    assert_eq!(block_on(client.traces(TraceOptions::new()))?.total, 1);
    assert_eq!(block_on(client.trace_by_id("t"))?.unwrap().trace_id, "t");
    assert_eq!(block_on(client.trace_spans("t"))?[0].span_id, "1");
    assert_eq!(block_on(client.trace_services())?, ["s"]);
    assert_eq!(block_on(client.trace_stats(StatsOptions::new()))?.total_traces, 1);
    assert!(block_on(client.trace_dependencies(StatsOptions::new()))?.edges.is_empty());
    Ok(())
}

#[test]
fn a_caller_without_a_runtime_blocks() {
    read_everything(&routed(body).0).unwrap();
}

#[tokio::test]
async fn a_caller_inside_a_current_thread_runtime_blocks() {
    read_everything(&routed(body).0).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_inside_a_multi_thread_runtime_blocks() {
    let client = routed(body).0;
    tokio::spawn(async move { read_everything(&client).unwrap() }).await.unwrap();
}

#[test]
fn a_caller_on_the_drivers_own_thread_is_refused_and_told() {
    let (client, transport) = routed(body);
    let refused = Driver::new().run_blocking(TIMEOUT, async move {
        let mut all = client.query_all_blocking(QueryOptions::new());
        let iterated = (all.next().unwrap().unwrap_err(), all.next().is_none());
        (read_everything(&client).unwrap_err(), iterated)
    });
    let (called, (iterated, ended)) = refused.unwrap();
    for error in [called, iterated] {
        assert!(matches!(error, QueryError::Driver(DriverError::OnDriverThread)), "{error}");
    }
    assert!(ended);
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn a_silent_server_is_given_up_after_the_timeout() {
    let transport = MemoryTransport::responding(|_| Reply::hang());
    let client = client(&transport).timeout(Duration::from_millis(20));
    let waiting = client.query(QueryOptions::new()).await.unwrap_err();
    let blocking = block_on(client.query(QueryOptions::new())).unwrap_err();
    for error in [waiting, blocking] {
        let QueryError::Transport(transport) = &error else { panic!("{error}") };
        assert_eq!(transport.kind(), ErrorKind::Timeout);
    }
}

#[tokio::test]
async fn calls_can_be_moved_to_other_tasks_and_threads() {
    let (client, _) = answered(|| Reply::json(EMPTY));
    let task = tokio::spawn(client.query(QueryOptions::new()));
    let thread = thread::spawn(move || block_on(client.query(QueryOptions::new())));
    assert!(task.await.unwrap().is_ok());
    assert!(thread.join().unwrap().is_ok());
}
