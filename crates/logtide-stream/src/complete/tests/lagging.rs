//! Consumers and connections that are slow.

use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::{
    assert_each_once, complete, records, run, take_all,
    world::{Faults, Producer, World},
};
use crate::{StreamError, StreamEvent, StreamOptions, outlet::Item};

/// Takes entries with a pause after each, until none has come for long.
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
fn what_comes_late_is_handed_out_though_the_consumer_lags_for_long() {
    let world = World::new(1, Faults::none());
    run(async {
        let mut stream = world.follow(complete().buffer(10));
        sleep(Duration::from_secs(2)).await;
        let producing = async {
            for _ in 0..6 {
                world.produce(vec![Producer::steady(500)], Duration::from_secs(30)).await;
                world.store(9_000);
            }
        };
        // Slower than entries come, for half of the time.
        let millis = |taken| Duration::from_millis(if taken < 30_000 { 3 } else { 1 });
        let (items, ()) = tokio::join!(take_slowly(&mut stream, millis), producing);
        assert_each_once(&world, &records(items));
    });
}

#[test]
fn a_catch_up_is_in_order_however_slow_the_consumer_is() {
    // Pauses of one and two milliseconds, so many of ten long ones.
    for long in [2, 5, 7, 30] {
        let world = World::new(1, Faults::none());
        run(async {
            let mut stream = world.follow(complete().buffer(10));
            sleep(Duration::from_secs(2)).await;
            let producing = world.produce(vec![Producer::steady(300)], Duration::from_secs(120));
            let slowly = async {
                // A stall at the beginning.
                sleep(Duration::from_secs(40)).await;
                let millis = |taken: usize| 1 + u64::from(taken % 10 < long) + u64::from(long > 10) * 2;
                take_slowly(&mut stream, |taken| Duration::from_millis(millis(taken))).await
            };
            let ((), items) = tokio::join!(producing, slowly);
            let records = records(items);
            assert_each_once(&world, &records);
            let turn = records.windows(2).find(|pair| pair[0].time > pair[1].time);
            assert!(turn.is_none(), "{long} of ten: {turn:?}");
        });
    }
}

#[test]
fn pages_that_take_too_long_are_made_shorter() {
    for max_page in [300, 3] {
        let world = World::new(1, Faults::none());
        run(async {
            let from = world.time();
            world.produce(vec![Producer::steady(100)], Duration::from_secs(20)).await;
            world.time_out_pages_above(max_page);
            let mut stream = world.follow(complete().from_time(from));
            world.produce(vec![Producer::steady(1)], Duration::from_secs(120)).await;
            let mut items = Vec::new();
            // As long as it takes to find the size, half a minute each time.
            while let Ok(Some(item)) = timeout(Duration::from_secs(600), stream.recv()).await {
                items.push(item);
            }
            assert_each_once(&world, &records(items));
        });
    }
}

#[test]
fn large_entries_are_read_in_short_pages() {
    let world = World::new(1, Faults::none());
    run(async {
        let from = world.time();
        world.produce(vec![Producer::steady(100)], Duration::from_secs(60)).await;
        world.enlarge_entries(100 << 10);
        let mut stream = world.follow(complete().from_time(from));
        assert_each_once(&world, &records(take_all(&mut stream).await));
        assert!(world.seen().queries > 6_000 / 60, "the pages are of 4 MiB, so of some 40 entries");
        assert!(world.seen().queries < 600, "{}", world.seen().queries);
    });
}

#[test]
fn pages_that_fail_now_and_then_are_no_outage() {
    let faults = Faults { failing_query: 0.1, ..Faults::none() };
    let world = World::new(3, Faults::none());
    run(async {
        let from = world.time();
        world.produce(vec![Producer::steady(1_000)], Duration::from_secs(200)).await;
        world.fail(faults);
        let mut stream = world.follow(complete().from_time(from));
        let items = take_all(&mut stream).await;
        let told = items.iter().any(|item| matches!(item, Err(StreamError::Unreachable(_))));
        assert!(!told, "entries were read all the time");
        assert!(world.seen().failed_queries > 10, "{:?}", world.seen());
        assert_each_once(&world, &records(items));
    });
}

#[test]
fn what_was_stored_is_caught_up_with_though_more_comes_than_is_taken() {
    let world = World::new(1, Faults::none());
    run(async {
        let from = world.time();
        world.produce(vec![Producer::steady(100)], Duration::from_secs(100)).await;
        let (told, caught_up) = std::sync::mpsc::channel();
        let options: StreamOptions =
            complete().buffer(10).from_time(from).max_catch_up(Duration::from_secs(60));
        let mut stream = world.follow(options.on_event(move |event| {
            if matches!(event, StreamEvent::CaughtUp) {
                told.send(()).unwrap();
            }
        }));
        let producing = world.produce(vec![Producer::steady(300)], Duration::from_secs(180));
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
        assert!(gaps > 0, "who lags too far is told what was skipped");
        assert!(gaps < 20 && entries > 10_000, "{gaps} gaps between {entries} entries");
        let queries = world.seen().queries;
        assert!(queries < 1_000, "{queries} in three minutes");
    });
}

#[test]
fn a_server_that_repeats_its_newest_entries_makes_nothing_come_twice() {
    let world = World::new(1, Faults::none());
    run(async {
        world.repeat();
        let mut stream = world.follow(complete());
        world.produce(Producer::several(5), Duration::from_secs(60)).await;
        assert_each_once(&world, &records(take_all(&mut stream).await));
    });
}
