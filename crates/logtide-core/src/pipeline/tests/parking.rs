//! Outages that outlast the retries.

use super::*;

#[test]
fn whatever_keeps_the_server_from_answering_loses_nothing() {
    for answer in [unavailable, failed, denied] {
        let mut bench = Bench::new(|_| ());
        bench.push(0..5_000);
        let outage = bench.after(3_600);
        bench.run(outage, answer);
        assert_eq!(bench.pipeline.counters().pending(), 5_000);
        assert!(bench.requests.len() < 150, "{} requests", bench.requests.len());
        let back = outage.after(31 * SECOND);
        bench.run(back, ok);
        bench.stored.sort_unstable();
        assert!(bench.stored.iter().copied().eq(0..5_000));
        assert_eq!(bench.pipeline.counters().dropped.total(), 0);
    }
}

#[test]
fn order_is_kept_through_an_outage_of_the_network() {
    let mut bench = Bench::new(|_| ());
    bench.push(0..3_000);
    let outage = bench.after(600);
    bench.run(outage, unavailable);
    bench.push(3_000..3_500);
    let back = outage.after(60 * SECOND);
    bench.run(back, ok);
    assert!(bench.stored.iter().copied().eq(0..3_500));
}

#[test]
fn delays_go_on_to_double_up_to_the_reset_time() {
    let mut bench = Bench::new(|options| options.circuit_breaker_threshold = 100);
    bench.push(0..100);
    let outage = bench.after(300);
    bench.run(outage, unavailable);
    let delays: Vec<u64> = bench
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Parked { entries: 100, delay, .. } => Some(delay.as_secs()),
            _ => None,
        })
        .collect();
    assert!((8..=10).contains(&delays[0]) && (16..=20).contains(&delays[1]), "{delays:?}");
    assert!(delays[2..].iter().all(|delay| *delay == 30), "{delays:?}");
}

#[test]
fn failures_after_the_retries_open_the_breaker() {
    let mut bench = Bench::new(|options| options.max_retries = 1);
    bench.push(0..100);
    let mut states = Vec::new();
    for _ in 0..6 {
        bench.send(unavailable);
        states.push(bench.pipeline.circuit_breaker_state());
        bench.now = bench.after(30);
    }
    let mut expected = vec![CircuitState::Closed; 5];
    expected.push(CircuitState::Open);
    assert_eq!(states, expected);
}

#[test]
fn a_wrong_key_is_told_once_and_tried_again_until_it_is_right() {
    let mut bench = Bench::new(|_| ());
    bench.push(0..100);
    assert!(bench.send(denied));
    assert!(
        matches!(&bench.events[0], Event::Parked { entries: 100, key_rejected: true, detail, .. } if detail == "status 401")
    );
    let end = bench.after(60);
    bench.run(end, ok);
    assert_eq!((bench.stored.len(), bench.requests.len()), (100, 2));
}

#[test]
fn an_outage_and_a_wrong_address_say_nothing_of_the_key() {
    let elsewhere = |_: &[u32]| Outcome::Denied { key_rejected: false, detail: "status 404".to_owned() };
    for outcome in [unavailable as fn(&[u32]) -> Outcome, failed, elsewhere] {
        let mut bench = Bench::new(|options| options.max_retries = 0);
        bench.push(0..100);
        assert!(bench.send(outcome));
        assert!(
            bench.events.iter().any(|event| matches!(event, Event::Parked { key_rejected: false, .. })),
            "{:?}",
            bench.events
        );
    }
}

#[test]
fn a_wait_that_the_server_asks_for_is_no_attempt() {
    let mut bench = Bench::new(|options| options.max_retries = 1);
    bench.push(0..100);
    let end = bench.after(121);
    bench.run(end, |_| limited(10));
    assert_eq!(bench.requests.len(), 13);
    bench.run(end.after(10 * SECOND), ok);
    assert_eq!((bench.stored.len(), bench.pipeline.counters().dropped.total()), (100, 0));
    assert!(!bench.events.iter().any(|event| matches!(event, Event::Parked { .. })));
}

#[test]
fn a_server_that_always_asks_for_no_wait_is_not_asked_without_end() {
    let mut bench = Bench::new(|_| ());
    bench.push(0..100);
    let end = bench.after(600);
    bench.run(end, |_| limited(0));
    assert!(bench.requests.len() < 100, "{} requests in ten minutes", bench.requests.len());
}

#[test]
fn a_quota_without_a_time_is_waited_for() {
    let mut bench = Bench::new(|_| ());
    bench.push(0..100);
    let end = bench.after(86_400);
    bench.run(end, |_| Outcome::Limited { retry_after: None, detail: "status 429".to_owned() });
    assert_eq!(
        (bench.pipeline.counters().pending(), bench.pipeline.circuit_breaker_state()),
        (100, CircuitState::Closed)
    );
    bench.run(end.after(60 * SECOND), ok);
    assert_eq!(bench.stored.len(), 100);
}

#[test]
fn a_flush_tries_a_parked_batch_at_once() {
    let mut bench = Bench::new(|options| options.max_retries = 0);
    bench.push(0..100);
    assert!(bench.send(unavailable));
    assert!(!bench.send(ok));
    let _ = bench.pipeline.flush(bench.after(10), bench.now);
    assert!(bench.send(ok));
    assert_eq!((bench.flushed(), bench.stored.len()), (Some(0), 100));
}

#[test]
fn a_full_buffer_is_what_an_outage_costs() {
    for (overflow, kept) in [(Overflow::Newest, 0..200), (Overflow::Oldest, 300..500)] {
        let mut bench = Bench::new(|options| {
            options.max_entries = 200;
            options.overflow = overflow;
        });
        for part in 0..5 {
            bench.push(part * 100..part * 100 + 100);
            let end = bench.after(60);
            bench.run(end, unavailable);
        }
        let end = bench.after(60);
        bench.run(end, ok);
        assert!(bench.stored.iter().copied().eq(kept));
        assert_eq!(bench.dropped(DropReason::BufferFull), 300);
    }
}

#[test]
fn a_refusal_shows_that_the_server_is_back() {
    let mut bench = Bench::new(|options| options.max_retries = 0);
    bench.push(0..100);
    assert!(bench.send(unavailable));
    bench.now = bench.after(60);
    assert!(bench.send(|_| refused()));
    let now = bench.now;
    bench.run(now, ok);
    assert_eq!(bench.stored.len(), 100);
}

#[test]
fn delays_of_refused_requests_double_one_by_one() {
    let mut bench = Bench::new(|_| ());
    bench.push(0..100);
    let outage = bench.after(40);
    bench.run(outage, denied);
    let delays: Vec<u64> = bench
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Parked { delay, .. } => Some(delay.as_millis() as u64 / 1_000),
            _ => None,
        })
        .collect();
    assert!(matches!(delays[..], [1, 2, 4 | 5, 8..=10, 16..=20, ..]), "{delays:?}");
}

#[test]
fn making_entries_due_makes_no_attempt_before_its_time() {
    let mut bench = Bench::new(|options| options.max_retries = 0);
    bench.push(0..100);
    assert!(bench.send(|_| Outcome::Limited { retry_after: None, detail: String::new() }));
    bench.push(100..101);
    bench.pipeline.make_due();
    assert!(!bench.send(ok));
    let end = bench.after(2);
    bench.run(end, ok);
    assert_eq!(bench.stored.len(), 101);
}
