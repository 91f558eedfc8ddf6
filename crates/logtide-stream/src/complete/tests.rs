//! The complete mode against a server in virtual time, which loses what the real one loses, and fails at random.

mod clocks;
mod lagging;
mod server;
mod world;

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use logtide_query::LogRecord;
use tokio::time::{Instant, advance, sleep, timeout};

use self::world::{Faults, Producer, World};
use crate::{GapCause, StreamError, StreamOptions, outlet::Item};

const LOOKBACK: Duration = Duration::from_secs(10);

fn complete() -> StreamOptions {
    let hour = Duration::from_secs(3_600);
    StreamOptions::new().complete(LOOKBACK).max_catch_up(hour).reconnect_delay(Duration::from_millis(100))
}

/// Runs in virtual time.
fn run<T>(test: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_time().start_paused(true).build().unwrap().block_on(test)
}

/// Takes what is handed out until nothing has come for long enough that nothing is to come.
async fn take_all(stream: &mut tokio::sync::mpsc::Receiver<Item>) -> Vec<Item> {
    let mut items = Vec::new();
    while let Ok(Some(item)) = timeout(Duration::from_secs(120), stream.recv()).await {
        items.push(item);
    }
    items
}

/// The entries, of a stream that leaves nothing out.
fn records(items: Vec<Item>) -> Vec<LogRecord> {
    let record = |item: Item| match item {
        Ok(record) => Some(record),
        Err(StreamError::Unreachable(_)) => None,
        Err(error) => panic!("{error}"),
    };
    items.into_iter().filter_map(record).collect()
}

fn assert_each_once(world: &World, records: &[LogRecord]) {
    let mut seen = HashSet::new();
    for record in records {
        assert!(seen.insert(record.message.clone()), "{} came twice", record.message);
    }
    let expected: BTreeMap<_, _> =
        world.stored().into_iter().map(|record| (record.message.clone(), record)).collect();
    let missing: Vec<_> = expected.values().filter(|record| !seen.contains(&record.message)).collect();
    assert!(
        missing.is_empty(),
        "{} of {} did not come, the first: {:?}",
        missing.len(),
        expected.len(),
        missing[0]
    );
    assert_eq!(seen.len(), expected.len());
}

#[test]
fn every_entry_within_the_window_comes_exactly_once_whatever_fails() {
    let mut seen = world::Seen::default();
    for seed in 0..50 {
        let world = World::new(seed, Faults::random(seed));
        run(async {
            let mut stream = world.follow(complete());
            world.produce(Producer::several(seed), Duration::from_secs(45)).await;
            world.heal();
            let records = records(take_all(&mut stream).await);
            assert_each_once(&world, &records);
        });
        seen.add(&world.seen());
    }
    seen.assert_everything_happened();
}

#[test]
fn one_producer_in_order_comes_in_order_though_the_connection_breaks() {
    for seed in 0..30 {
        let world = World::new(seed, Faults::random(seed));
        run(async {
            let mut stream = world.follow(complete());
            world.produce(vec![Producer::steady(100)], Duration::from_secs(30)).await;
            world.heal();
            let records = records(take_all(&mut stream).await);
            assert_each_once(&world, &records);
            assert!(records.is_sorted_by_key(|record| record.time), "seed {seed}");
        });
    }
}

#[test]
fn what_was_stored_before_the_call_is_not_handed_out() {
    let world = World::new(1, Faults::none());
    run(async {
        world.produce(vec![Producer::steady(50)], Duration::from_secs(5)).await;
        let before = world.stored().len();
        let mut stream = world.follow(complete());
        world.produce(vec![Producer::steady(50)], Duration::from_secs(5)).await;
        let records = records(take_all(&mut stream).await);
        assert!(before >= 240);
        assert_eq!(records.len(), world.stored().len() - before);
    });
}

#[test]
fn what_is_logged_right_after_the_call_is_handed_out_though_there_is_no_connection_yet() {
    let world = World::new(1, Faults::none());
    run(async {
        world.refuse_connections(true);
        let mut stream = world.follow(complete());
        world.store(0);
        sleep(Duration::from_secs(2)).await;
        world.refuse_connections(false);
        let items = take_all(&mut stream).await;
        assert!(matches!(items[0], Err(StreamError::Unreachable(_))));
        assert_each_once(&world, &records(items));
    });
}

#[test]
fn what_is_logged_right_after_the_call_is_never_taken_for_old() {
    for seed in 0..100 {
        let world = World::new(seed, Faults::none());
        run(async {
            let mut stream = world.follow(complete());
            world.store(0);
            // Timers go by whole milliseconds; a connection comes after any part of one.
            advance(Duration::from_micros(seed * 10)).await;
            let item = timeout(Duration::from_secs(20), stream.recv()).await;
            assert!(item.is_ok(), "seed {seed}");
        });
    }
}

