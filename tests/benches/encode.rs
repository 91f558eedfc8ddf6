//! What it costs to encode one entry, in the thread that logs it.

use std::{error::Error, fmt::Display, hint::black_box, io};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use logtide_core::{BaseMetadata, Encoder, Head, IntoMetadata, Level, Timestamp};
use logtide_tests::measure::workload;
use serde_json::json;

fn encode(criterion: &mut Criterion) {
    let error = io::Error::new(io::ErrorKind::ConnectionRefused, "the database does not answer");
    let error: &(dyn Error + 'static) = &error;
    bench(criterion, "tuple", workload::MESSAGE, workload::fields);
    bench(
        criterion,
        "json",
        workload::MESSAGE,
        |id| json!({"method": "GET", "path": "/api/users/42", "status": 200, "duration_ms": 12.5, "user_id": id}),
    );
    bench(criterion, "error", "request failed", |_| error);
    bench(criterion, "bare", workload::MESSAGE, |_| ());
}

fn bench<M: IntoMetadata>(
    criterion: &mut Criterion,
    name: &str,
    message: impl Display,
    metadata: impl Fn(u64) -> M,
) {
    let (base, mut encoder, mut id) = (BaseMetadata::default(), Encoder::default(), 0);
    let mut next = move || {
        id += 1;
        let head = Head::new(Timestamp::from_micros(1_795_340_000_000_000 + id as i64), Level::Info, "bench");
        encoder.encode(&head, black_box(&message), black_box(metadata(id)), &base).len()
    };
    let mut group = criterion.benchmark_group("encode");
    group.throughput(Throughput::Bytes(next() as u64));
    group.bench_function(name, |bencher| bencher.iter(&mut next));
    group.finish();
}

criterion_group!(benches, encode);
criterion_main!(benches);
