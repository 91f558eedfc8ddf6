//! Slow consumers and slow connections.

use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::{
    assert_each_once, complete, records, run,
    simulation::{Faults, Producer, Simulation},
    take_all,
};
use crate::{StreamError, StreamEvent, StreamOptions, sink::Item};

/// Takes items with a pause after each, until none has come for 2 minutes.
async fn take_slowly(
    stream: &mut tokio::sync::mpsc::Receiver<Item>,
    pause: impl Fn(usize) -> Duration,
) -> Vec<Item> {
    let mut items = Vec::new();
    while let Ok(Some(item)) = timeout(Duration::from_secs(120), stream.recv()).await {
        items.push(item);
        sleep(pause(items.len())).await;
    }
    items
}

#[test]
fn late_entries_come_even_if_the_consumer_lags_for_long() {
    let simulation = Simulation::new(1, Faults::none());
    run(async {
        let mut stream = simulation.follow(complete().buffer(10));
        sleep(Duration::from_secs(2)).await;
        let producing = async {
            for _ in 0..6 {
                simulation.produce(vec![Producer::steady(500)], Duration::from_secs(30)).await;
                simulation.store(9_000);
            }
        };
        // Slower than the producer for half of the time.
        let millis = |taken| Duration::from_millis(if taken < 30_000 { 3 } else { 1 });
        let (items, ()) = tokio::join!(take_slowly(&mut stream, millis), producing);
        assert_each_once(&simulation, &records(items));
    });
}

#[test]
fn a_catch_up_is_in_order_at_any_pace() {
    // Of ten pauses, so many are 2 ms long, and the others 1 ms.
    for long in [2, 5, 7, 30] {
        let simulation = Simulation::new(1, Faults::none());
        run(async {
            let mut stream = simulation.follow(complete().buffer(10));
            sleep(Duration::from_secs(2)).await;
            let producing = simulation.produce(vec![Producer::steady(300)], Duration::from_secs(120));
            let slowly = async {
                // A stall at the beginning.
                sleep(Duration::from_secs(40)).await;
                let millis = |taken: usize| 1 + u64::from(taken % 10 < long) + u64::from(long > 10) * 2;
                take_slowly(&mut stream, |taken| Duration::from_millis(millis(taken))).await
            };
            let ((), items) = tokio::join!(producing, slowly);
            let records = records(items);
            assert_each_once(&simulation, &records);
            let disorder = records.windows(2).find(|pair| pair[0].time > pair[1].time);
            assert!(disorder.is_none(), "{long} of ten: {disorder:?}");
        });
    }
}

#[test]
fn pages_that_take_too_long_are_read_in_smaller_ones() {
    for max_page in [300, 3] {
        let simulation = Simulation::new(1, Faults::none());
        run(async {
            let from = simulation.time();
            simulation.produce(vec![Producer::steady(100)], Duration::from_secs(20)).await;
            simulation.time_out_pages_above(max_page);
            let mut stream = simulation.follow(complete().from_time(from));
            simulation.produce(vec![Producer::steady(1)], Duration::from_secs(120)).await;
            let mut items = Vec::new();
            // Finding the size takes several timeouts of 30 s.
            while let Ok(Some(item)) = timeout(Duration::from_secs(600), stream.recv()).await {
                items.push(item);
            }
            assert_each_once(&simulation, &records(items));
        });
    }
}

#[test]
fn large_entries_are_read_in_small_pages() {
    let simulation = Simulation::new(1, Faults::none());
    run(async {
        let from = simulation.time();
        simulation.produce(vec![Producer::steady(100)], Duration::from_secs(60)).await;
        simulation.enlarge_entries(100 << 10);
        let mut stream = simulation.follow(complete().from_time(from));
        assert_each_once(&simulation, &records(take_all(&mut stream).await));
        assert!(simulation.stats().queries > 6_000 / 60, "pages have 4 MiB, which is about 40 entries");
        assert!(simulation.stats().queries < 600, "{}", simulation.stats().queries);
    });
}

#[test]
fn occasional_failures_are_no_outage() {
    let faults = Faults { failing_query: 0.1, ..Faults::none() };
    let simulation = Simulation::new(3, Faults::none());
    run(async {
        let from = simulation.time();
        simulation.produce(vec![Producer::steady(1_000)], Duration::from_secs(200)).await;
        simulation.fail(faults);
        let mut stream = simulation.follow(complete().from_time(from));
        let items = take_all(&mut stream).await;
        let reported = items.iter().any(|item| matches!(item, Err(StreamError::Unreachable(_))));
        assert!(!reported, "entries were read all the time");
        assert!(simulation.stats().failed_queries > 10, "{:?}", simulation.stats());
        assert_each_once(&simulation, &records(items));
    });
}

#[test]
fn a_stream_catches_up_even_if_the_consumer_is_too_slow() {
    let simulation = Simulation::new(1, Faults::none());
    run(async {
        let from = simulation.time();
        simulation.produce(vec![Producer::steady(100)], Duration::from_secs(100)).await;
        let (sender, caught_up) = std::sync::mpsc::channel();
        let options: StreamOptions =
            complete().buffer(10).from_time(from).max_catch_up(Duration::from_secs(60));
        let mut stream = simulation.follow(options.on_event(move |event| {
            if matches!(event, StreamEvent::CaughtUp) {
                sender.send(()).unwrap();
            }
        }));
        let producing = simulation.produce(vec![Producer::steady(300)], Duration::from_secs(180));
        let slowly = async {
            let until = tokio::time::Instant::now() + Duration::from_secs(180);
            let (mut gaps, mut entries) = (0, 0);
            while let Ok(Some(item)) = tokio::time::timeout_at(until, stream.recv()).await {
                match item {
                    Err(StreamError::Gap(_)) => gaps += 1,
                    item => entries += usize::from(item.is_ok()),
                }
                sleep(Duration::from_millis(10)).await;
            }
            (gaps, entries)
        };
        let ((), (gaps, entries)) = tokio::join!(producing, slowly);
        assert_eq!(caught_up.try_iter().count(), 1);
        assert!(gaps > 0, "skipped entries are reported");
        assert!(gaps < 20 && entries > 10_000, "{gaps} gaps between {entries} entries");
        let queries = simulation.stats().queries;
        assert!(queries < 1_000, "{queries} in three minutes");
    });
}

#[test]
fn entries_that_the_server_repeats_come_once() {
    let simulation = Simulation::new(1, Faults::none());
    run(async {
        simulation.repeat();
        let mut stream = simulation.follow(complete());
        simulation.produce(Producer::several(5), Duration::from_secs(60)).await;
        assert_each_once(&simulation, &records(take_all(&mut stream).await));
    });
}