#[test]
fn a_start_in_the_past_gives_all_from_then_on_oldest_first() {
    let world = World::new(1, Faults::none());
    run(async {
        let from = world.time();
        sleep(Duration::from_millis(1)).await;
        world.produce(vec![Producer::steady(400)], Duration::from_secs(100)).await;
        sleep(Duration::from_secs(7_200)).await;
        let mut stream = world.follow(complete().from_time(from));
        let records = records(take_all(&mut stream).await);
        assert!(records.len() > 39_000 && records.is_sorted_by_key(|record| record.time));
        assert_each_once(&world, &records);
    });
}

#[test]
fn many_entries_of_one_moment_are_no_trouble() {
    let world = World::new(1, Faults::none());
    run(async {
        let mut stream = world.follow(complete());
        sleep(Duration::from_secs(2)).await;
        (0..12_000).for_each(|_| world.store(0));
        assert_each_once(&world, &records(take_all(&mut stream).await));
    });
}

#[test]
fn entries_of_clocks_that_are_ahead_come_and_hide_no_others() {
    let world = World::new(1, Faults::none());
    run(async {
        let mut stream = world.follow(complete());
        sleep(Duration::from_secs(2)).await;
        (0..3_000).for_each(|_| world.store(-3_600_000));
        sleep(Duration::from_secs(2)).await;
        world.produce(vec![Producer::steady(100)], Duration::from_secs(20)).await;
        assert_each_once(&world, &records(take_all(&mut stream).await));
    });
}

#[test]
fn queries_go_on_though_the_stream_never_works() {
    let world = World::new(1, Faults::none());
    run(async {
        world.refuse_connections(true);
        let mut stream = world.follow(complete());
        world.produce(vec![Producer::steady(20)], Duration::from_secs(30)).await;
        let items = take_all(&mut stream).await;
        assert!(matches!(items[0], Err(StreamError::Unreachable(_))));
        assert_each_once(&world, &records(items));
    });
}

