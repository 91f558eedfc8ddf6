//! Flushes.

use super::*;

#[test]
fn a_flush_ends_when_what_came_before_it_is_settled() {
    let mut bench = Bench::new(|_| ());
    bench.push(0..3);
    let deadline = bench.after(10);
    let _ = bench.pipeline.flush(deadline, bench.now);
    bench.push(3..5);
    bench.run(deadline, ok);
    assert_eq!((bench.requests.clone(), bench.flushed()), (vec![5], Some(0)));
}

#[test]
fn a_flush_ends_at_its_deadline_and_loses_nothing() {
    let mut bench = Bench::new(|_| ());
    bench.push(0..3);
    let deadline = bench.after(2);
    let _ = bench.pipeline.flush(deadline, bench.now);
    bench.run(deadline, unavailable);
    assert_eq!((bench.flushed(), bench.now), (Some(3), deadline));
    let end = bench.after(60);
    bench.run(end, ok);
    assert_eq!(bench.stored, [0, 1, 2]);
}

#[test]
fn a_flush_is_over_at_once_while_the_breaker_is_open() {
    let mut bench = Bench::new(|options| {
        options.give_up = GiveUp::AfterRetries;
        options.max_retries = 0;
        options.circuit_breaker_threshold = 1;
    });
    bench.push(0..1);
    let deadline = bench.after(600);
    let _ = bench.pipeline.flush(deadline, bench.now);
    bench.send(unavailable);
    assert_eq!(bench.flushed(), Some(0));
    bench.push(1..3);
    let _ = bench.pipeline.flush(deadline, bench.now);
    assert!(!bench.send(ok));
    bench.run(bench.now, ok);
    assert_eq!(bench.flushed(), Some(2));
    bench.now = bench.after(30);
    bench.run(bench.now, ok);
    assert_eq!(bench.stored, [1, 2]);
}

#[test]
fn a_flush_counts_the_entries_before_it_alone() {
    let mut bench = Bench::new(|options| {
        options.max_in_flight = 2;
        options.max_batch_bytes = 100 * record_bytes(3);
    });
    bench.push(100..250);
    let _ = bench.pipeline.flush(bench.after(1), bench.now);
    let first = bench.pipeline.poll_transmit(bench.now).unwrap();
    bench.push(250..300);
    let second = bench.pipeline.poll_transmit(bench.now).unwrap();
    assert!(first.entries < 150 && first.entries + second.entries > 150);
    bench.pipeline.handle_outcome(second.id, ok(&[]), bench.now);
    bench.pipeline.handle_timeout(bench.after(1));
    bench.events.extend(std::iter::from_fn(|| bench.pipeline.poll_event()));
    assert_eq!(bench.flushed(), Some(first.entries as u64));
}
