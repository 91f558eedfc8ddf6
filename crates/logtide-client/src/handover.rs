//! Checks the handover of entries from log calls to the worker under many interleavings. `cargo xtask handover` runs
//! these tests.
//!
//! Each check is a small program with the real client, worker and pipeline. The checker decides which thread takes the
//! next step, either at random or by priorities that rarely change. The modules in `src/sync/checked` replace the
//! driver's thread, the network's tasks and the clock. The clock never reaches a time limit, so only a wake-up ends a
//! wait, and a lost wake-up is a deadlock.

mod capacity;
mod counters;
mod order;
mod server;
mod shutdown;
mod stopped;
#[cfg(feature = "spool")]
mod syncs;
mod wakeups;
mod workers;

use std::{
    collections::HashSet,
    env,
    sync::{Arc, LazyLock},
    time::Duration,
};

use logtide_core::FlushReport;
use shuttle::{
    Config, Runner,
    scheduler::{PctScheduler, RandomScheduler},
    thread::{self, JoinHandle},
};
use tokio::runtime::{Builder, Runtime};

use self::server::Server;
use crate::{Client, ClientMetrics, ClientOptions, DropPolicy, intake, sync};

/// The number of interleavings for each check and scheduler. `HANDOVER_RUNS` overrides it.
const RUNS: usize = 100;

/// The number of priority changes within one run.
const PREEMPTIONS: usize = 3;

const SEED: u64 = 0x10_67_1D_E0;

const POLICIES: [DropPolicy; 3] = [DropPolicy::Newest, DropPolicy::Oldest, DropPolicy::Block(LONG)];

/// A time limit that is never reached.
const LONG: Duration = Duration::from_secs(3_600);

/// Runs a check under many interleavings.
fn check(body: impl Fn() + Send + Sync + 'static) {
    check_often(1, body);
}

/// Runs a small check, which looks for a rare interleaving, `times` as often.
fn check_often(times: usize, body: impl Fn() + Send + Sync + 'static) {
    /// Timers are created in it but never fire.
    static RUNTIME: LazyLock<Runtime> =
        LazyLock::new(|| Builder::new_current_thread().enable_time().build().unwrap());
    let _entered = RUNTIME.enter();
    let runs = env::var("HANDOVER_RUNS").map_or(RUNS, |runs| runs.parse().expect("a number"));
    let runs = times * runs;
    let mut config = Config::new();
    config.stack_size = 1 << 20;
    config.silence_warnings = true;
    let body = Arc::new(body);
    let random = body.clone();
    Runner::new(RandomScheduler::new_from_seed(SEED, runs), config.clone()).run(move || random());
    let scheduler = PctScheduler::new_from_seed(SEED, PREEMPTIONS, runs);
    Runner::new(scheduler, config).run(move || body());
}

/// Options that send only when a batch is full or on request.
fn options(batch_size: usize, policy: DropPolicy) -> ClientOptions {
    ClientOptions::new("http://localhost", "lp_key")
        .batch_size(batch_size)
        .flush_interval(LONG)
        .shutdown_timeout(LONG)
        .request_timeout(LONG)
        .drop_policy(policy)
}

fn client(options: ClientOptions) -> (Client, Server) {
    let server = Server::default();
    (Client::with_transport(options, Arc::new(server.clone())).unwrap(), server)
}

/// Logs an entry with the given number.
fn log(client: &Client, number: u64) {
    client.info("check", number, ());
}

/// Starts a thread that uses the given shard and logs the entries `100 * shard`, `100 * shard + 1` and so on.
fn producer(client: &Client, shard: u64, entries: u64) -> JoinHandle<()> {
    let client = client.clone();
    spawn(shard, move || (0..entries).for_each(|entry| log(&client, 100 * shard + entry)))
}

/// Starts a thread that uses the given shard.
fn spawn<R: Send + 'static>(shard: u64, work: impl FnOnce() -> R + Send + 'static) -> JoinHandle<R> {
    thread::spawn(move || {
        intake::set_slot(shard as usize);
        work()
    })
}

/// Closes the client and waits for it.
fn close(client: &Client) -> FlushReport {
    client.close_blocking(LONG)
}

/// Closes the client if it is open, and waits until all its work has ended. What a run leaves behind could be dropped
/// in another run.
fn end(client: &Client) {
    close(client);
    while !client.handle().driver().is_done() || sync::blocking_jobs() > 0 {
        thread::yield_now();
    }
}

fn join<R>(threads: impl IntoIterator<Item = JoinHandle<R>>) -> Vec<R> {
    threads.into_iter().map(|thread| thread.join().expect("no thread panics")).collect()
}

/// The metrics, after checking that all entries are settled.
fn settled(client: &Client) -> ClientMetrics {
    let metrics = client.metrics();
    assert_eq!(metrics.logged, metrics.logs_sent + metrics.logs_dropped, "{metrics:?}");
    metrics
}

/// Asserts that all numbers are unique, and that those of each thread are in order.
fn assert_in_order(numbers: &[u64]) {
    let distinct: HashSet<_> = numbers.iter().collect();
    assert_eq!(distinct.len(), numbers.len(), "{numbers:?}");
    for thread in 0..8 {
        let of_thread: Vec<_> = numbers.iter().filter(|number| **number / 100 == thread).collect();
        assert!(of_thread.is_sorted(), "{numbers:?}");
    }
}
