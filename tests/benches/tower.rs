//! What a server pays for having its requests logged: a request with its two entries, and the same without.

use std::{
    convert::Infallible,
    hint::black_box,
    sync::Arc,
    time::{Duration, Instant},
};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use futures::executor::block_on;
use http::{Request, Response};
use http_body_util::Full;
use logtide::{Client, ClientOptions, DropPolicy};
use logtide_tests::nowhere::Nowhere;
use logtide_tower::ServerLayer;
use tower::{Layer, Service, service_fn};

type Body = Full<&'static [u8]>;

fn tower(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("tower");
    group.throughput(Throughput::Elements(1));
    group.bench_function("bare", |bencher| bencher.iter_custom(|requests| serve(handler(), requests)));
    group.bench_function("logged", |bencher| bencher.iter_custom(logged));
    group.finish();
}

fn handler() -> impl Service<Request<()>, Response = Response<Body>, Error = Infallible> {
    service_fn(async |request: Request<()>| {
        black_box(request);
        Ok(Response::new(Body::new(b"")))
    })
}

/// The wall time of that many requests; the delivery of what is left is not part of it.
fn logged(requests: u64) -> Duration {
    let options = ClientOptions::new("http://localhost:8080", "lp_bench")
        .max_buffer_size(1_000_000)
        .max_buffer_bytes(1 << 30)
        .drop_policy(DropPolicy::Block(Duration::from_secs(10)));
    let client = Client::with_transport(options, Arc::new(Nowhere)).expect("the options are in range");
    let elapsed = serve(ServerLayer::new(client.clone()).layer(handler()), requests);
    let _ = client.close_blocking(Duration::from_secs(30));
    assert_eq!(client.metrics().logs_sent, 2 * requests);
    elapsed
}

fn serve<S, B>(mut service: S, requests: u64) -> Duration
where
    S: Service<Request<()>, Response = Response<B>, Error = Infallible>,
{
    let start = Instant::now();
    for _ in 0..requests {
        let request = Request::get("/api/users/42")
            .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
            .body(())
            .expect("the request is whole");
        let response = block_on(service.call(request)).unwrap_or_else(|never| match never {});
        black_box(&response);
        drop(response);
    }
    start.elapsed()
}

criterion_group!(benches, tower);
criterion_main!(benches);