#[test]
fn a_consumer_that_is_slow_gets_everything() {
    let world = World::new(1, Faults::none());
    run(async {
        let mut stream = world.follow(complete().buffer(10));
        let producing = world.produce(vec![Producer::steady(300)], Duration::from_secs(60));
        let mut taken = Vec::new();
        let taking = async {
            while let Ok(Some(item)) = timeout(Duration::from_secs(120), stream.recv()).await {
                taken.push(item);
                sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::join!(producing, taking);
        assert_each_once(&world, &records(taken));
    });
}

#[test]
fn who_falls_too_far_behind_is_told_what_was_skipped() {
    let world = World::new(1, Faults::none());
    run(async {
        let limit = Duration::from_secs(60);
        let mut stream = world.follow(complete().buffer(10).max_catch_up(limit));
        sleep(Duration::from_secs(2)).await;
        world.produce(vec![Producer::steady(10)], Duration::from_secs(600)).await;
        let items = take_all(&mut stream).await;
        let gap = items
            .iter()
            .find_map(|item| match item {
                Err(StreamError::Gap(gap)) => Some(gap.clone()),
                _ => None,
            })
            .expect("a gap is told");
        assert_eq!(gap.cause, GapCause::CatchUp);
        let (from, to) = (gap.from.unwrap(), gap.to.unwrap());
        let got: HashSet<_> = items.into_iter().filter_map(Result::ok).map(|record| record.message).collect();
        for record in world.stored() {
            let skipped = from <= record.time && record.time < to;
            assert!(
                skipped || got.contains(&record.message),
                "{record:?} is not in the gap and did not come"
            );
        }
        assert!(got.len() < world.stored().len());
    });
}

#[test]
fn an_interruption_longer_than_the_window_leaves_nothing_out() {
    let world = World::new(1, Faults::none());
    run(async {
        let mut stream = world.follow(complete());
        world.produce(vec![Producer::steady(100)], Duration::from_secs(5)).await;
        world.refuse_connections(true);
        world.refuse_queries(true);
        world.cut();
        world.produce(vec![Producer::steady(100)], Duration::from_secs(300)).await;
        world.refuse_connections(false);
        world.refuse_queries(false);
        let records = records(take_all(&mut stream).await);
        assert_each_once(&world, &records);
        assert!(records.is_sorted_by_key(|record| record.time));
    });
}

#[test]
fn an_entry_comes_within_a_second_and_idling_costs_little() {
    let world = World::new(1, Faults::none());
    run(async {
        let mut stream = world.follow(complete());
        sleep(Duration::from_secs(10)).await;
        let (queries, start) = (world.seen().queries, Instant::now());
        sleep(Duration::from_secs(100)).await;
        assert!(world.seen().queries - queries <= 25, "{}", world.seen().queries - queries);
        for _ in 0..20 {
            let logged = Instant::now();
            world.store(0);
            stream.recv().await.unwrap().unwrap();
            assert!(logged.elapsed() <= Duration::from_millis(1_600), "{:?}", logged.elapsed());
            sleep(Duration::from_millis(700)).await;
        }
        assert!(start.elapsed() > Duration::from_secs(100));
    });
}

#[test]
fn entries_of_any_size_are_read_in_pages_that_can_be() {
    for max_page in [300, 1] {
        let world = World::new(1, Faults::none());
        run(async {
            world.limit_pages(max_page);
            let mut stream = world.follow(complete());
            world.produce(vec![Producer::steady(20)], Duration::from_secs(20)).await;
            assert_each_once(&world, &records(take_all(&mut stream).await));
        });
    }
}

#[test]
fn a_proxy_that_answers_for_the_server_for_a_while_is_waited_for() {
    let world = World::new(1, Faults::none());
    run(async {
        let mut stream = world.follow(complete());
        world.produce(vec![Producer::steady(10)], Duration::from_secs(10)).await;
        world.let_a_proxy_answer(true);
        world.cut();
        world.produce(vec![Producer::steady(10)], Duration::from_secs(50)).await;
        world.let_a_proxy_answer(false);
        let items = take_all(&mut stream).await;
        let told = items.iter().filter(|item| matches!(item, Err(StreamError::Unreachable(_)))).count();
        assert_eq!(told, 1, "an outage of that length is told, once");
        assert_each_once(&world, &records(items));
    });
}

#[test]
fn an_address_where_no_server_was_ever_seen_ends_it() {
    let world = World::new(1, Faults::none());
    run(async {
        world.let_a_proxy_answer(true);
        let items = take_all(&mut world.follow(complete())).await;
        let [Err(error @ StreamError::Refused(_))] = &*items else { panic!("{items:?}") };
        assert!(
            error.is_final() && error.to_string().contains("does not come from a LogTide server"),
            "{error}"
        );
    });
}

#[test]
fn options_of_any_length_are_no_panic() {
    let world = World::new(1, Faults::none());
    run(async {
        let options = complete().max_catch_up(Duration::MAX).heartbeat_timeout(Duration::MAX);
        let longest =
            options.reconnect_delay(Duration::MAX).max_reconnect_delay(Duration::MAX).buffer(usize::MAX);
        let mut stream = world.follow(longest);
        sleep(Duration::from_secs(2)).await;
        world.cut();
        world.store(0);
        assert_each_once(&world, &records(take_all(&mut stream).await));
    });
}

#[test]
fn after_a_catch_up_that_took_long_late_entries_are_found_as_soon_as_ever() {
    let world = World::new(1, Faults::none());
    run(async {
        let from = world.time();
        world.produce(vec![Producer::steady(200)], Duration::from_secs(100)).await;
        let mut stream = world.follow(complete().buffer(10).from_time(from));
        for _ in 0..world.stored().len() {
            stream.recv().await.unwrap().unwrap();
            sleep(Duration::from_millis(20)).await;
        }
        sleep(Duration::from_secs(30)).await;
        // The stream says nothing of it: it is older than what was sent.
        world.store(5_000);
        let stored = Instant::now();
        stream.recv().await.unwrap().unwrap();
        assert!(stored.elapsed() <= Duration::from_secs(6), "{:?}", stored.elapsed());
    });
}

#[test]
fn a_consumer_that_lags_without_end_is_told_of_no_gap_that_there_is_not() {
    let world = World::new(1, Faults::none());
    run(async {
        let options = complete().buffer(10).max_catch_up(Duration::from_secs(120));
        let mut stream = world.follow(options);
        let producing = world.produce(vec![Producer::steady(100)], Duration::from_secs(600));
        let mut items = Vec::new();
        let taking = async {
            // Slower than entries come for a while, and then faster.
            while let Ok(Some(item)) = timeout(Duration::from_secs(120), stream.recv()).await {
                items.push(item);
                let pause = if items.len() < 20_000 { 12 } else { 6 };
                sleep(Duration::from_millis(pause)).await;
            }
        };
        tokio::join!(producing, taking);
        assert_each_once(&world, &records(items));
    });
}

#[test]
fn who_does_not_want_to_catch_up_is_told_of_no_gap_in_normal_times() {
    let world = World::new(1, Faults::none());
    run(async {
        let mut stream = world.follow(complete().max_catch_up(Duration::ZERO));
        world.produce(Producer::several(3), Duration::from_secs(60)).await;
        assert_each_once(&world, &records(take_all(&mut stream).await));
    });
}

#[test]
fn a_program_whose_clock_is_far_ahead_mutes_no_other() {
    let world = World::new(1, Faults::none());
    run(async {
        let mut stream = world.follow(complete());
        sleep(Duration::from_secs(2)).await;
        (0..25_000).for_each(|_| world.store(-8 * 3_600_000));
        let ahead = world.stored().len();
        world.produce(vec![Producer::steady(50)], Duration::from_secs(20)).await;
        let records = records(take_all(&mut stream).await);
        let present = records.iter().filter(|record| record.time < world.time()).count();
        assert_eq!(present, world.stored().len() - ahead);
        let ids: HashSet<_> = records.iter().map(|record| &record.id).collect();
        assert_eq!(ids.len(), records.len(), "none comes twice");
        assert!(records.len() - present >= 20_000, "{}", records.len() - present);
    });
}
