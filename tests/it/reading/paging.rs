//! A search to its end, while other entries are logged.

use std::{
    collections::BTreeSet,
    time::{Duration, SystemTime},
};

use logtide::{Level, LogRecord, QueryError, QueryOptions};
use logtide_core::LogEntry;

use super::{MILLISECOND, ago, started, store};

const ENTRIES: u64 = 25_000;

/// Enough that several pages fall into one millisecond.
const IN_ONE_MILLISECOND: u64 = 5_000;

fn entry(id: u64, time: SystemTime) -> LogEntry {
    LogEntry::new(Level::Info, "paged", "hello").metadata([("id", id)]).time(time)
}

fn id(record: Result<LogRecord, QueryError>) -> u64 {
    record.expect("the page comes").get("id").expect("the id is a number").expect("there is an id")
}

#[test]
fn many_entries_of_few_milliseconds_come_once_each_while_others_arrive() {
    let (_server, client) = started();
    let start = ago(Duration::from_secs(60));
    let time = |id: u64| start + MILLISECOND * u32::try_from(id / IN_ONE_MILLISECOND).expect("few");
    store(&client, (0..ENTRIES).map(|id| entry(id, time(id))));

    let mut all = client.query_all_blocking(QueryOptions::new().service("paged").limit(700));
    let mut read: Vec<u64> = all.by_ref().take(1_000).map(id).collect();
    // They are newer, so they are on none of the remaining pages.
    store(&client, (ENTRIES..ENTRIES + 100).map(|id| entry(id, SystemTime::now())));
    read.extend(all.map(id));

    assert_eq!(read.len() as u64, ENTRIES);
    let once: BTreeSet<u64> = read.iter().copied().collect();
    assert!(once.into_iter().eq(0..ENTRIES));
    assert!(read.is_sorted_by_key(|id| std::cmp::Reverse(time(*id))), "newest first");
}

#[test]
fn what_is_older_than_a_day_is_read_only_when_asked_for() {
    let (_server, client) = started();
    let day = Duration::from_secs(24 * 60 * 60);
    store(&client, [entry(0, ago(day * 2)), entry(1, ago(day / 2))]);
    assert!(client.query_all_blocking(QueryOptions::new()).map(id).eq([1]));
    let all = QueryOptions::new().from_time(ago(day * 3));
    assert!(client.query_all_blocking(all).map(id).eq([1, 0]));
}
