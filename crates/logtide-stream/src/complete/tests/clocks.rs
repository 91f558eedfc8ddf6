//! Clocks that are wrong or are set.

use std::{collections::HashSet, time::Duration};

use tokio::time::sleep;

use super::{
    assert_each_once, complete, records, run,
    simulation::{Faults, Producer, Simulation},
    take_all,
};
use crate::{GapCause, StreamError};

const HOUR: i64 = 3_600_000;

#[test]
fn a_proxy_with_a_wrong_clock_changes_nothing() {
    for skew in [HOUR, -HOUR, 10_000] {
        let simulation = Simulation::new(1, Faults::none());
        run(async {
            let mut stream = simulation.follow(complete());
            simulation.produce(Producer::several(7), Duration::from_secs(20)).await;
            simulation.skew_dates(skew);
            simulation.produce(Producer::several(8), Duration::from_secs(20)).await;
            simulation.skew_dates(0);
            simulation.produce(Producer::several(9), Duration::from_secs(20)).await;
            assert_each_once(&simulation, &records(take_all(&mut stream).await));
        });
    }
}

#[test]
fn a_clock_that_is_set_back_gives_one_gap() {
    for minutes in [1, 60] {
        let simulation = Simulation::new(1, Faults::none());
        run(async {
            let mut stream = simulation.follow(complete());
            simulation.produce(vec![Producer::steady(20)], Duration::from_secs(20)).await;
            simulation.set_clock(-minutes * 60_000);
            simulation.produce(vec![Producer::steady(20)], Duration::from_secs(20)).await;
            let detected = simulation.stored().len();
            simulation.produce(vec![Producer::steady(20)], Duration::from_secs(20)).await;
            let items = take_all(&mut stream).await;
            let gaps: Vec<_> = items
                .iter()
                .filter_map(|item| match item {
                    Err(StreamError::Gap(gap)) => Some(gap.cause),
                    _ => None,
                })
                .collect();
            assert_eq!(gaps, [GapCause::Clock]);
            let got: Vec<_> = items.into_iter().filter_map(Result::ok).map(|record| record.message).collect();
            let once: HashSet<_> = got.iter().collect();
            assert_eq!(once.len(), got.len(), "no entry comes twice");
            let missing =
                (detected..simulation.stored().len()).filter(|number| !once.contains(&number.to_string()));
            assert_eq!(missing.count(), 0, "entries logged after the detection come");
        });
    }
}

#[test]
fn a_clock_that_is_set_forward_loses_nothing() {
    let simulation = Simulation::new(1, Faults::none());
    run(async {
        let mut stream = simulation.follow(complete());
        simulation.produce(vec![Producer::steady(20)], Duration::from_secs(20)).await;
        simulation.set_clock(HOUR / 2);
        simulation.produce(vec![Producer::steady(20)], Duration::from_secs(20)).await;
        assert_each_once(&simulation, &records(take_all(&mut stream).await));
    });
}

#[test]
fn many_entries_with_a_future_time_need_few_queries() {
    let simulation = Simulation::new(1, Faults::none());
    run(async {
        let mut stream = simulation.follow(complete());
        sleep(Duration::from_secs(2)).await;
        (0..26_000).for_each(|_| simulation.store(-8 * HOUR));
        // This ends after 2 minutes without an entry.
        let handed_out = take_all(&mut stream).await.len();
        assert_eq!(handed_out, 20_000);
        let before = simulation.stats().queries;
        sleep(Duration::from_secs(30)).await;
        let queries = simulation.stats().queries - before;
        assert!(queries <= 200, "{queries} in half a minute");
        simulation.store(5_000);
        assert_eq!(take_all(&mut stream).await.len(), 1);
    });
}
