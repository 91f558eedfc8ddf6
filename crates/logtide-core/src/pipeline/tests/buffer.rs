//! A full buffer.

use super::*;

#[test]
fn a_full_buffer_drops_the_newest_by_default() {
    let mut bench = Bench::new(|options| options.max_entries = 3);
    bench.push(0..5);
    let end = bench.after(60);
    bench.run(end, ok);
    assert_eq!((bench.stored.clone(), bench.dropped(DropReason::BufferFull)), (vec![0, 1, 2], 2));
}

#[test]
fn a_full_buffer_drops_the_oldest_that_is_not_under_way_when_told_so() {
    let mut bench = Bench::new(|options| {
        options.max_entries = 3;
        options.batch_size = 2;
        options.overflow = Overflow::Oldest;
    });
    bench.push(0..2);
    let transmit = bench.pipeline.poll_transmit(bench.now).unwrap();
    bench.push(2..6);
    bench.pipeline.handle_outcome(transmit.id, ok(&[]), bench.now);
    bench.stored.extend([0, 1]);
    let _ = bench.pipeline.flush(bench.after(9), bench.now);
    let end = bench.after(60);
    bench.run(end, ok);
    assert_eq!((bench.stored.clone(), bench.dropped(DropReason::BufferFull)), (vec![0, 1, 5], 3));
    assert!(bench.events.iter().any(|event| matches!(event, Event::Dropped { entries: 3, .. })));
}

#[test]
fn an_entry_that_cannot_fit_evicts_nothing() {
    let most = 3 * record_bytes(1) + 100;
    let mut bench = Bench::new(|options| {
        options.max_bytes = most;
        options.batch_size = 3;
        options.overflow = Overflow::Oldest;
    });
    bench.push(0..2);
    assert_eq!(bench.push_bytes(most + 1), Admit::Dropped(DropReason::TooLarge));
    assert_eq!((bench.pipeline.counters().pending(), bench.dropped(DropReason::BufferFull)), (2, 0));
    // Three entries are under way, and leave room for 100 bytes.
    bench.push(2..3);
    let transmit = bench.pipeline.poll_transmit(bench.now).unwrap();
    bench.push(3..5);
    assert_eq!(bench.push_bytes(101), Admit::Dropped(DropReason::BufferFull));
    assert_eq!(bench.pipeline.counters().pending(), 5);
    assert_eq!(bench.push_bytes(100), Admit::Evicted(2));
    bench.pipeline.handle_outcome(transmit.id, ok(&[]), bench.now);
    assert_eq!(bench.push_bytes(most), Admit::Evicted(1));
}

#[test]
fn entries_under_way_that_fill_the_buffer_evict_nothing() {
    let mut bench = Bench::new(|options| {
        options.max_entries = 2;
        options.batch_size = 2;
        options.overflow = Overflow::Oldest;
    });
    bench.push(0..2);
    let _transmit = bench.pipeline.poll_transmit(bench.now).unwrap();
    assert_eq!(bench.push_text("2"), Admit::Dropped(DropReason::BufferFull));
}

#[test]
fn a_batch_size_beyond_a_request_makes_all_that_waits_due_at_once() {
    let mut bench = Bench::new(|options| options.batch_size = 5_000);
    bench.push(0..4_999);
    assert!(!bench.send(ok));
    assert_eq!(bench.pipeline.entries_until_due(), 1);
    bench.push(4_999..5_200);
    let now = bench.now;
    bench.run(now, ok);
    assert_eq!(bench.requests, [1_000, 1_000, 1_000, 1_000, 1_000]);
    assert_eq!(bench.pipeline.poll_timeout(), Some((bench.after(5), Wake::Linger)));
    let end = bench.after(60);
    bench.run(end, ok);
    assert!(bench.stored.iter().copied().eq(0..5_200));
}

#[test]
fn a_full_body_is_due_at_once() {
    let mut bench = Bench::new(|options| options.max_batch_bytes = 20);
    bench.push(1_000_000_000..1_000_000_001);
    assert!(bench.send(ok));
}

#[test]
fn only_entries_that_still_wait_for_others_make_a_batch_due() {
    let mut bench = Bench::new(|options| {
        options.batch_size = 5;
        options.max_entries = 3;
        options.overflow = Overflow::Oldest;
    });
    bench.push(0..10);
    assert!(!bench.send(ok), "the evicted ones count");
    let later = bench.after(5);
    bench.run(later, ok);
    assert_eq!(bench.stored, [7, 8, 9]);
    bench.push(10..12);
    assert!(!bench.send(ok), "the ones that were sent count");
}
