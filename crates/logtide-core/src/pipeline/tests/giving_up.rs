//! Batches that are given up after their retries, as other SDKs of the family do.

use super::*;

fn bench(change: impl FnOnce(&mut PipelineOptions)) -> Bench {
    Bench::new(|options| {
        options.give_up = GiveUp::AfterRetries;
        change(options);
    })
}

#[test]
fn attempts_grow_apart_and_end() {
    let mut bench = bench(|options| options.max_retries = 2);
    bench.push(0..100);
    let end = bench.after(600);
    bench.run(end, unavailable);
    let counters = bench.pipeline.counters();
    assert_eq!((counters.requests, counters.errors, counters.retries), (3, 3, 2));
    assert_eq!(bench.dropped(DropReason::RetriesExhausted), 100);
    let waited = bench.now.since(Tick::ZERO);
    assert!(waited >= 3 * SECOND && waited <= 4 * SECOND, "{waited:?}");
}

#[test]
fn a_denied_request_is_neither_retried_nor_halved() {
    let mut bench = bench(|_| ());
    bench.push(0..100);
    let end = bench.after(60);
    bench.run(end, denied);
    assert_eq!((bench.requests.len(), bench.dropped(DropReason::Denied)), (1, 100));
    assert_eq!(bench.pipeline.circuit_breaker_state(), CircuitState::Closed);
}

#[test]
fn each_batch_that_is_given_up_counts_once_for_the_breaker() {
    let mut bench = bench(|options| {
        options.max_retries = 0;
        options.circuit_breaker_threshold = 2;
    });
    for batch in 0..3 {
        bench.push(batch * 100..batch * 100 + 100);
        bench.send(failed);
    }
    assert_eq!((bench.requests.len(), bench.pipeline.circuit_breaker_state()), (2, CircuitState::Open));
    assert_eq!(
        (bench.dropped(DropReason::RetriesExhausted), bench.pipeline.counters().pending()),
        (200, 100)
    );
}
