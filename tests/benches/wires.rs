//! The cost of each wire for a batch of a thousand similar entries, and the bytes per entry in transit.

#![expect(clippy::print_stdout, reason = "a benchmark tells what it measured")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use logtide_core::{Head, Json, Level, Record, RecordWriter, Wire};
use logtide_otlp::{Compression, Logs, Resource, Target};
use logtide_tests::measure::workload;

const ENTRIES: usize = 1_000;

fn wires(criterion: &mut Criterion) {
    let records: Vec<Vec<u8>> = (0..ENTRIES as u64).map(record).collect();
    let otlp = |compression| {
        Box::new(Logs::new(Json::default(), Resource::new(), Target::LogTide, compression)) as Box<dyn Wire>
    };
    let wires: [(&str, Box<dyn Wire>); 3] = [
        ("json", Box::new(Json::default())),
        ("otlp", otlp(Compression::None)),
        ("otlp with gzip", otlp(Compression::Gzip)),
    ];
    let mut group = criterion.benchmark_group("wires");
    group.throughput(Throughput::Elements(ENTRIES as u64));
    for (name, mut wire) in wires {
        let mut body = Vec::new();
        write(&mut *wire, &records, &mut body);
        println!("{name}: {:.1} bytes an entry", body.len() as f64 / ENTRIES as f64);
        group.bench_function(name, |bencher| bencher.iter(|| write(&mut *wire, &records, &mut body)));
    }
    group.finish();
}

fn record(number: u64) -> Vec<u8> {
    let mut head = Head::new(Level::Info, "bench");
    // Calls are a few microseconds apart, at uneven intervals.
    head.nanos = 1_795_340_191_342_000_000 + number * 3_000 + (number * 2_654_435_761) % 2_048;
    let mut writer = RecordWriter::default();
    let mut fields = writer.begin(&head);
    fields.message(workload::MESSAGE);
    fields.metadata(workload::fields(number));
    fields.finish().as_bytes().to_vec()
}

fn write(wire: &mut dyn Wire, records: &[Vec<u8>], body: &mut Vec<u8>) {
    body.clear();
    wire.begin(body);
    for record in records.iter().filter_map(|bytes| Record::first(bytes)) {
        wire.write(record, body);
    }
    wire.end(body);
}

criterion_group!(benches, wires);
criterion_main!(benches);
