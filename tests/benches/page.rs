//! The cost of decoding a page of 1,000 entries, compared with a derived implementation for the same fields.
//!
//! Look at the ratio of the two. The SDK keeps unknown fields, and the derived implementation drops them.

use std::hint::black_box;

use chrono::{DateTime, Utc};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use logtide::{Level, LogRecord};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use uuid::Uuid;

const ENTRIES: usize = 1_000;

#[derive(Deserialize)]
struct Page<T> {
    logs: Vec<T>,
}

/// The fields of a record, without unknown ones.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "what counts is that the fields are read")]
struct Derived {
    id: String,
    time: DateTime<Utc>,
    service: String,
    level: Level,
    message: String,
    metadata: Option<Map<String, Value>>,
    trace_id: Option<String>,
    span_id: Option<String>,
    session_id: Option<Uuid>,
    project_id: Option<String>,
}

fn page(criterion: &mut Criterion) {
    let with_metadata = |number: usize| {
        json!({"method": "GET", "path": "/api/users/42", "status": 200,
        "duration_ms": 12.5, "user_id": number, "sdk": {"name": "logtide-rust", "version": "0.1.0"}})
    };
    bench(criterion, "metadata", &body(with_metadata));
    bench(criterion, "bare", &body(|_| Value::Null));
}

fn bench(criterion: &mut Criterion, name: &str, body: &[u8]) {
    let mut group = criterion.benchmark_group(format!("page/{name}"));
    group.throughput(Throughput::Bytes(body.len() as u64));
    group.bench_function("record", |bencher| bencher.iter(|| read::<LogRecord>(body)));
    group.bench_function("derived", |bencher| bencher.iter(|| read::<Derived>(body)));
    group.finish();
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Vec<T> {
    let page: Page<T> = serde_json::from_slice(black_box(body)).expect("the page is valid");
    assert_eq!(page.logs.len(), ENTRIES);
    page.logs
}

/// Returns a page in the server's format.
fn body(metadata: impl Fn(usize) -> Value) -> Vec<u8> {
    let entry = |number: usize| {
        json!({"id": Uuid::from_u128(number as u128), "time": "2026-11-22T09:58:34.843Z",
            "projectId": Uuid::nil(), "service": "api-gateway", "level": "info",
            "message": format!("request {number} completed"), "metadata": metadata(number),
            "traceId": "0af7651916cd43dd8448eb211c80319c", "sessionId": null})
    };
    let logs: Vec<Value> = (0..ENTRIES).map(entry).collect();
    json!({"logs": logs, "total": ENTRIES, "hasMore": false, "limit": ENTRIES, "offset": 0})
        .to_string()
        .into()
}

criterion_group!(benches, page);
criterion_main!(benches);
