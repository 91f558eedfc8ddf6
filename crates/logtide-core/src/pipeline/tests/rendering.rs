//! Bodies, made of records when they are sent.

use super::*;

/// A body of so many numbers of that width.
fn body_bytes(entries: usize, width: usize) -> usize {
    numbers::START.len() + entries * (width + 1) - 1 + numbers::END.len()
}

/// Bytes of each number in a body of [`bench`].
const WIDTH: usize = 200;

/// A pipeline whose bodies have that many bytes, which are far more than the records have.
fn bench(max_batch_bytes: usize) -> Bench {
    Bench::with_wire(Numbers { width: WIDTH, ..Numbers::default() }, |options| {
        options.max_batch_bytes = max_batch_bytes;
        options.batch_size = 10;
    })
}

#[test]
fn a_request_says_where_it_goes_and_what_it_is() {
    let mut bench = bench(body_bytes(10, WIDTH));
    bench.push(0..10);
    let transmit = bench.pipeline.poll_transmit(bench.now).unwrap();
    assert_eq!((transmit.path, transmit.content_type), ("/numbers", "text/numbers"));
    assert_eq!((transmit.entries, transmit.attempt), (10, 0));
}

#[test]
fn what_a_body_has_no_room_for_goes_next_and_before_what_came_later() {
    let mut bench = bench(body_bytes(4, WIDTH));
    bench.push(0..10);
    assert!(bench.send(ok));
    bench.push(10..12);
    let now = bench.now;
    bench.run(now, ok);
    assert_eq!((bench.requests.clone(), bench.stored.len()), (vec![4, 4, 2], 10));
    assert_eq!(bench.pipeline.entries_until_due(), 8);
    let end = bench.after(60);
    bench.run(end, ok);
    assert!(bench.stored.iter().copied().eq(0..12));
}

#[test]
fn what_a_body_has_no_room_for_makes_no_other_entries_due() {
    let mut bench = bench(body_bytes(4, WIDTH));
    bench.push(0..6);
    bench.now = bench.after(5);
    let first = bench.pipeline.poll_transmit(bench.now).unwrap();
    bench.push(6..14);
    bench.pipeline.handle_outcome(first.id, ok(&[]), bench.now);
    bench.stored.extend(0..4);
    let now = bench.now;
    bench.run(now, ok);
    assert_eq!((first.entries, bench.requests.clone()), (4, vec![2]));
}

#[test]
fn a_body_is_filled_to_the_last_byte_and_not_beyond() {
    for (room, expected) in [(0, 4), (1, 3)] {
        let mut bench = bench(body_bytes(4, WIDTH) - room);
        bench.push(0..10);
        let transmit = bench.pipeline.poll_transmit(bench.now).unwrap();
        assert_eq!((transmit.entries, transmit.body.len()), (expected, body_bytes(expected, WIDTH)));
    }
}

#[test]
fn requests_beside_each_other_take_the_rest_too() {
    let mut bench = Bench::with_wire(Numbers { width: WIDTH, ..Numbers::default() }, |options| {
        options.max_batch_bytes = body_bytes(4, WIDTH);
        options.batch_size = 10;
        options.max_in_flight = 3;
    });
    bench.push(0..10);
    let sent: Vec<_> = std::iter::from_fn(|| bench.pipeline.poll_transmit(bench.now))
        .map(|transmit| numbers(&transmit))
        .collect();
    assert_eq!(sent, [vec![0, 1, 2, 3], vec![4, 5, 6, 7], vec![8, 9]]);
}

#[test]
fn a_wire_bounds_the_entries_of_a_request() {
    let mut bench = Bench::with_wire(Numbers { max_entries: 7, ..Numbers::default() }, |_| ());
    bench.push(0..20);
    let end = bench.after(60);
    bench.run(end, ok);
    assert_eq!(bench.requests, [7, 7, 6]);
    assert!(bench.stored.iter().copied().eq(0..20));
}

#[test]
fn an_entry_larger_than_a_batch_goes_alone() {
    let mut bench = Bench::new(|options| {
        options.max_batch_bytes = 500;
        options.batch_size = 5;
    });
    bench.push(0..2);
    assert_eq!(bench.push_text(&format!("{:0>600}", 2)), Admit::Accepted);
    bench.push(3..5);
    let end = bench.after(60);
    bench.run(end, ok);
    assert_eq!(bench.requests, [2, 1, 2]);
    assert!(bench.stored.iter().copied().eq(0..5));
}

const MOST: usize = 1_000;

/// A pipeline for bodies of at most that many bytes, and an entry that makes a body of so many, alone.
fn bench_with_large(large: &'static str, body: usize) -> Bench {
    let large = Some((large, body - body_bytes(1, 0)));
    Bench::with_wire(Numbers { large, max_body_bytes: MOST, ..Numbers::default() }, |options| {
        options.batch_size = 5;
    })
}

