//! The delivery pipeline with a server and a disk that fail in every way, under virtual time.
//!
//! `LOGTIDE_SIM_SEED=7` runs only seed 7, and `cargo xtask sim --seeds 1000000` many more.

use logtide_tests::simulation::{self, Campaign};

const SEEDS: u64 = 10_000;

/// The events that must occur at least once in the whole campaign.
const INTERESTING: [&str; 52] = [
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
    "spool: a close waited for the disk",
    "spool: a dead owner's folder was adopted",
    "spool: a file is gone",
    "spool: a file was appended to",
    "spool: a file was left alone",
    "spool: a file was set aside",
    "spool: a file was torn",
    "spool: a folder was left alone",
    "spool: a later version was there",
    "spool: a read failed",
    "spool: a remove failed",
    "spool: a rename failed",
    "spool: a sync failed",
    "spool: acknowledged",
    "spool: another file was begun",
    "spool: closed early since all is safe",
    "spool: damaged entries",
    "spool: died in the middle of an operation",
    "spool: disk full",
    "spool: duplicates",
    "spool: evicted",
    "spool: expired",
    "spool: full, the newest stay in memory",
    "spool: killed",
    "spool: let go from memory and read back",
    "spool: lost at a close",
    "spool: power cut",
    "spool: recovered and delivered",
    "spool: the clock was set back",
    "spool: the oldest file made room",
    "spool: two owners at once",
];

#[test]
fn every_entry_is_accounted_for_whatever_server_and_disk_do() {
    if let Some(seed) = std::env::var("LOGTIDE_SIM_SEED").ok().and_then(|seed| seed.parse().ok()) {
        let _ = simulation::run(seed);
        return;
    }
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let campaign = Campaign::run(0..SEEDS, threads);
    assert!(campaign.failed.is_empty(), "failed: run it with LOGTIDE_SIM_SEED={:?}", campaign.failed);
    let missing: Vec<_> = INTERESTING.iter().filter(|thing| !campaign.seen.contains_key(*thing)).collect();
    assert!(missing.is_empty(), "never happened: {missing:?}");
}
