//! The last seconds.

use super::*;

#[test]
fn close_refuses_what_comes_after_and_drops_what_is_left_at_the_deadline() {
    let mut bench = Bench::new(|_| ());
    bench.push(0..3);
    let deadline = bench.after(2);
    let _ = bench.pipeline.close(deadline, bench.now);
    bench.push(3..4);
    bench.run(deadline, unavailable);
    assert!(bench.pipeline.is_closed());
    assert_eq!((bench.dropped(DropReason::Shutdown), bench.dropped(DropReason::Closed)), (3, 1));
    assert_eq!(bench.flushed(), Some(0));
    let end = bench.after(600);
    bench.run(end, ok);
    assert!(bench.stored.is_empty());
}

#[test]
fn an_outcome_after_the_end_changes_nothing() {
    let mut bench = Bench::new(|_| ());
    bench.push(0..100);
    let transmit = bench.pipeline.poll_transmit(bench.now).unwrap();
    let _ = bench.pipeline.close(bench.now, bench.now);
    bench.pipeline.handle_outcome(transmit.id, ok(&[]), bench.now);
    assert_eq!((bench.pipeline.counters().delivered, bench.dropped(DropReason::Shutdown)), (0, 100));
}

/// A pipeline with a parked batch, an open breaker and 5,000 entries, ten seconds before the breaker's probe.
fn cut_off() -> Bench {
    let mut bench = Bench::new(|options| {
        options.max_retries = 0;
        options.circuit_breaker_threshold = 1;
    });
    bench.push(0..5_000);
    bench.send(unavailable);
    bench.now = bench.after(20);
    assert_eq!(bench.pipeline.circuit_breaker_state(), CircuitState::Open);
    bench.requests.clear();
    bench
}

#[test]
fn close_tries_at_once_whatever_the_breaker_says() {
    let mut bench = cut_off();
    let (begun, deadline) = (bench.now, bench.after(5));
    let _ = bench.pipeline.close(deadline, bench.now);
    bench.run(deadline, ok);
    assert_eq!((bench.now, bench.stored.len()), (begun, 5_000));
    assert!(bench.pipeline.is_closed());
}

#[test]
fn close_delivers_to_a_server_that_comes_back_just_before_the_deadline() {
    for milliseconds in (0..4_500).step_by(100) {
        let mut bench = cut_off();
        let deadline = bench.after(5);
        let _ = bench.pipeline.close(deadline, bench.now);
        bench.run(bench.now.after(Duration::from_millis(milliseconds)), unavailable);
        bench.run(deadline, ok);
        assert_eq!(bench.stored.len(), 5_000, "back after {milliseconds} ms");
        assert!(bench.now < deadline);
    }
}

#[test]
fn close_gives_up_at_its_deadline_and_says_so() {
    let mut bench = cut_off();
    let deadline = bench.after(5);
    let _ = bench.pipeline.close(deadline, bench.now);
    bench.run(deadline, unavailable);
    assert_eq!((bench.now, bench.dropped(DropReason::Shutdown), bench.flushed()), (deadline, 5_000, Some(0)));
    assert!((3..=6).contains(&bench.requests.len()), "{} attempts", bench.requests.len());
}

#[test]
fn close_does_not_wait_for_a_pause_beyond_its_deadline() {
    let mut bench = Bench::new(|_| ());
    bench.push(0..100);
    bench.send(|_| limited(120));
    let deadline = bench.after(3);
    let _ = bench.pipeline.close(deadline, bench.now);
    assert!(bench.send(|_| limited(117)));
    assert!(!bench.send(ok));
    bench.run(deadline, ok);
    assert_eq!(bench.stored.len(), 100);
}

#[test]
fn close_obeys_a_pause_that_ends_in_time() {
    let mut bench = Bench::new(|_| ());
    bench.push(0..100);
    bench.send(|_| limited(2));
    let deadline = bench.after(5);
    let _ = bench.pipeline.close(deadline, bench.now);
    assert!(!bench.send(ok));
    bench.run(deadline, ok);
    assert_eq!((bench.stored.len(), bench.now), (100, Tick::ZERO.after(2 * SECOND)));
}

