//! The circuit breaker.

use super::*;

#[test]
fn the_breaker_keeps_what_waits_and_probes_until_the_server_is_back() {
    let mut bench = Bench::new(|options| {
        options.give_up = GiveUp::AfterRetries;
        options.max_retries = 0;
        options.circuit_breaker_threshold = 2;
    });
    for batch in 0..3 {
        bench.push(batch * 100..batch * 100 + 100);
        bench.send(unavailable);
    }
    assert_eq!((bench.requests.len(), bench.pipeline.circuit_breaker_state()), (2, CircuitState::Open));
    assert_eq!(bench.pipeline.poll_timeout(), Some((bench.after(30), Wake::Probe)));
    let later = bench.after(100);
    bench.run(later, unavailable);
    assert_eq!(bench.requests.len(), 2 + 3);
    assert_eq!(bench.pipeline.counters().pending(), 100);
    let end = later.after(60 * SECOND);
    bench.run(end, ok);
    assert!(bench.stored.iter().copied().eq(200..300));
    assert_eq!(bench.pipeline.circuit_breaker_state(), CircuitState::Closed);
    assert!(bench.events.contains(&Event::CircuitClosed));
}

#[test]
fn a_probe_that_is_told_to_wait_silences_the_ones_after_it() {
    let mut bench = Bench::new(|options| {
        options.max_retries = 0;
        options.circuit_breaker_threshold = 1;
    });
    bench.push(0..100);
    bench.send(unavailable);
    bench.push(100..200);
    bench.now = bench.after(30);
    assert!(bench.send(|_| Outcome::Unavailable { retry_after: Some(120 * SECOND), detail: String::new() }));
    assert_eq!(bench.pipeline.poll_timeout(), Some((bench.after(120), Wake::Pause)));
    bench.now = bench.after(119);
    assert!(!bench.send(ok));
}

#[test]
fn a_late_failure_lets_no_second_probe_through() {
    let mut bench = Bench::new(|options| {
        options.max_retries = 0;
        options.max_in_flight = 3;
        options.batch_size = 1;
        options.circuit_breaker_threshold = 1;
    });
    let transmit = |bench: &mut Bench, entry| {
        bench.push(entry..entry + 1);
        bench.pipeline.poll_transmit(bench.now).unwrap().id
    };
    let (early, late) = (transmit(&mut bench, 0), transmit(&mut bench, 1));
    bench.pipeline.handle_outcome(early, unavailable(&[]), bench.now);
    bench.now = bench.after(30);
    let _probe = transmit(&mut bench, 2);
    bench.pipeline.handle_outcome(late, unavailable(&[]), bench.now);
    assert_eq!(bench.pipeline.circuit_breaker_state(), CircuitState::HalfOpen);
    bench.push(3..4);
    bench.now = bench.after(30);
    assert!(!bench.send(ok));
}

#[test]
fn any_answer_to_a_probe_closes_the_breaker() {
    for answer in [Outcome::Limited { retry_after: None, detail: String::new() }, refused()] {
        let mut bench = Bench::new(|options| {
            options.max_retries = 0;
            options.circuit_breaker_threshold = 1;
        });
        bench.push(0..100);
        bench.send(unavailable);
        bench.push(100..200);
        bench.now = bench.after(30);
        assert!(bench.send(|_| answer.clone()));
        assert_eq!(bench.pipeline.circuit_breaker_state(), CircuitState::Closed);
    }
}

#[test]
fn a_body_limit_that_was_learned_is_forgotten_little_by_little() {
    let wire = Numbers { width: 60, ..Numbers::default() };
    let mut bench = Bench::with_wire(wire, |options| options.max_batch_bytes = 30_000);
    let limited = |entries: &[u32]| {
        if entries.len() > 250 { Outcome::TooLarge { detail: "status 413".to_owned() } } else { ok(entries) }
    };
    bench.push(1_000..1_400);
    let end = bench.after(10);
    bench.run(end, limited);
    bench.requests.clear();
    for round in 2..200 {
        bench.push(round * 1_000..round * 1_000 + 400);
        let end = bench.after(10);
        bench.run(end, ok);
    }
    assert!(bench.requests[0] < 250);
    assert_eq!(bench.requests.last(), Some(&400));
}

#[test]
fn a_body_limit_that_was_learned_is_one_of_bytes_before_they_are_compressed() {
    for is_compressed in [false, true] {
        let wire = Numbers { width: 60, is_compressed, ..Numbers::default() };
        let mut bench = Bench::with_wire(wire, |options| options.max_batch_bytes = 30_000);
        bench.push(1_000..1_400);
        let large = bench.pipeline.poll_transmit(bench.now).unwrap();
        let outcome = Outcome::TooLarge { detail: "status 413".to_owned() };
        bench.pipeline.handle_outcome(large.id, outcome, bench.now);
        let half = bench.pipeline.poll_transmit(bench.now).unwrap();
        assert_eq!((large.entries, half.entries), (400, 200), "compressed: {is_compressed}");
    }
}

#[test]
fn a_probe_that_another_answer_made_superfluous_decides_nothing() {
    let mut bench = Bench::new(|options| {
        options.max_retries = 0;
        options.max_in_flight = 3;
        options.batch_size = 1;
        options.circuit_breaker_threshold = 1;
    });
    let transmit = |bench: &mut Bench, entry| {
        bench.push(entry..entry + 1);
        bench.pipeline.poll_transmit(bench.now).unwrap().id
    };
    let (early, slow) = (transmit(&mut bench, 0), transmit(&mut bench, 1));
    bench.pipeline.handle_outcome(early, unavailable(&[]), bench.now);
    bench.now = bench.after(30);
    let former_probe = bench.pipeline.poll_transmit(bench.now).unwrap().id;
    bench.pipeline.handle_outcome(slow, ok(&[]), bench.now);
    let failing = transmit(&mut bench, 2);
    bench.pipeline.handle_outcome(failing, unavailable(&[]), bench.now);
    bench.now = bench.after(60);
    let _probe = bench.pipeline.poll_transmit(bench.now).unwrap();
    assert_eq!(bench.pipeline.circuit_breaker_state(), CircuitState::HalfOpen);
    bench.pipeline.handle_outcome(former_probe, unavailable(&[]), bench.now);
    assert_eq!(bench.pipeline.circuit_breaker_state(), CircuitState::HalfOpen);
}
