//! The cost of writing the record of an entry in the logging thread, and of rendering it in the worker.

use std::{error::Error, fmt::Display, hint::black_box, io};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use logtide_core::{Head, IntoMetadata, Json, Level, Record, RecordWriter, Wire as _};
use logtide_tests::measure::workload;
use serde_json::json;

fn record(criterion: &mut Criterion) {
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
    let (mut writer, mut id) = (RecordWriter::default(), 0);
    let mut next = || {
        id += 1;
        write(&mut writer, id, black_box(&message), black_box(metadata(id))).len()
    };
    let mut group = criterion.benchmark_group("write");
    group.throughput(Throughput::Bytes(next() as u64));
    group.bench_function(name, |bencher| bencher.iter(&mut next));
    group.finish();

    let record = write(&mut writer, id, &message, metadata(id));
    let (mut wire, mut body) = (Json::default(), Vec::new());
    let mut render = || {
        body.clear();
        wire.begin(&mut body);
        let start = body.len();
        wire.write(black_box(record), &mut body);
        body.len() - start
    };
    let mut group = criterion.benchmark_group("render");
    group.throughput(Throughput::Bytes(render() as u64));
    group.bench_function(name, |bencher| bencher.iter(&mut render));
    group.finish();
}

fn write(
    writer: &mut RecordWriter,
    id: u64,
    message: impl Display,
    metadata: impl IntoMetadata,
) -> Record<'_> {
    let mut head = Head::new(Level::Info, "bench");
    head.nanos = 1_795_340_000_000_000_000 + id;
    let mut fields = writer.begin(&head);
    fields.message(message);
    fields.metadata(metadata);
    fields.finish()
}

criterion_group!(benches, record);
criterion_main!(benches);
