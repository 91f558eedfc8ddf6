//! Which entries have ids and numbers, and in what order.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use logtide_core::{Head, Level, LogEntry};
use logtide_transport::MemoryTransport;
use serde_json::Value;

use crate::{Client, ClientOptions, DropPolicy, integration::Integration};

/// Larger than the maximum size of an entry.
const HUGE: usize = 110 * 1024;

fn options() -> ClientOptions {
    ClientOptions::new("http://localhost", "lp_key").event_ids(true).sequence_numbers(true)
}

/// The metadata of the entries that arrive.
fn sent(options: ClientOptions, work: impl FnOnce(&Client)) -> Vec<Value> {
    let transport = MemoryTransport::new();
    let client = Client::with_transport(options, Arc::new(transport.clone())).unwrap();
    work(&client);
    client.close_blocking(Duration::from_secs(30));
    let metadata = |body: &[u8]| {
        let mut body: Value = serde_json::from_slice(body).unwrap();
        let entries = body["logs"].as_array_mut().unwrap();
        entries.iter_mut().map(|entry| entry["metadata"].take()).collect::<Vec<_>>()
    };
    transport.requests().iter().flat_map(|request| metadata(&request.body)).collect()
}

fn numbers(metadata: &[Value]) -> Vec<u64> {
    metadata.iter().map(|fields| fields["seq"].as_u64().expect("there is a number")).collect()
}

/// The ids, after checking that each has the form of RFC 9562 and a time within the test.
fn ids(metadata: &[Value], since: SystemTime) -> BTreeSet<&str> {
    let millis = |time: SystemTime| time.duration_since(UNIX_EPOCH).unwrap().as_millis();
    let range = millis(since)..=millis(SystemTime::now());
    let id = |fields: &'_ Value| fields["event_id"].as_str().expect("there is an id").to_owned();
    for fields in metadata {
        let text = id(fields);
        let parts: Vec<&str> = text.split('-').collect();
        assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [8, 4, 4, 4, 12], "{text}");
        let is_digit = |character: char| matches!(character, '0'..='9' | 'a'..='f');
        assert!(parts.concat().chars().all(is_digit), "{text}");
        assert!(parts[2].starts_with('7') && parts[3].starts_with(['8', '9', 'a', 'b']), "{text}");
        let time = u128::from_str_radix(&parts[..2].concat(), 16).unwrap();
        assert!(range.contains(&time), "{text} is not of {range:?}");
    }
    metadata.iter().map(|fields| fields["event_id"].as_str().unwrap()).collect()
}

/// Logs in each way that a client offers. Returns the number of entries.
fn log_in_all_ways(client: &Client) -> u64 {
    for _ in 0..2 {
        // The call site is new at first, then known.
        client.info("svc", "m", [("a", 1)]);
    }
    client.service("svc").warn("m", ());
    client.log(LogEntry::new(Level::Info, "svc", "m").time(UNIX_EPOCH));
    client.with_scope(
        |scope| scope.set_tag("t", "v"),
        || client.error("svc", "m", &"x".parse::<u8>().unwrap_err()),
    );
    Integration::of(client).submit(&Head::new(Level::Debug, "svc"), "m", ());
    Integration::of(client).submit_with(&Head::new(Level::Debug, "svc"), |fields| fields.message("m"));
    Integration::of(client).submit_panic(&Head::new(Level::Error, "svc"), &"payload", "m", ());
    // Truncated, as is the one with many values.
    client.info("svc", "m".repeat(HUGE), ());
    client.info("svc", "m", [("numbers", vec![0_u8; HUGE])]);
    10
}

#[test]
fn every_way_to_log_gives_an_id_and_the_next_number() {
    let panics =
        |entry: LogEntry| -> Option<LogEntry> { panic!("expected in this test: {}", entry.message.len()) };
    for options in [
        options(),
        options().before_send(Some),
        options().before_send(panics),
        options().attach_stacktrace(true),
        options().auto_trace_id(true).environment("test"),
    ] {
        let (since, mut logged) = (SystemTime::now(), 0);
        let metadata = sent(options, |client| logged = log_in_all_ways(client));
        assert_eq!(numbers(&metadata), (1..=logged).collect::<Vec<_>>());
        assert_eq!(ids(&metadata, since).len() as u64, logged);
    }
}

#[test]
fn each_is_there_where_its_own_option_is_on() {
    for (with_ids, with_numbers) in [(false, false), (true, false), (false, true)] {
        let options = options().event_ids(with_ids).sequence_numbers(with_numbers);
        for options in [options.clone(), options.before_send(Some)] {
            let metadata = sent(options, |client| assert!(log_in_all_ways(client) > 0));
            for fields in metadata {
                assert_eq!(fields.get("event_id").is_some(), with_ids);
                assert_eq!(fields.get("seq").is_some(), with_numbers);
            }
        }
    }
}

