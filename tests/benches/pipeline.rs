//! The cost of the delivery pipeline for a batch of a thousand entries, with and without rendering.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use logtide_core::{
    Head, Json, Level, Outcome, Pipeline, PipelineOptions, Record, RecordWriter, ServerAnswer, Tick,
    Timestamp, Wire,
};
use logtide_tests::measure::workload;

const ENTRIES: usize = 1_000;

fn pipeline(criterion: &mut Criterion) {
    let mut writer = RecordWriter::default();
    let mut fields = writer.begin(&Head::new(Level::Info, "bench"));
    fields.message(workload::MESSAGE);
    fields.metadata(workload::fields(123_456));
    let record = fields.finish();
    let mut group = criterion.benchmark_group("pipeline");
    group.throughput(Throughput::Elements(ENTRIES as u64));
    for (wire, mut pipeline) in [("copy", with_wire(Copies)), ("json", with_wire(Json::default()))] {
        group.bench_function(BenchmarkId::new("batch", wire), |bencher| {
            bencher.iter(|| deliver(&mut pipeline, record));
        });
    }
    group.finish();
}

fn with_wire(wire: impl Wire + 'static) -> Pipeline {
    Pipeline::new(PipelineOptions::default(), wire)
}

fn deliver(pipeline: &mut Pipeline, record: Record<'_>) {
    let now = Tick::ZERO;
    for _ in 0..ENTRIES {
        let _ = pipeline.push(record, now);
    }
    let transmit = pipeline.poll_transmit(now).expect("a full batch is due");
    assert_eq!(transmit.entries, ENTRIES);
    let id = transmit.id;
    drop(transmit);
    pipeline.handle_outcome(id, Outcome::of_answer(200, None, b"", Timestamp::from_micros(0)), now);
    while pipeline.poll_event().is_some() {}
}

/// Sends the records as they are.
#[derive(Debug)]
struct Copies;

impl Wire for Copies {
    fn name(&self) -> &'static str {
        "copies"
    }

    fn path(&self) -> &'static str {
        "/"
    }

    fn content_type(&self) -> &'static str {
        "application/octet-stream"
    }

    fn max_entries(&self) -> usize {
        ENTRIES
    }

    fn max_body_bytes(&self) -> usize {
        usize::MAX
    }

    fn begin(&mut self, _body: &mut Vec<u8>) {}

    fn separate(&self, _body: &mut Vec<u8>) {}

    fn render(&mut self, record: Record<'_>, body: &mut Vec<u8>) {
        body.extend_from_slice(record.as_bytes());
    }

    fn end_bytes(&self) -> usize {
        0
    }

    fn end(&mut self, _body: &mut Vec<u8>) {}

    fn outcome(&self, answer: ServerAnswer<'_>, retry_after_header: Option<&str>, now: Timestamp) -> Outcome {
        answer.outcome(retry_after_header, now)
    }
}

criterion_group!(benches, pipeline);
criterion_main!(benches);
