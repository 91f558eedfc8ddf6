//! What the delivery pipeline costs for a batch of a thousand entries.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use logtide_core::{BaseMetadata, Encoder, Head, Level, Outcome, Pipeline, PipelineOptions, Tick, Timestamp};
use logtide_tests::measure::workload;

const ENTRIES: usize = 1_000;

fn pipeline(criterion: &mut Criterion) {
    let mut encoder = Encoder::default();
    let head = Head::new(Timestamp::from_micros(0), Level::Info, "bench");
    let entry = encoder.encode(&head, workload::MESSAGE, workload::fields(123_456), &BaseMetadata::default());
    let mut pipeline = Pipeline::new(PipelineOptions::default());
    let mut group = criterion.benchmark_group("pipeline");
    group.throughput(Throughput::Elements(ENTRIES as u64));
    group.bench_function("batch", |bencher| bencher.iter(|| deliver(&mut pipeline, entry)));
    group.finish();
}

fn deliver(pipeline: &mut Pipeline, entry: &[u8]) {
    let now = Tick::ZERO;
    for _ in 0..ENTRIES {
        let _ = pipeline.push(entry, now);
    }
    let transmit = pipeline.poll_transmit(now).expect("a full batch is due");
    assert_eq!(transmit.entries, ENTRIES);
    let id = transmit.id;
    drop(transmit);
    pipeline.handle_outcome(id, Outcome::of_answer(200, None, b"", Timestamp::from_micros(0)), now);
    while pipeline.poll_event().is_some() {}
}

criterion_group!(benches, pipeline);
criterion_main!(benches);
