//! The cost of a complete log call, with a server that responds at once.

use std::{
    sync::{Arc, Barrier},
    thread,
    time::{Duration, Instant},
};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use logtide::{Client, ClientOptions, DropPolicy};
use logtide_tests::{measure::workload, nowhere::Nowhere};

fn handover(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("handover");
    group.throughput(Throughput::Elements(1));
    for threads in [1, 2, 4] {
        group.bench_function(format!("{threads} threads"), |bencher| {
            bencher.iter_custom(|entries| log(threads, entries));
        });
    }
    group.finish();
}

/// Returns the wall time of this many log calls, divided among the threads, without the delivery of the rest.
fn log(threads: u64, entries: u64) -> Duration {
    let options = ClientOptions::new("http://localhost:8080", "lp_bench")
        .max_buffer_size(1_000_000)
        .max_buffer_bytes(1 << 30)
        .drop_policy(DropPolicy::Block(Duration::from_secs(10)));
    let client = Client::with_transport(options, Arc::new(Nowhere)).expect("the options are in range");
    let barrier = Barrier::new(threads as usize + 1);
    let elapsed = thread::scope(|scope| {
        let callers: Vec<_> = (0..threads)
            .map(|thread| {
                let (client, barrier) = (&client, &barrier);
                let share = entries / threads + u64::from(thread < entries % threads);
                scope.spawn(move || {
                    barrier.wait();
                    for id in 0..share {
                        client.info("bench", workload::MESSAGE, workload::fields(id));
                    }
                })
            })
            .collect();
        barrier.wait();
        let start = Instant::now();
        for caller in callers {
            caller.join().expect("a log call never panics");
        }
        start.elapsed()
    });
    let report = client.close_blocking(Duration::from_secs(30));
    assert_eq!((report.delivered, client.metrics().logs_sent), (report.delivered, entries), "{report:?}");
    elapsed
}

criterion_group!(benches, handover);
criterion_main!(benches);
