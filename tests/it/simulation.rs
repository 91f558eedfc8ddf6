//! The delivery pipeline against a server that fails in every way, under virtual time.
//!
//! Each seed decides options, producers and faults. `LOGTIDE_SIM_SEED=7` runs seed 7 alone.

mod books;
mod entry;
mod plan;
mod server;
mod wire;
mod world;

use std::{collections::BTreeSet, panic::catch_unwind};

const SEEDS: u64 = 1_000;

/// What has to happen at least once in the whole campaign.
const INTERESTING: [&str; 21] = [
    "a full request",
    "breaker opened",
    "buffer_full",
    "bad entry the server failed on",
    "close with loss",
    "closed",
    "duplicates",
    "eviction",
    "flush cut off",
    "flush deadline",
    "isolation paced",
    "parked",
    "pause",
    "probe failed",
    "probe succeeded",
    "retries exhausted",
    "retry",
    "split",
    "too large",
    "too large for any body",
    "tried despite a pause",
];

#[test]
fn every_entry_is_accounted_for_whatever_the_server_does() {
    if let Some(seed) = std::env::var("LOGTIDE_SIM_SEED").ok().and_then(|seed| seed.parse().ok()) {
        world::run(seed);
        return;
    }
    let mut seen = BTreeSet::new();
    for seed in 0..SEEDS {
        let happened = catch_unwind(|| world::run(seed));
        seen.extend(
            happened.unwrap_or_else(|_| panic!("seed {seed} failed: run it with LOGTIDE_SIM_SEED={seed}")),
        );
    }
    let missing: Vec<_> = INTERESTING.iter().filter(|thing| !seen.contains(*thing)).collect();
    assert!(missing.is_empty(), "never happened: {missing:?}");
}
