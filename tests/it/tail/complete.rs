//! The complete mode misses nothing that the stream alone would lose.

use std::time::{Duration, SystemTime};

use logtide::{Level, LogEntry, StreamOptions};
use logtide_tests::{
    pace::steadily,
    setup::{TIMEOUT, options_for},
};

use super::{LOOKBACK, Tail, assert_each_once, started};

#[test]
fn a_burst_of_350_comes_whole() {
    let (_server, client) = started();
    let tail = Tail::start(&client, StreamOptions::new().complete(LOOKBACK));
    (0..350).for_each(|number| client.info("", "burst", [("number", number)]));
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let records = tail.take(350);
    assert_each_once(&records, 350);
    assert!(records.is_sorted_by_key(|record| record.time));
}

#[test]
fn a_flow_of_300_a_second_comes_whole() {
    let (server, _) = started();
    let options = options_for(&server).flush_interval(Duration::from_millis(200));
    let client = logtide::Client::new(options).expect("the options work");
    let tail = Tail::start(&client, StreamOptions::new().complete(LOOKBACK));
    steadily(2_400, Duration::from_secs(8), |number| client.info("svc", "flow", [("number", number)]));
    let records = tail.take(2_400);
    assert_each_once(&records, 2_400);
    assert!(records.is_sorted_by_key(|record| record.time), "one program logs in order");
}

#[test]
fn two_programs_that_flush_every_five_seconds_out_of_phase_come_whole() {
    let (server, reader) = started();
    let tail = Tail::start(&reader, StreamOptions::new().complete(LOOKBACK));
    let client = || {
        let options = options_for(&server).flush_interval(Duration::from_secs(5));
        logtide::Client::new(options).expect("the options work")
    };
    let (first, second) = (client(), client());
    // The second starts half an interval later, and each flushes a whole interval at once.
    steadily(160, Duration::from_secs(16), |number| {
        let client = if number % 2 == 0 || number < 25 { &first } else { &second };
        client.info("svc", "in turn", [("number", number)]);
    });
    assert!(first.flush_blocking(TIMEOUT).is_complete() && second.flush_blocking(TIMEOUT).is_complete());
    assert_each_once(&tail.take(160), 160);
}

#[test]
fn an_entry_that_arrives_late_comes_too() {
    let (_server, client) = started();
    let tail = Tail::start(&client, StreamOptions::new().complete(LOOKBACK));
    let entry = |number: u32, age: u64| {
        let time = SystemTime::now() - Duration::from_secs(age);
        LogEntry::new(Level::Info, "svc", "hello").metadata([("number", number)]).time(time)
    };
    client.log(entry(0, 0));
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    assert_eq!(tail.next().expect("it comes").message, "hello");
    client.log(entry(1, 10));
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    assert_eq!(tail.next().expect("it comes").get::<u32>("number").unwrap(), Some(1));
}

#[test]
fn only_what_is_asked_for_comes() {
    let (_server, client) = started();
    let options = StreamOptions::new().services(["a", "b"]).levels([Level::Error, Level::Warn]);
    let tail = Tail::start(&client, options.complete(LOOKBACK));
    for service in ["a", "b", "c"] {
        client.info(service, "no", ());
        client.error(service, "yes", ());
    }
    client.warn("b", "yes", ());
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let mut found: Vec<_> =
        tail.take(3).into_iter().map(|record| (record.service, record.level, record.message)).collect();
    found.sort();
    let entry = |service: &str, level| (service.to_owned(), level, "yes".to_owned());
    assert_eq!(found, [entry("a", Level::Error), entry("b", Level::Warn), entry("b", Level::Error)]);
}

#[test]
fn stored_entries_come_first_when_they_are_asked_for() {
    let (_server, client) = started();
    let start = SystemTime::now();
    (0..1_500).for_each(|number| client.info("svc", "before", [("number", number)]));
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let tail = Tail::start(&client, StreamOptions::new().complete(LOOKBACK).from_time(start));
    (1_500..1_600).for_each(|number| client.info("svc", "after", [("number", number)]));
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let records = tail.take(1_600);
    assert_each_once(&records, 1_600);
    assert!(records.is_sorted_by_key(|record| record.time));
}
