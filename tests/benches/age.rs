//! The cost of an entry after ten million others, compared with one of the first hundred thousand.
//!
//! The two clients take turns, so that other load on the machine affects both alike.

use std::{sync::Arc, time::Duration};

use logtide::{Client, ClientOptions};
use logtide_tests::{
    measure::{
        self,
        clock::{process_time, thread_time},
        figures::median,
        workload,
    },
    nowhere::Nowhere,
};

/// The number of entries after which a client counts as old, and up to which it counts as young.
const OLD: u64 = 10_000_000;
const YOUNG: u64 = 100_000;

/// Entries between two flushes, so that the default buffer is never full.
const STRIDE: u64 = 1_000;

/// The number of young clients, one after the other.
const ROUNDS: usize = 20;

/// The highest cost of an entry of the old client, relative to one of a young client.
const LIMIT: f64 = 1.05;

#[expect(clippy::print_stdout, reason = "the table is what the program is for")]
fn main() -> measure::Result<()> {
    let old = client()?;
    (0..OLD / STRIDE).for_each(|_| {
        log_stride(&old);
    });
    let (mut of_old, mut of_young) = (Costs::default(), Costs::default());
    for _ in 0..ROUNDS {
        let young = client()?;
        for _ in 0..YOUNG / STRIDE {
            of_old.add(log_stride(&old));
            of_young.add(log_stride(&young));
        }
        close(&young, YOUNG)?;
    }
    close(&old, OLD + ROUNDS as u64 * YOUNG)?;
    let ((old_caller, old_all), (young_caller, young_all)) = (of_old.medians(), of_young.medians());
    println!("| client | caller ns | all threads ns |\n|---|---:|---:|");
    println!("| young | {young_caller:.0} | {young_all:.0} |\n| old | {old_caller:.0} | {old_all:.0} |");
    println!("| old / young | {:.2} | {:.2} |", old_caller / young_caller, old_all / young_all);
    println!("\nthe limit is {LIMIT}\n");
    Ok(())
}

/// Nanoseconds of processor time for each entry of a stride.
#[derive(Default)]
struct Costs {
    caller: Vec<f64>,
    all: Vec<f64>,
}

impl Costs {
    fn add(&mut self, (caller, all): (Duration, Duration)) {
        let per_entry = |time: Duration| time.as_nanos() as f64 / STRIDE as f64;
        self.caller.push(per_entry(caller));
        self.all.push(per_entry(all));
    }

    fn medians(self) -> (f64, f64) {
        (median(self.caller), median(self.all))
    }
}

fn client() -> measure::Result<Client> {
    let options = ClientOptions::new("http://localhost:8080", "lp_bench");
    Ok(Client::with_transport(options, Arc::new(Nowhere))?)
}

/// Logs a stride and has it delivered. Returns the time of the log calls, and that of all threads until the entries are
/// delivered.
fn log_stride(client: &Client) -> (Duration, Duration) {
    let (thread, process) = (thread_time(), process_time());
    (0..STRIDE).for_each(|id| client.info("bench", workload::MESSAGE, workload::fields(id)));
    let caller = thread_time().saturating_sub(thread);
    // Losses show when the client is closed.
    client.flush_blocking(Duration::from_secs(10));
    (caller, process_time().saturating_sub(process))
}

fn close(client: &Client, entries: u64) -> measure::Result<()> {
    let report = client.close_blocking(Duration::from_secs(10));
    if report.delivered == entries {
        Ok(())
    } else {
        Err(format!("not all was delivered: {report:?}").into())
    }
}
