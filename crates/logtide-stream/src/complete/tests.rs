//! Complete mode against a simulated server in virtual time, which loses what the real one loses and fails at random.

mod clocks;
mod lagging;
mod server;
mod simulation;

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use logtide_query::LogRecord;
use tokio::time::{Instant, advance, sleep, timeout};

use self::simulation::{Faults, Producer, Simulation};
use crate::{GapCause, StreamError, StreamOptions, sink::Item};

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

/// Takes items until none has come for 2 minutes.
async fn take_all(stream: &mut tokio::sync::mpsc::Receiver<Item>) -> Vec<Item> {
    let mut items = Vec::new();
    while let Ok(Some(item)) = timeout(Duration::from_secs(120), stream.recv()).await {
        items.push(item);
    }
    items
}

/// The entries of a stream that must not have a gap.
fn records(items: Vec<Item>) -> Vec<LogRecord> {
    let record = |item: Item| match item {
        Ok(record) => Some(record),
        Err(StreamError::Unreachable(_)) => None,
        Err(error) => panic!("{error}"),
    };
    items.into_iter().filter_map(record).collect()
}

fn assert_each_once(simulation: &Simulation, records: &[LogRecord]) {
    let mut seen = HashSet::new();
    for record in records {
        assert!(seen.insert(record.message.clone()), "{} came twice", record.message);
    }
    let expected: BTreeMap<_, _> =
        simulation.stored().into_iter().map(|record| (record.message.clone(), record)).collect();
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
fn every_entry_within_the_window_comes_exactly_once_despite_faults() {
    let mut stats = simulation::Stats::default();
    for seed in 0..50 {
        let simulation = Simulation::new(seed, Faults::random(seed));
        run(async {
            let mut stream = simulation.follow(complete());
            simulation.produce(Producer::several(seed), Duration::from_secs(45)).await;
            simulation.heal();
            let records = records(take_all(&mut stream).await);
            assert_each_once(&simulation, &records);
        });
        stats.add(&simulation.stats());
    }
    stats.assert_everything_happened();
}

#[test]
fn entries_of_one_producer_come_in_order_despite_faults() {
    for seed in 0..30 {
        let simulation = Simulation::new(seed, Faults::random(seed));
        run(async {
            let mut stream = simulation.follow(complete());
            simulation.produce(vec![Producer::steady(100)], Duration::from_secs(30)).await;
            simulation.heal();
            let records = records(take_all(&mut stream).await);
            assert_each_once(&simulation, &records);
            assert!(records.is_sorted_by_key(|record| record.time), "seed {seed}");
        });
    }
}

#[test]
fn entries_stored_before_the_call_are_not_handed_out() {
    let simulation = Simulation::new(1, Faults::none());
    run(async {
        simulation.produce(vec![Producer::steady(50)], Duration::from_secs(5)).await;
        let before = simulation.stored().len();
        let mut stream = simulation.follow(complete());
        simulation.produce(vec![Producer::steady(50)], Duration::from_secs(5)).await;
        let records = records(take_all(&mut stream).await);
        assert!(before >= 240);
        assert_eq!(records.len(), simulation.stored().len() - before);
    });
}

#[test]
fn entries_logged_after_the_call_come_even_before_there_is_a_connection() {
    let simulation = Simulation::new(1, Faults::none());
    run(async {
        simulation.refuse_connections(true);
        let mut stream = simulation.follow(complete());
        simulation.store(0);
        sleep(Duration::from_secs(2)).await;
        simulation.refuse_connections(false);
        let items = take_all(&mut stream).await;
        assert!(matches!(items[0], Err(StreamError::Unreachable(_))));
        assert_each_once(&simulation, &records(items));
    });
}

#[test]
fn an_entry_logged_right_after_the_call_is_never_mistaken_for_an_old_one() {
    for seed in 0..100 {
        let simulation = Simulation::new(seed, Faults::none());
        run(async {
            let mut stream = simulation.follow(complete());
            simulation.store(0);
            // Timers have a resolution of 1 ms, but a connection is established after any fraction of one.
            advance(Duration::from_micros(seed * 10)).await;
            let item = timeout(Duration::from_secs(20), stream.recv()).await;
            assert!(item.is_ok(), "seed {seed}");
        });
    }
}

#[test]
fn a_start_in_the_past_gives_all_entries_since_then_oldest_first() {
    let simulation = Simulation::new(1, Faults::none());
    run(async {
        let from = simulation.time();
        sleep(Duration::from_millis(1)).await;
        simulation.produce(vec![Producer::steady(400)], Duration::from_secs(100)).await;
        sleep(Duration::from_secs(7_200)).await;
        let mut stream = simulation.follow(complete().from_time(from));
        let records = records(take_all(&mut stream).await);
        assert!(records.len() > 39_000 && records.is_sorted_by_key(|record| record.time));
        assert_each_once(&simulation, &records);
    });
}

#[test]
fn many_entries_of_one_millisecond_all_come() {
    let simulation = Simulation::new(1, Faults::none());
    run(async {
        let mut stream = simulation.follow(complete());
        sleep(Duration::from_secs(2)).await;
        (0..12_000).for_each(|_| simulation.store(0));
        assert_each_once(&simulation, &records(take_all(&mut stream).await));
    });
}

#[test]
fn entries_with_a_future_time_come_and_hide_no_others() {
    let simulation = Simulation::new(1, Faults::none());
    run(async {
        let mut stream = simulation.follow(complete());
        sleep(Duration::from_secs(2)).await;
        (0..3_000).for_each(|_| simulation.store(-3_600_000));
        sleep(Duration::from_secs(2)).await;
        simulation.produce(vec![Producer::steady(100)], Duration::from_secs(20)).await;
        assert_each_once(&simulation, &records(take_all(&mut stream).await));
    });
}

#[test]
fn entries_come_through_queries_when_the_stream_never_connects() {
    let simulation = Simulation::new(1, Faults::none());
    run(async {
        simulation.refuse_connections(true);
        let mut stream = simulation.follow(complete());
        simulation.produce(vec![Producer::steady(20)], Duration::from_secs(30)).await;
        let items = take_all(&mut stream).await;
        assert!(matches!(items[0], Err(StreamError::Unreachable(_))));
        assert_each_once(&simulation, &records(items));
    });
}

#[test]
fn a_slow_consumer_gets_everything() {
    let simulation = Simulation::new(1, Faults::none());
    run(async {
        let mut stream = simulation.follow(complete().buffer(10));
        let producing = simulation.produce(vec![Producer::steady(300)], Duration::from_secs(60));
        let mut taken = Vec::new();
        let taking = async {
            while let Ok(Some(item)) = timeout(Duration::from_secs(120), stream.recv()).await {
                taken.push(item);
                sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::join!(producing, taking);
        assert_each_once(&simulation, &records(taken));
    });
}

#[test]
fn a_consumer_that_falls_too_far_behind_gets_a_gap() {
    let simulation = Simulation::new(1, Faults::none());
    run(async {
        let limit = Duration::from_secs(60);
        let mut stream = simulation.follow(complete().buffer(10).max_catch_up(limit));
        sleep(Duration::from_secs(2)).await;
        simulation.produce(vec![Producer::steady(10)], Duration::from_secs(600)).await;
        let items = take_all(&mut stream).await;
        let gap = items
            .iter()
            .find_map(|item| match item {
                Err(StreamError::Gap(gap)) => Some(gap.clone()),
                _ => None,
            })
            .expect("there is a gap");
        assert_eq!(gap.cause, GapCause::CatchUp);
        let (from, to) = (gap.from.unwrap(), gap.to.unwrap());
        let got: HashSet<_> = items.into_iter().filter_map(Result::ok).map(|record| record.message).collect();
        for record in simulation.stored() {
            let skipped = from <= record.time && record.time < to;
            assert!(skipped || got.contains(&record.message), "{record:?} is missing and not in the gap");
        }
        assert!(got.len() < simulation.stored().len());
    });
}

#[test]
fn an_interruption_longer_than_the_window_loses_nothing() {
    let simulation = Simulation::new(1, Faults::none());
    run(async {
        let mut stream = simulation.follow(complete());
        simulation.produce(vec![Producer::steady(100)], Duration::from_secs(5)).await;
        simulation.refuse_connections(true);
        simulation.refuse_queries(true);
        simulation.cut();
        simulation.produce(vec![Producer::steady(100)], Duration::from_secs(300)).await;
        simulation.refuse_connections(false);
        simulation.refuse_queries(false);
        let records = records(take_all(&mut stream).await);
        assert_each_once(&simulation, &records);
        assert!(records.is_sorted_by_key(|record| record.time));
    });
}

#[test]
fn an_entry_comes_soon_and_an_idle_stream_makes_few_queries() {
    let simulation = Simulation::new(1, Faults::none());
    run(async {
        let mut stream = simulation.follow(complete());
        sleep(Duration::from_secs(10)).await;
        let (queries, start) = (simulation.stats().queries, Instant::now());
        sleep(Duration::from_secs(100)).await;
        assert!(simulation.stats().queries - queries <= 25, "{}", simulation.stats().queries - queries);
        for _ in 0..20 {
            let logged = Instant::now();
            simulation.store(0);
            stream.recv().await.unwrap().unwrap();
            assert!(logged.elapsed() <= Duration::from_millis(1_600), "{:?}", logged.elapsed());
            sleep(Duration::from_millis(700)).await;
        }
        assert!(start.elapsed() > Duration::from_secs(100));
    });
}

#[test]
fn pages_that_are_too_large_are_read_in_smaller_ones() {
    for max_page in [300, 1] {
        let simulation = Simulation::new(1, Faults::none());
        run(async {
            simulation.limit_pages(max_page);
            let mut stream = simulation.follow(complete());
            simulation.produce(vec![Producer::steady(20)], Duration::from_secs(20)).await;
            assert_each_once(&simulation, &records(take_all(&mut stream).await));
        });
    }
}

#[test]
fn a_stream_survives_a_proxy_that_answers_for_the_server() {
    let simulation = Simulation::new(1, Faults::none());
    run(async {
        let mut stream = simulation.follow(complete());
        simulation.produce(vec![Producer::steady(10)], Duration::from_secs(10)).await;
        simulation.let_a_proxy_answer(true);
        simulation.cut();
        simulation.produce(vec![Producer::steady(10)], Duration::from_secs(50)).await;
        simulation.let_a_proxy_answer(false);
        let items = take_all(&mut stream).await;
        let reports = items.iter().filter(|item| matches!(item, Err(StreamError::Unreachable(_)))).count();
        assert_eq!(reports, 1, "an outage of that length is reported once");
        assert_each_once(&simulation, &records(items));
    });
}

#[test]
fn an_address_without_a_logtide_server_is_a_final_error() {
    let simulation = Simulation::new(1, Faults::none());
    run(async {
        simulation.let_a_proxy_answer(true);
        let items = take_all(&mut simulation.follow(complete())).await;
        let [Err(error @ StreamError::Refused(_))] = &*items else { panic!("{items:?}") };
        assert!(
            error.is_final() && error.to_string().contains("does not come from a LogTide server"),
            "{error}"
        );
    });
}

#[test]
fn the_longest_durations_do_not_panic() {
    let simulation = Simulation::new(1, Faults::none());
    run(async {
        let options = complete().max_catch_up(Duration::MAX).heartbeat_timeout(Duration::MAX);
        let longest =
            options.reconnect_delay(Duration::MAX).max_reconnect_delay(Duration::MAX).buffer(usize::MAX);
        let mut stream = simulation.follow(longest);
        sleep(Duration::from_secs(2)).await;
        simulation.cut();
        simulation.store(0);
        assert_each_once(&simulation, &records(take_all(&mut stream).await));
    });
}

#[test]
fn late_entries_are_found_soon_after_a_long_catch_up() {
    let simulation = Simulation::new(1, Faults::none());
    run(async {
        let from = simulation.time();
        simulation.produce(vec![Producer::steady(200)], Duration::from_secs(100)).await;
        let mut stream = simulation.follow(complete().buffer(10).from_time(from));
        for _ in 0..simulation.stored().len() {
            stream.recv().await.unwrap().unwrap();
            sleep(Duration::from_millis(20)).await;
        }
        sleep(Duration::from_secs(30)).await;
        // The stream omits it, because it is older than entries that were sent.
        simulation.store(5_000);
        let stored = Instant::now();
        stream.recv().await.unwrap().unwrap();
        assert!(stored.elapsed() <= Duration::from_secs(6), "{:?}", stored.elapsed());
    });
}

#[test]
fn a_consumer_that_lags_for_long_gets_no_false_gap() {
    let simulation = Simulation::new(1, Faults::none());
    run(async {
        let options = complete().buffer(10).max_catch_up(Duration::from_secs(120));
        let mut stream = simulation.follow(options);
        let producing = simulation.produce(vec![Producer::steady(100)], Duration::from_secs(600));
        let mut items = Vec::new();
        let taking = async {
            // Slower than the producer for a while, and then faster.
            while let Ok(Some(item)) = timeout(Duration::from_secs(120), stream.recv()).await {
                items.push(item);
                let pause = if items.len() < 20_000 { 12 } else { 6 };
                sleep(Duration::from_millis(pause)).await;
            }
        };
        tokio::join!(producing, taking);
        assert_each_once(&simulation, &records(items));
    });
}

#[test]
fn the_shortest_catch_up_makes_no_gap_in_normal_operation() {
    let simulation = Simulation::new(1, Faults::none());
    run(async {
        let mut stream = simulation.follow(complete().max_catch_up(Duration::ZERO));
        simulation.produce(Producer::several(3), Duration::from_secs(60)).await;
        assert_each_once(&simulation, &records(take_all(&mut stream).await));
    });
}

#[test]
fn many_entries_with_a_future_time_displace_no_others() {
    let simulation = Simulation::new(1, Faults::none());
    run(async {
        let mut stream = simulation.follow(complete());
        sleep(Duration::from_secs(2)).await;
        (0..25_000).for_each(|_| simulation.store(-8 * 3_600_000));
        let ahead = simulation.stored().len();
        simulation.produce(vec![Producer::steady(50)], Duration::from_secs(20)).await;
        let records = records(take_all(&mut stream).await);
        let present = records.iter().filter(|record| record.time < simulation.time()).count();
        assert_eq!(present, simulation.stored().len() - ahead);
        let ids: HashSet<_> = records.iter().map(|record| &record.id).collect();
        assert_eq!(ids.len(), records.len(), "no entry comes twice");
        assert!(records.len() - present >= 20_000, "{}", records.len() - present);
    });
}
