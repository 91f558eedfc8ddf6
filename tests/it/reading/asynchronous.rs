//! The async calls, which do not block the runtime.

use std::time::{Duration, SystemTime};

use futures::{TryStreamExt, future};
use logtide::{
    AggregatedStatsOptions, Client, ContextOptions, Level, QueryError, QueryOptions, StatsOptions,
};
use logtide_core::LogEntry;

use super::{MILLISECOND, ago, started, store};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

#[tokio::test]
async fn every_call_can_be_awaited_beside_others_on_one_thread() {
    let (_server, client) = started();
    let start = ago(Duration::from_secs(60));
    let entry = |number: u32| {
        LogEntry::new(Level::Error, "api", "failed")
            .metadata([("hostname", "h1")])
            .trace_id(TRACE)
            .time(start + MILLISECOND * number)
    };
    store(&client, (0..5).map(entry));
    let readers = (0..4).map(|_| read_everything(&client, start));
    future::try_join_all(readers).await.expect("the server answers");
}

async fn read_everything(client: &Client, start: SystemTime) -> Result<(), QueryError> {
    let all: Vec<_> = client.query_all(QueryOptions::new().limit(2)).try_collect().await?;
    assert_eq!(all.len(), 5);
    let page = client.query(QueryOptions::new()).await?;
    assert_eq!(page.logs, all);
    let trace = client.get_by_trace_id(TRACE).await?;
    assert!(trace.iter().map(|log| &log.id).eq(all.iter().rev().map(|log| &log.id)));
    let context = client.context(ContextOptions::new(all[2].time)).await?;
    assert_eq!((context.before.len(), context.after.len()), (2, 2));
    assert_eq!(client.log_by_id(&all[0].id).await?.map(|log| log.time), Some(all[0].time));
    let range = AggregatedStatsOptions::new(start, SystemTime::now());
    assert_eq!(client.get_aggregated_stats(range.clone()).await?.timeseries.len(), 1);
    assert_eq!(client.timeseries(range).await?.len(), 1);
    assert_eq!(client.stats(StatsOptions::new()).await?.by_level.error, 5);
    assert_eq!(client.top_services(1).await?[0].count, 5);
    assert_eq!(client.top_errors(1).await?[0].message, "failed");
    assert_eq!(client.services().await?, ["api"]);
    assert_eq!(client.hostnames().await?, ["h1"]);
    Ok(())
}
