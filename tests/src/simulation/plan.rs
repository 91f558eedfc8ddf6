//! The choices of a seed: the options, and when entries are logged or flushed and the pipeline is closed.

use std::time::Duration;

use fastrand::Rng;
use logtide_core::{GiveUp, Overflow, PipelineOptions, Tick};

use super::entry::Make;

#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// This many log calls at one moment.
    Log(usize),
    /// A flush with this time limit.
    Flush(Duration),
    Close(Duration),
}

#[derive(Debug)]
pub(super) struct Plan {
    pub(super) options: PipelineOptions,
    pub(super) make: Make,
    /// The wire's limit for a body in bytes.
    pub(super) max_body_bytes: usize,
    /// Ascending times.
    pub(super) steps: Vec<(Tick, Step)>,
    pub(super) faults_end: Tick,
    /// Whether one of the steps closes the pipeline. Otherwise it closes when all is delivered.
    pub(super) closes_early: bool,
}

impl Plan {
    pub(super) fn new(seed: u64) -> Self {
        let mut random = Rng::with_seed(seed);
        let mut options = options(&mut random);
        let mut bad_one_in = [0, 200, 1_000, 200, 1_000, 3][random.usize(..6)];
        if options.batch_size == 1_000 {
            // Isolating thousands of invalid entries takes hours of virtual time, and seconds of real time.
            bad_one_in = bad_one_in.max(200) * u64::from(bad_one_in > 0);
        }
        let mut make = Make {
            seed,
            padding: [0, 40, 400][random.usize(..3)],
            swell: 1,
            bad_one_in,
            // With `GiveUp::AfterRetries`, all entries in a batch with such an entry are lost. If the server fails on most
            // batches, little gets through, and nothing passes a buffer that holds only such entries.
            crashing: options.give_up == GiveUp::Never && bad_one_in > 3 && options.max_entries >= 50,
        };
        let faults_end = Tick::ZERO.after(Duration::from_secs(random.u64(20..150)));
        let closes_early = random.u8(..3) == 0;
        let mut steps = steps(&mut random, &options, faults_end);
        if closes_early {
            let at = Tick::from_micros(random.u64(..faults_end.as_micros()));
            steps.push((at, Step::Close(Duration::from_millis(random.u64(..8_000)))));
        }
        steps.sort_by_key(|(at, _)| *at);
        if random.u8(..3) == 0 {
            // The buffer holds the longest outage.
            options.max_entries = usize::MAX / 2;
            options.max_bytes = usize::MAX / 2;
        }
        make.swell = random.usize(1..4);
        // Some entries exceed this alone. Thousands of entries in bodies of this size would take seconds of real time.
        let small_body = random.u8(..8) == 0 && options.batch_size < 1_000;
        let max_body_bytes = if small_body { random.usize(300..600) } else { 50 << 20 };
        Self { options, make, max_body_bytes, steps, faults_end, closes_early }
    }
}

fn options(random: &mut Rng) -> PipelineOptions {
    let mut options = PipelineOptions::default();
    let large = random.u8(..16) == 0;
    options.batch_size = if large { 1_000 } else { random.usize(1..60) };
    options.max_entries = if large { 4_000 } else { random.usize(1..400) };
    options.max_bytes = if random.bool() { 1 << 20 } else { random.usize(500..40_000) };
    options.overflow = if random.bool() { Overflow::Newest } else { Overflow::Oldest };
    options.max_batch_bytes = if random.bool() { 1 << 20 } else { random.usize(100..20_000) };
    options.max_in_flight = if random.bool() { 1 } else { random.usize(2..5) };
    options.max_retries = random.u32(..4);
    options.give_up = if random.u8(..3) == 0 { GiveUp::AfterRetries } else { GiveUp::Never };
    options.retry_delay = Duration::from_millis(random.u64(10..2_000));
    options.flush_interval = Duration::from_millis(random.u64(5..5_000));
    options.circuit_breaker_threshold = random.u32(1..5);
    options.circuit_breaker_reset = Duration::from_millis(random.u64(200..30_000));
    options.seed = random.u64(..);
    options
}

fn steps(random: &mut Rng, options: &PipelineOptions, end: Tick) -> Vec<(Tick, Step)> {
    let mut steps = Vec::new();
    let mut at = Tick::ZERO;
    while at < end {
        let entries = match random.u8(..40) {
            0 => options.max_entries + random.usize(..options.max_entries + 1),
            1..8 => options.batch_size,
            _ => random.usize(1..8),
        };
        steps.push((at, Step::Log(entries)));
        if random.u8(..12) == 0 {
            steps.push((at, Step::Flush(Duration::from_millis(random.u64(..20_000)))));
        }
        at = at.after(Duration::from_millis(random.u64(1..3_000)));
    }
    steps
}
