//! The cost of a log call with concurrent ones of other threads, and a server that responds at once.

use std::{
    sync::{Arc, Barrier},
    thread,
    time::{Duration, Instant},
};

use logtide::{Client, ClientOptions};
use logtide_tests::{
    measure::{self, clock::thread_time, figures::median, workload},
    nowhere::Nowhere,
};

/// The entries of all threads together, all of which fit in the buffer.
const ENTRIES: u64 = 800_000;

const THREADS: [u64; 5] = [1, 2, 4, 8, 16];

/// The number of rounds, of which the median counts.
const ROUNDS: usize = 5;

#[expect(clippy::print_stdout, reason = "the table is what the program is for")]
fn main() -> measure::Result<()> {
    let mut runs = THREADS.map(|_| (Vec::new(), Vec::new()));
    for _ in 0..ROUNDS {
        for (threads, (callers, walls)) in THREADS.into_iter().zip(&mut runs) {
            let (caller, wall) = log(threads)?;
            callers.push(caller);
            walls.push(wall);
        }
    }
    let runs = runs.map(|(callers, walls)| (median(callers), median(walls)));
    let (first_caller, first_wall) = runs[0];
    println!("| threads | caller ns | by that of one thread | entries a second | by those of one thread |");
    println!("|---:|---:|---:|---:|---:|");
    for (threads, (caller, wall)) in THREADS.into_iter().zip(runs) {
        let (cost, rate) = (caller / first_caller, first_wall / wall);
        println!("| {threads} | {caller:.0} | {cost:.2} | {:.0} | {rate:.2} |", 1e9 / wall);
    }
    println!();
    Ok(())
}

/// Logs as fast as this many threads can. Returns nanoseconds per entry: processor time of the threads, and wall time from the
/// first call to the last.
fn log(threads: u64) -> measure::Result<(f64, f64)> {
    let options = ClientOptions::new("http://localhost:8080", "lp_bench")
        .max_buffer_size(2 * ENTRIES as usize)
        .max_buffer_bytes(1 << 30);
    let client = Client::with_transport(options, Arc::new(Nowhere))?;
    let barrier = Barrier::new(threads as usize);
    let callers: Vec<_> = thread::scope(|scope| {
        let callers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    barrier.wait();
                    let (start, processor) = (Instant::now(), thread_time());
                    for id in 0..ENTRIES / threads {
                        client.info("bench", workload::MESSAGE, workload::fields(id));
                    }
                    (start, Instant::now(), thread_time().saturating_sub(processor))
                })
            })
            .collect();
        callers.into_iter().map(|caller| caller.join().expect("a log call never panics")).collect()
    });
    let report = client.close_blocking(Duration::from_secs(60));
    if report.delivered != ENTRIES {
        return Err(format!("not all was delivered: {report:?}").into());
    }
    let first = callers.iter().map(|(start, ..)| *start).min().ok_or("there is a thread")?;
    let last = callers.iter().map(|(_, end, _)| *end).max().ok_or("there is a thread")?;
    let processor: Duration = callers.iter().map(|(.., processor)| *processor).sum();
    let per_entry = |time: Duration| time.as_nanos() as f64 / ENTRIES as f64;
    Ok((per_entry(processor), per_entry(last - first)))
}
