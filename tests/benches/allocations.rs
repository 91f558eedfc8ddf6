//! Allocations per entry in the steady state, by the logging threads and by delivery.

use std::{
    alloc::System,
    sync::{
        Arc, Barrier,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use logtide::{Client, ClientOptions};
use logtide_tests::{
    measure::{self, Direct, Plan, ReceiverProcess, Subject, Traced},
    nowhere::Nowhere,
    served::{handler, serve},
};
use logtide_tower::ServerLayer;
use tower::Layer;
use tracking_allocator::{
    AllocationGroupId, AllocationGroupToken, AllocationRegistry, AllocationTracker, Allocator,
};

#[global_allocator]
static ALLOCATOR: Allocator<System> = Allocator::system();

static BY_CALLERS: AtomicU64 = AtomicU64::new(0);
static BY_OTHERS: AtomicU64 = AtomicU64::new(0);

/// The entries before counting begins, and the counted entries.
const WARM_UP: u64 = 100_000;
const COUNTED: u64 = 400_000;

/// The requests between two flushes, so that the default buffer is never full, and the number of rounds.
const REQUESTS: u64 = 1_000;
const ROUNDS: u64 = 100;

/// Counts allocations separately for threads inside a group, which only the callers are.
struct Counter;

impl AllocationTracker for Counter {
    fn allocated(&self, _address: usize, _size: usize, _wrapped: usize, group: AllocationGroupId) {
        let counter = if group == AllocationGroupId::ROOT { &BY_OTHERS } else { &BY_CALLERS };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    fn deallocated(
        &self,
        _address: usize,
        _size: usize,
        _wrapped: usize,
        _source: AllocationGroupId,
        _current: AllocationGroupId,
    ) {
    }
}

#[expect(clippy::print_stdout, reason = "the table is what the program is for")]
fn main() -> measure::Result<()> {
    if std::env::args().nth(1).as_deref() == Some("receiver") {
        return measure::receive(false);
    }
    AllocationRegistry::set_global_tracker(Counter)?;
    println!(
        "| logged by | threads | by the callers, per entry or request | by the delivery |\n|---|---:|---:|---:|"
    );
    for threads in [1, 4] {
        print("direct calls", threads, count::<Direct>(threads)?);
    }
    // A process has one global subscriber.
    print("tracing", 4, count::<Traced>(4)?);
    print("requests through tower, two entries each", 1, count_requests()?);
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the table is what the program is for")]
fn print(how: &str, threads: u64, (callers, others): (f64, f64)) {
    println!("| {how} | {threads} | {callers:.6} | {others:.6} |");
}

fn count<S: Subject>(threads: u64) -> measure::Result<(f64, f64)> {
    let receiver = ReceiverProcess::start(false)?;
    let subject = S::start(&Plan::steady(receiver.address(), WARM_UP + COUNTED, threads))?;
    let (warm, done) = (Barrier::new(threads as usize + 1), Barrier::new(threads as usize + 1));
    let counts = thread::scope(|scope| {
        for thread in 0..threads {
            let (subject, warm, done) = (&subject, &warm, &done);
            scope.spawn(move || {
                let mut ids = (thread..WARM_UP + COUNTED).step_by(threads as usize);
                ids.by_ref().take((WARM_UP / threads) as usize).for_each(|id| subject.log(id));
                let mut group = AllocationGroupToken::register().expect("there are few groups");
                warm.wait();
                warm.wait();
                let guard = group.enter();
                ids.for_each(|id| subject.log(id));
                drop(guard);
                done.wait();
            });
        }
        warm.wait();
        let before = counts();
        AllocationRegistry::enable_tracking();
        warm.wait();
        done.wait();
        AllocationRegistry::disable_tracking();
        let after = counts();
        (after.0 - before.0, after.1 - before.1)
    });
    subject.finish()?;
    receiver.check(WARM_UP + COUNTED)?;
    Ok((counts.0 as f64 / COUNTED as f64, counts.1 as f64 / COUNTED as f64))
}

/// Returns the allocations of a request with its two entries beyond the bare service.
fn count_requests() -> measure::Result<(f64, f64)> {
    let options = ClientOptions::new("http://localhost:8080", "lp_bench");
    let client = Client::with_transport(options, Arc::new(Nowhere))?;
    let (mut bare, mut logged) = (handler(), ServerLayer::new(client.clone()).layer(handler()));
    let mut group = AllocationGroupToken::register().ok_or("there are few groups")?;
    let mut count = |serve: &mut dyn FnMut()| {
        let before = counts();
        AllocationRegistry::enable_tracking();
        let guard = group.enter();
        (0..REQUESTS).for_each(|_| serve());
        drop(guard);
        // Losses show when the client is closed.
        client.flush_blocking(Duration::from_secs(10));
        AllocationRegistry::disable_tracking();
        let after = counts();
        [after.0 - before.0, after.1 - before.1]
    };
    let mut rounds = |serve: &mut dyn FnMut()| {
        (0..ROUNDS)
            .map(|_| count(serve))
            .fold([0.0; 2], |sum, round| [0, 1].map(|at| sum[at] + round[at] as f64))
    };
    rounds(&mut || serve(&mut logged));
    let (with, without) = (rounds(&mut || serve(&mut logged)), rounds(&mut || serve(&mut bare)));
    let report = client.close_blocking(Duration::from_secs(10));
    if report.delivered != 4 * ROUNDS * REQUESTS {
        return Err(format!("not all was delivered: {report:?}").into());
    }
    let [callers, others] = [0, 1].map(|at| (with[at] - without[at]) / (ROUNDS * REQUESTS) as f64);
    Ok((callers, others))
}

fn counts() -> (u64, u64) {
    (BY_CALLERS.load(Ordering::Relaxed), BY_OTHERS.load(Ordering::Relaxed))
}
