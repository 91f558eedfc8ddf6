//! The cost of decoding an event stream, by the size of its chunks.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use logtide_stream::{Decoder, Frame};

/// The size of a stream in bytes.
const STREAM_BYTES: usize = 4 << 20;

/// The sizes of chunks in bytes: an Ethernet packet, and what one read returns if the connection is ahead.
const CHUNK_BYTES: [usize; 3] = [1_400, 16 << 10, 64 << 10];

fn sse(criterion: &mut Criterion) {
    let data = "x".repeat(300);
    bench(criterion, "data", &format!("data: {data}\n\n"));
    let envelope = r#"{"type":"log","data":{"id":"0193a8f2-7c1e-7b44-9d0f-3f2a6f5d1c07","time":"2026-11-22T10:00:13.127Z","projectId":"5f0c6f7e-0c1a-4d0a-9d8e-2c3b4a5d6e7f","service":"api-gateway","level":"info","message":"request completed","metadata":{"path":"/api/users/42","method":"GET","status":200,"duration_ms":12.5},"traceId":"0af7651916cd43dd8448eb211c80319c","sessionId":null}}"#;
    bench(criterion, "envelope", &format!("data: {envelope}\n\n"));
    let unicode = "Die Bestellung wurde für Zoë bezahlt: 12 € ✓ ".repeat(6);
    bench(criterion, "unicode", &format!("data: {unicode}\n\n"));
    let lines = "data: one of four lines of data\n".repeat(4);
    bench(criterion, "lines", &format!("event: log\nid: 42\n{lines}\n"));
}

fn bench(criterion: &mut Criterion, name: &str, event: &str) {
    let events = STREAM_BYTES / event.len();
    let stream = event.repeat(events).into_bytes();
    let mut group = criterion.benchmark_group("sse");
    group.throughput(Throughput::Bytes(stream.len() as u64));
    for size in CHUNK_BYTES {
        group.bench_function(format!("{name}/{size}"), |bencher| {
            bencher.iter(|| assert_eq!(count(&stream, size), events));
        });
    }
    group.finish();
}

fn count(stream: &[u8], chunk_bytes: usize) -> usize {
    let (mut decoder, mut events) = (Decoder::default(), 0);
    for chunk in stream.chunks(chunk_bytes) {
        decoder.decode(chunk, |frame| {
            if let Frame::Event(event) = black_box(frame) {
                black_box(event.data);
                events += 1;
            }
        });
    }
    events
}

criterion_group!(benches, sse);
criterion_main!(benches);
