//! The cost of a log call while the buffer is full, compared with one whose entry is accepted.

use std::{sync::Arc, time::Duration};

use logtide::{Client, ClientOptions, DropPolicy};
use logtide_tests::{
    measure::{self, clock::thread_time, figures::median, workload},
    nowhere::{Nowhere, Silent},
};

/// The entries between two reads of the clock.
const STRIDE: u64 = 1_000;

/// The number of strides, of which the median counts.
const ROUNDS: usize = 500;

/// The highest cost of a dropped entry, relative to an accepted one.
const LIMIT: f64 = 0.15;

#[expect(clippy::print_stdout, reason = "the table is what the program is for")]
fn main() -> measure::Result<()> {
    let options = || ClientOptions::new("http://localhost:8080", "lp_bench").drop_policy(DropPolicy::Newest);
    let taking = Client::with_transport(options(), Arc::new(Nowhere))?;
    let full = Client::with_transport(options().max_buffer_size(STRIDE as usize), Arc::new(Silent))?;
    nanoseconds_per_entry(&full);
    let (mut taken, mut dropped) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        taken.push(nanoseconds_per_entry(&taking));
        // Makes space for the next stride.
        taking.flush_blocking(Duration::from_secs(10));
        dropped.push(nanoseconds_per_entry(&full));
    }
    let counts = (taking.metrics().logs_dropped, full.metrics().logs_dropped);
    if counts != (0, ROUNDS as u64 * STRIDE) {
        return Err(format!("none and all were to be dropped, not {counts:?}").into());
    }
    let (taken, dropped) = (median(taken), median(dropped));
    println!("| entry | caller ns |\n|---|---:|\n| taken | {taken:.0} |\n| dropped | {dropped:.0} |");
    println!("\ndropped / taken = {:.2}; the limit is {LIMIT}\n", dropped / taken);
    full.close_blocking(Duration::ZERO);
    Ok(())
}

/// Returns the processor time of the calling thread.
fn nanoseconds_per_entry(client: &Client) -> f64 {
    let start = thread_time();
    (0..STRIDE).for_each(|id| client.info("bench", workload::MESSAGE, workload::fields(id)));
    thread_time().saturating_sub(start).as_nanos() as f64 / STRIDE as f64
}
