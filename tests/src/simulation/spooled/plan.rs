//! The choices of a seed for each process.

use std::time::Duration;

use fastrand::Rng;
use logtide_client::Durability;
use logtide_core::{GiveUp, Overflow, PipelineOptions, spool::SpoolOptions};

/// The use of the spool by a process.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) options: PipelineOptions,
    pub(super) spool: SpoolOptions,
    pub(super) durability: Durability,
}

/// How a process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// A close with this time limit.
    Close(Duration),
    Kill,
    PowerCut,
    /// The pipeline is dropped.
    Drop,
}

impl Plan {
    pub(super) fn new(random: &mut Rng) -> Self {
        Self { options: options(random), spool: spool(random), durability: durability(random) }
    }

    /// Creates a process with capacity and time for everything in the spool.
    pub(super) fn healthy(random: &mut Rng) -> Self {
        let mut options = PipelineOptions::default();
        options.batch_size = random.usize(1..60);
        options.max_entries = random.usize(50..2_000);
        options.flush_interval = Duration::from_millis(random.u64(5..1_000));
        options.max_in_flight = random.usize(1..3);
        options.seed = random.u64(..);
        let mut spool = SpoolOptions::default();
        spool.max_age = Duration::from_secs(200 * 365 * 24 * 60 * 60);
        Self { options, spool, durability: Durability::Always }
    }
}

impl End {
    pub(super) fn new(random: &mut Rng) -> Self {
        match random.u8(..10) {
            0 => Self::Close(Duration::ZERO),
            1..3 => Self::Close(Duration::from_millis(random.u64(..800))),
            3..5 => Self::Close(Duration::from_secs(random.u64(2..30))),
            5..7 => Self::Kill,
            7..9 => Self::PowerCut,
            _ => Self::Drop,
        }
    }
}

fn options(random: &mut Rng) -> PipelineOptions {
    let mut options = PipelineOptions::default();
    options.batch_size = random.usize(1..60);
    options.max_entries = if random.bool() { random.usize(1..60) } else { random.usize(60..1_200) };
    options.max_bytes = if random.u8(..3) > 0 { 1 << 20 } else { random.usize(1_000..20_000) };
    options.overflow = if random.bool() { Overflow::Newest } else { Overflow::Oldest };
    options.max_batch_bytes = if random.bool() { 1 << 20 } else { random.usize(200..20_000) };
    options.max_in_flight = if random.bool() { 1 } else { random.usize(2..5) };
    options.max_retries = random.u32(..4);
    options.give_up = if random.u8(..8) == 0 { GiveUp::AfterRetries } else { GiveUp::Never };
    options.retry_delay = Duration::from_millis(random.u64(10..2_000));
    options.flush_interval = Duration::from_millis(random.u64(5..5_000));
    options.circuit_breaker_threshold = random.u32(1..5);
    options.circuit_breaker_reset = Duration::from_millis(random.u64(200..30_000));
    options.seed = random.u64(..);
    options
}

fn spool(random: &mut Rng) -> SpoolOptions {
    let mut spool = SpoolOptions::default();
    spool.max_bytes = if random.u8(..3) > 0 { 1 << 30 } else { random.u64(1_000..30_000) };
    spool.max_files = if random.u8(..3) > 0 { 10_000 } else { random.usize(2..6) };
    if random.u8(..5) == 0 {
        spool.max_age = Duration::from_secs(random.u64(5..100));
    }
    let after = Duration::from_millis(random.u64(1..2_000));
    spool.write_after =
        [None, Some(Duration::ZERO), Some(after), Some(Duration::from_secs(1))][random.usize(..4)];
    spool
}

fn durability(random: &mut Rng) -> Durability {
    match random.u8(..4) {
        0 => Durability::Never,
        1 => Durability::Every(Duration::from_secs(1)),
        _ => Durability::Always,
    }
}