#[test]
fn close_does_not_wait_for_a_retry_beyond_its_deadline() {
    let mut bench = Bench::new(|options| options.retry_delay = 30 * SECOND);
    bench.push(0..100);
    bench.send(unavailable);
    let deadline = bench.after(2);
    let _ = bench.pipeline.close(deadline, bench.now);
    bench.run(deadline, ok);
    assert_eq!((bench.stored.len(), bench.now), (100, Tick::ZERO));
}

#[test]
fn the_last_attempt_of_a_close_does_not_wait_for_a_request_that_hangs() {
    let mut bench = Bench::new(|_| ());
    bench.push(0..100);
    let hanging = bench.pipeline.poll_transmit(bench.now).unwrap();
    bench.push(100..200);
    let deadline = bench.after(5);
    let _ = bench.pipeline.close(deadline, bench.now);
    bench.run(deadline.before(Duration::from_micros(1)), ok);
    assert!(bench.stored.iter().copied().eq(100..200));
    assert!(!bench.pipeline.is_closed());
    bench.pipeline.handle_outcome(hanging.id, ok(&[]), bench.now);
    assert!(bench.pipeline.is_closed());
}

#[test]
fn close_isolates_bad_entries_without_a_pause() {
    let mut bench = Bench::new(|_| ());
    bench.push(0..1_000);
    let deadline = bench.after(5);
    let _ = bench.pipeline.close(deadline, bench.now);
    bench.run(
        bench.now,
        |entries| if entries.iter().any(|entry| entry % 5 == 0) { refused() } else { ok(entries) },
    );
    assert_eq!((bench.stored.len(), bench.dropped(DropReason::Rejected)), (800, 200));
}

#[test]
fn close_sends_what_is_good_before_what_may_be_bad() {
    let mut bench = Bench::new(|_| ());
    bench.push(0..3_000);
    let is_bad = |entries: &[u32]| entries.iter().any(|entry| *entry < 3_000 && entry % 2 == 0);
    let now = bench.now;
    bench.run(now, |entries| if is_bad(entries) { refused() } else { ok(entries) });
    bench.push(3_000..8_000);
    bench.requests.clear();
    bench.stored.clear();
    let good = bench.pipeline.counters().delivered as usize;
    let _ = bench.pipeline.close(bench.after(5), bench.now);
    while bench.requests.len() < 8 {
        let transmit = bench.pipeline.poll_transmit(bench.now).unwrap();
        bench.requests.push(transmit.entries);
        bench.pipeline.handle_outcome(transmit.id, ok(&[]), bench.now);
    }
    assert!(bench.pipeline.counters().delivered as usize - good >= 5_000, "{:?}", bench.requests);
}

#[test]
fn close_does_not_spend_its_time_on_a_batch_that_the_server_fails_on() {
    let mut bench = Bench::new(|_| ());
    bench.push(0..1_000);
    assert!(bench.send(failed));
    bench.push(1_000..5_000);
    let deadline = bench.after(5);
    let _ = bench.pipeline.close(deadline, bench.now);
    bench.run(deadline, |entries| if entries.contains(&7) { failed(entries) } else { ok(entries) });
    assert_eq!(bench.stored.len(), 4_999);
}

#[test]
fn a_second_close_leaves_the_first_its_time() {
    let mut bench = Bench::new(|_| ());
    bench.push(0..100);
    bench.send(unavailable);
    let deadline = bench.after(5);
    let _ = bench.pipeline.close(deadline, bench.now);
    let soon = bench.now.after(Duration::from_millis(10));
    let _ = bench.pipeline.close(soon, bench.now);
    bench.run(soon, unavailable);
    assert_eq!((bench.flushed(), bench.pipeline.counters().pending()), (Some(100), 100));
    bench.run(deadline, ok);
    assert_eq!(bench.stored.len(), 100);
}
