//! Clocks that are wrong, or are set.

use std::{collections::HashSet, time::Duration};

use tokio::time::sleep;

use super::{
    assert_each_once, complete, records, run, take_all,
    world::{Faults, Producer, World},
};
use crate::{GapCause, StreamError};

const HOUR: i64 = 3_600_000;

#[test]
fn a_proxy_whose_clock_is_wrong_changes_nothing() {
    for skew in [HOUR, -HOUR, 10_000] {
        let world = World::new(1, Faults::none());
        run(async {
            let mut stream = world.follow(complete());
            world.produce(Producer::several(7), Duration::from_secs(20)).await;
            world.skew_dates(skew);
            world.produce(Producer::several(8), Duration::from_secs(20)).await;
            world.skew_dates(0);
            world.produce(Producer::several(9), Duration::from_secs(20)).await;
            assert_each_once(&world, &records(take_all(&mut stream).await));
        });
    }
}

#[test]
fn a_clock_that_is_set_back_is_told_and_followed() {
    for minutes in [1, 60] {
        let world = World::new(1, Faults::none());
        run(async {
            let mut stream = world.follow(complete());
            world.produce(vec![Producer::steady(20)], Duration::from_secs(20)).await;
            world.set_clock(-minutes * 60_000);
            world.produce(vec![Producer::steady(20)], Duration::from_secs(20)).await;
            let noticed = world.stored().len();
            world.produce(vec![Producer::steady(20)], Duration::from_secs(20)).await;
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
            assert_eq!(once.len(), got.len(), "none comes twice");
            let missing =
                (noticed..world.stored().len()).filter(|number| !once.contains(&number.to_string()));
            assert_eq!(missing.count(), 0, "what is logged once it was noticed comes");
        });
    }
}

#[test]
fn a_clock_that_is_set_ahead_leaves_nothing_out() {
    let world = World::new(1, Faults::none());
    run(async {
        let mut stream = world.follow(complete());
        world.produce(vec![Producer::steady(20)], Duration::from_secs(20)).await;
        world.set_clock(HOUR / 2);
        world.produce(vec![Producer::steady(20)], Duration::from_secs(20)).await;
        assert_each_once(&world, &records(take_all(&mut stream).await));
    });
}

#[test]
fn a_flood_from_a_clock_that_is_ahead_costs_few_queries() {
    let world = World::new(1, Faults::none());
    run(async {
        let mut stream = world.follow(complete());
        sleep(Duration::from_secs(2)).await;
        (0..26_000).for_each(|_| world.store(-8 * HOUR));
        // Two minutes without an entry end this.
        let handed_out = take_all(&mut stream).await.len();
        assert_eq!(handed_out, 20_000);
        let before = world.seen().queries;
        sleep(Duration::from_secs(30)).await;
        let queries = world.seen().queries - before;
        assert!(queries <= 200, "{queries} in half a minute");
        world.store(5_000);
        assert_eq!(take_all(&mut stream).await.len(), 1);
    });
}
