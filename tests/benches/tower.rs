//! The cost of logging the requests of a server: a request with its two entries, compared with one without.

use std::{convert::Infallible, sync::Arc, time::Duration};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use http::{Request, Response};
use logtide::{Client, ClientOptions, DropPolicy};
use logtide_tests::{
    measure::clock,
    nowhere::Nowhere,
    served::{self, handler},
};
use logtide_tower::ServerLayer;
use tower::{Layer, Service};

/// The highest cost of the layer for a request, in nanoseconds.
const LIMIT: f64 = 1_000.0;

#[expect(clippy::print_stdout, reason = "the difference is what the program is for")]
fn tower(criterion: &mut Criterion) {
    let options = ClientOptions::new("http://localhost:8080", "lp_bench")
        .max_buffer_size(1_000_000)
        .drop_policy(DropPolicy::Block(Duration::from_secs(10)));
    let client = Client::with_transport(options, Arc::new(Nowhere)).expect("the options are in range");
    let (mut bare, mut logged) = (handler(), ServerLayer::new(client.clone()).layer(handler()));
    let mut group = criterion.benchmark_group("tower");
    group.throughput(Throughput::Elements(1));
    let [mut without, mut with] = [Served::default(), Served::default()];
    group.bench_function("bare", |bencher| {
        bencher.iter_custom(|requests| without.add(requests, serve(&mut bare, requests)));
    });
    group.bench_function("logged", |bencher| {
        bencher.iter_custom(|requests| with.add(requests, serve(&mut logged, requests)));
    });
    group.finish();
    let cost = with.nanoseconds_per_request() - without.nanoseconds_per_request();
    // The arguments may exclude one of the two.
    if cost.is_finite() {
        println!("tower: logged - bare = {cost:.0} ns a request; the limit is {LIMIT} ns\n");
    }
    client.close_blocking(Duration::from_secs(30));
    assert_eq!(client.metrics().logs_dropped, 0);
}

/// The requests of a benchmark, with their total time.
#[derive(Default)]
struct Served {
    requests: u64,
    time: Duration,
}

impl Served {
    fn add(&mut self, requests: u64, time: Duration) -> Duration {
        self.requests += requests;
        self.time += time;
        time
    }

    fn nanoseconds_per_request(&self) -> f64 {
        self.time.as_secs_f64() * 1e9 / self.requests as f64
    }
}

/// Returns the processor time of the calling thread for this many requests. The worker delivers on another core.
fn serve<S, B>(service: &mut S, requests: u64) -> Duration
where
    S: Service<Request<()>, Response = Response<B>, Error = Infallible>,
{
    let start = clock::thread_time();
    (0..requests).for_each(|_| served::serve(service));
    clock::thread_time().saturating_sub(start)
}

criterion_group!(benches, tower);
criterion_main!(benches);