#[test]
fn before_send_sees_both_and_has_the_last_word() {
    let hook = |mut entry: LogEntry| {
        let number = entry.metadata.get("seq").and_then(Value::as_u64).expect("the hook sees the number");
        let id =
            entry.metadata.get("event_id").and_then(Value::as_str).expect("the hook sees the id").to_owned();
        match number {
            1 => return None,
            2 => drop(entry.metadata.remove("event_id")),
            3 => drop(entry.metadata.insert("event_id", "the hook's")),
            _ => drop(entry.metadata.insert("seen", id)),
        }
        Some(entry)
    };
    let metadata = sent(options().before_send(hook), |client| {
        (0..4).for_each(|_| client.info("svc", "m", ()));
    });
    assert_eq!(numbers(&metadata), [2, 3, 4], "what the hook leaves out is a gap");
    assert_eq!((metadata[0].get("event_id"), &metadata[1]["event_id"]), (None, &"the hook's".into()));
    assert_eq!(metadata[2]["event_id"], metadata[2]["seen"]);
}

#[test]
fn the_entrys_own_fields_win_and_take_a_number_all_the_same() {
    let metadata = sent(options(), |client| {
        client.info("svc", "m", (("event_id", "own"), ("seq", "own")));
        client.info("svc", "m", ());
        client.log(LogEntry::new(Level::Info, "svc", "m").metadata([("seq", "own")]));
    });
    assert_eq!((&metadata[0]["event_id"], &metadata[0]["seq"]), (&"own".into(), &"own".into()));
    assert_eq!((&metadata[1]["seq"], &metadata[2]["seq"]), (&2.into(), &"own".into()));
    assert!(metadata[2]["event_id"].as_str().is_some_and(|id| id.len() == 36));
}

#[test]
fn what_is_not_logged_takes_no_number() {
    let metadata = sent(options().min_level(Level::Warn), |client| {
        client.warn("svc", "m", ());
        client.info("svc", "below", ());
        client.warn("svc", "m", ());
    });
    assert_eq!(numbers(&metadata), [1, 2]);

    let kept = sent(options().sample_rate(0.5), |client| (0..300).for_each(|_| client.info("svc", "m", ())));
    assert!((1..300).contains(&kept.len()));
    assert_eq!(numbers(&kept), (1..=kept.len() as u64).collect::<Vec<_>>());
}

#[test]
fn an_entry_that_does_not_fit_is_a_gap_and_those_refused_at_once_are_none() {
    let options = options().max_buffer_size(4).batch_size(1_000).drop_policy(DropPolicy::Newest);
    let mut dropped = 0;
    let metadata = sent(options, |client| {
        (0..104).for_each(|_| client.info("svc", "m", ()));
        assert!(client.flush_blocking(Duration::from_secs(30)).delivered == 4);
        client.info("svc", "later", ());
        dropped = client.metrics().logs_dropped;
    });
    assert_eq!(dropped, 100);
    let [former @ .., last] = &numbers(&metadata)[..] else { panic!("nothing arrived") };
    assert_eq!(former, [1, 2, 3, 4]);
    assert!((6..=14).contains(last), "{last}: each of 8 shards was found full once at most");
}

#[test]
fn numbers_follow_the_order_of_calls_in_all_threads() {
    const THREADS: u64 = 4;
    const ENTRIES: u64 = 2_000;
    let baton = AtomicU64::new(1);
    let since = SystemTime::now();
    let metadata = sent(options().max_buffer_size(100_000), |client| {
        thread::scope(|scope| {
            for thread in 0..THREADS {
                let baton = &baton;
                scope.spawn(move || {
                    for turn in (1..=ENTRIES).filter(|turn| turn % THREADS == thread) {
                        while baton.load(Ordering::Relaxed) != turn {
                            thread::yield_now();
                        }
                        client.info("svc", "m", [("turn", turn)]);
                        // Relaxed, so that the baton does not order the counter.
                        baton.store(turn + 1, Ordering::Relaxed);
                    }
                });
            }
        });
    });
    assert!(metadata.iter().all(|fields| fields["seq"] == fields["turn"]));
    assert_eq!(ids(&metadata, since).len() as u64, ENTRIES);
}

#[test]
fn threads_that_log_at_once_share_no_number_and_no_id_and_each_counts_up() {
    const THREADS: u64 = 8;
    const ENTRIES: u64 = 1_000;
    let since = SystemTime::now();
    let metadata = sent(options().max_buffer_size(100_000), |client| {
        thread::scope(|scope| {
            for thread in 0..THREADS {
                scope.spawn(move || {
                    for at in 0..ENTRIES {
                        client.info("svc", "m", (("thread", thread), ("at", at)));
                    }
                });
            }
        });
    });
    assert_eq!(ids(&metadata, since).len() as u64, THREADS * ENTRIES);
    let all: BTreeSet<u64> = numbers(&metadata).into_iter().collect();
    assert!(all.into_iter().eq(1..=THREADS * ENTRIES));
    for thread in 0..THREADS {
        let mut own: Vec<&Value> = metadata.iter().filter(|fields| fields["thread"] == thread).collect();
        own.sort_by_key(|fields| fields["seq"].as_u64());
        assert!(own.iter().map(|fields| fields["at"].as_u64().unwrap()).eq(0..ENTRIES));
    }
}

#[test]
fn each_client_counts_on_its_own_and_its_handles_together() {
    for _ in 0..2 {
        let metadata = sent(options(), |client| {
            client.info("svc", "m", ());
            client.clone().info("svc", "m", ());
            client.detached().info("svc", "m", ());
        });
        assert_eq!(numbers(&metadata), [1, 2, 3]);
    }
}
