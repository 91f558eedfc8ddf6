//! Traces beyond the server's limit.

use std::time::Duration;

use logtide::{Client, Level};
use logtide_core::LogEntry;

use super::{MILLISECOND, ago, started, store};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Stores a trace that began three days ago, and checks that it is returned complete and in order.
fn round_trip(client: &Client, trace: &str, entries: u32) {
    let start = ago(DAY * 3);
    let entry = |id: u32| {
        let time = start + MILLISECOND * id;
        LogEntry::new(Level::Info, "traced", "step").metadata([("id", id)]).time(time).trace_id(trace)
    };
    store(client, (0..entries).map(entry));
    let logs = client.get_by_trace_id_blocking(trace).expect("the server answers");
    let ids: Vec<u32> =
        logs.iter().map(|log| log.metadata["id"].as_u64().expect("a number") as u32).collect();
    assert!(ids.iter().copied().eq(0..entries), "{} of {entries}", ids.len());
}

#[test]
fn a_trace_of_any_length_comes_whole_and_oldest_first() {
    let (_server, client) = started();
    for entries in [0, 1, 999, 1_000, 1_001, 2_500] {
        round_trip(&client, &format!("trace/{entries}"), entries);
    }
}