#[test]
fn an_entry_larger_than_any_body_is_dropped_and_told_and_takes_no_other_with_it() {
    for (large, number) in [("0", 0), ("2", 2), ("4", 4)] {
        let mut bench = bench_with_large(large, MOST + 1);
        bench.push(0..5);
        let now = bench.now;
        bench.run(now, ok);
        assert!(bench.stored.iter().copied().eq((0..5).filter(|entry| *entry != number)));
        assert_eq!((bench.dropped(DropReason::TooLarge), bench.pipeline.counters().pending()), (1, 0));
        let told = |event: &&Event| matches!(event, Event::Dropped { entries: 1, reason: DropReason::TooLarge, detail } if detail.contains("1000"));
        assert_eq!(bench.events.iter().filter(told).count(), 1);
        assert_eq!((bench.pipeline.held_bytes(), bench.pipeline.poll_timeout()), (0, None));
    }
}

#[test]
fn an_entry_that_just_fills_the_largest_body_is_sent() {
    let mut bench = bench_with_large("2", MOST);
    bench.push(0..5);
    let now = bench.now;
    bench.run(now, ok);
    assert!(bench.stored.iter().copied().eq(0..5));
    assert_eq!(bench.requests, [2, 1, 2]);
}

#[test]
fn a_flush_does_not_wait_for_an_entry_that_is_dropped() {
    let mut bench = bench_with_large("0", MOST + 1);
    bench.push(0..1);
    let _ = bench.pipeline.flush(bench.after(9), bench.now);
    assert!(!bench.send(ok));
    let now = bench.now;
    bench.run(now, ok);
    assert_eq!(bench.flushed(), Some(0));
}

#[test]
fn a_close_ends_with_an_entry_that_is_dropped() {
    let mut bench = bench_with_large("0", MOST + 1);
    bench.push(0..1);
    let _ = bench.pipeline.close(bench.after(9), bench.now);
    let now = bench.now;
    bench.run(now, ok);
    assert!(bench.pipeline.is_closed());
    assert_eq!((bench.flushed(), bench.dropped(DropReason::TooLarge)), (Some(0), 1));
}

#[test]
fn an_entry_that_is_dropped_is_no_probe() {
    let mut bench = bench_with_large("9", MOST + 1);
    bench.pipeline.breaker = Breaker::new(1, 30 * SECOND);
    bench.push(9..10);
    bench.push(0..5);
    bench.pipeline.breaker.on_failure(bench.now);
    bench.now = bench.after(30);
    assert!(bench.send(ok));
    assert_eq!(
        (bench.requests.clone(), bench.pipeline.circuit_breaker_state()),
        (vec![5], CircuitState::Closed)
    );
}

#[test]
fn a_body_is_held_only_while_its_request_is_under_way() {
    let answers = [ok, unavailable, failed, denied, |_: &[u32]| refused()];
    for answer in answers {
        let mut bench = Bench::new(|_| ());
        bench.push(0..100);
        let transmit = bench.pipeline.poll_transmit(bench.now).unwrap();
        assert!(!transmit.body.is_unique(), "it is to be used again");
        bench.pipeline.handle_outcome(transmit.id, answer(&[]), bench.now);
        assert!(transmit.body.is_unique());
    }
}

#[test]
fn a_body_is_made_anew_for_each_attempt() {
    let mut bench = Bench::new(|_| ());
    bench.push(0..100);
    let first = bench.pipeline.poll_transmit(bench.now).unwrap();
    bench.pipeline.handle_outcome(first.id, unavailable(&[]), bench.now);
    let (at, _) = bench.pipeline.poll_timeout().unwrap();
    let second = bench.pipeline.poll_transmit(at).unwrap();
    assert_eq!((first.attempt, second.attempt), (0, 1));
    assert_eq!((first.entries, first.body), (second.entries, second.body));
}

/// Where the body of a batch of a hundred entries stands.
fn deliver(bench: &mut Bench) -> *const u8 {
    bench.push(1_000..1_100);
    let transmit = bench.pipeline.poll_transmit(bench.now).unwrap();
    let (id, at) = (transmit.id, transmit.body.as_ptr());
    drop(transmit);
    bench.pipeline.handle_outcome(id, ok(&[]), bench.now);
    at
}

#[test]
fn the_buffer_of_a_body_is_used_again() {
    let mut bench = Bench::new(|_| ());
    let first = deliver(&mut bench);
    for _ in 0..10 {
        assert_eq!(deliver(&mut bench), first);
    }
}

#[test]
fn waiting_entries_hold_little_more_than_their_records() {
    let mut bench = Bench::new(|options| {
        (options.max_entries, options.max_bytes) = (usize::MAX, usize::MAX);
    });
    bench.push(0..100_500);
    let (entries, bytes) = (100_500, bench.pipeline.held_bytes());
    let held: usize = bench.pipeline.queue.iter().map(Batch::held_bytes).sum();
    let needed = bytes + 4 * entries;
    assert!(held <= needed + needed / 16, "{held} bytes for {bytes} bytes of {entries} records");
}
