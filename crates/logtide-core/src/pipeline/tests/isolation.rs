//! Bad entries.

use super::*;

#[test]
fn one_poison_entry_takes_no_other_with_it() {
    for poison in [0, 499, 500, 999] {
        let mut bench = Bench::new(|_| ());
        bench.push(0..1_000);
        let end = bench.after(60);
        bench.run(end, |entries| if entries.contains(&poison) { refused() } else { ok(entries) });
        assert!(bench.stored.iter().copied().eq((0..1_000).filter(|entry| *entry != poison)));
        assert_eq!((bench.dropped(DropReason::Rejected), bench.pipeline.counters().retries), (1, 0));
        assert!(bench.requests.len() <= 21, "{}", bench.requests.len());
    }
}

#[test]
fn bad_entries_cost_no_good_one_however_many_they_are() {
    for every in [100, 50, 20, 3, 1] {
        let is_bad = |entry: &u32| entry.is_multiple_of(every);
        let mut bench = Bench::new(|_| ());
        bench.push(0..1_000);
        let end = bench.after(3_600);
        bench.run(end, |entries| if entries.iter().any(is_bad) { refused() } else { ok(entries) });
        bench.stored.sort_unstable();
        assert!(bench.stored.iter().copied().eq((0..1_000).filter(|entry| !is_bad(entry))));
        assert_eq!(bench.dropped(DropReason::Rejected), u64::from(1_000u32.div_ceil(every)));
        let paced = u64::try_from(bench.requests.len()).unwrap().saturating_sub(u64::from(Budget::SIZE) + 2);
        assert!(bench.now.since(Tick::ZERO).as_secs() >= paced / 8, "{paced} requests in {:?}", bench.now);
    }
}

#[test]
fn entries_after_a_batch_of_bad_ones_do_not_wait_for_them() {
    let mut bench = Bench::new(|_| ());
    bench.push(0..1_000);
    let now = bench.now;
    let answer = |entries: &[u32]| if entries[0] < 1_000 { refused() } else { ok(entries) };
    bench.run(now, answer);
    bench.push(1_000..1_100);
    bench.run(now, answer);
    assert_eq!(bench.stored.len(), 100);
    assert!(bench.pipeline.counters().pending() > 0);
}

/// A server that fails on an entry instead of refusing it.
fn fails_on(poison: u32) -> impl Fn(&[u32]) -> Outcome {
    move |entries| if entries.contains(&poison) { failed(entries) } else { ok(entries) }
}

#[test]
fn an_entry_that_the_server_fails_on_costs_no_other() {
    for poison in [0, 499, 500, 999] {
        for further in [0, 200] {
            let mut bench = Bench::new(|_| ());
            bench.push(0..1_000);
            assert!(bench.send(failed));
            bench.push(1_000..1_000 + further);
            let end = bench.after(600);
            bench.run(end, fails_on(poison));
            let mut missing = bench.stored.clone();
            missing.sort_unstable();
            assert_eq!(missing.len() as u32, 999 + further, "poison {poison}, {further} further entries");
            // With nothing else to send there is no telling whether the entry or the server is at fault.
            bench.push(2_000..2_100);
            bench.run(end.after(60 * SECOND), fails_on(poison));
            for batch in 0..15 {
                bench.push(3_000 + batch..3_001 + batch);
                let end = bench.after(120);
                bench.run(end, fails_on(poison));
            }
            assert_eq!((bench.dropped(DropReason::Rejected), bench.pipeline.counters().pending()), (1, 0));
        }
    }
}

#[test]
fn one_entry_that_the_server_fails_on_holds_up_no_other() {
    let mut bench = Bench::new(|options| options.batch_size = 1);
    bench.push(0..1);
    let end = bench.after(60);
    bench.run(end, fails_on(0));
    bench.push(1..100);
    let end = bench.after(60);
    bench.run(end, fails_on(0));
    assert!(bench.stored.iter().copied().eq(1..100));
}

#[test]
fn a_server_that_fails_now_and_then_rejects_nothing() {
    let mut bench = Bench::new(|options| options.batch_size = 1);
    for round in 0..200 {
        bench.push(round..round + 1);
        let outage = bench.after(20 + round % 50);
        bench.run(outage, failed);
        let healthy = bench.after(40);
        bench.run(healthy, ok);
    }
    assert_eq!((bench.stored.len(), bench.pipeline.counters().dropped.total()), (200, 0));
}

#[test]
fn an_entry_that_comes_while_only_a_suspect_waits_starts_its_interval() {
    let mut bench = Bench::new(|_| ());
    for entry in [0, 1, 2] {
        bench.push(entry..entry + 1);
        let end = bench.after(60);
        bench.run(end, fails_on(0));
    }
    assert_eq!((bench.stored.clone(), bench.pipeline.suspects.len()), (vec![1, 2], 1));
    assert_eq!(bench.pipeline.entries_until_due(), 1);
}

#[test]
fn a_probe_holds_no_entry_that_may_be_bad_if_that_can_be_had() {
    let mut bench = Bench::new(|options| {
        options.max_retries = 0;
        options.circuit_breaker_threshold = 1;
    });
    bench.push(0..1_000);
    let now = bench.now;
    bench.run(now, |_| refused());
    assert!(!bench.pipeline.suspects.is_empty());
    bench.push(1_000..1_100);
    bench.now = bench.after(1);
    assert!(bench.send(unavailable));
    assert_eq!(bench.pipeline.circuit_breaker_state(), CircuitState::Open);
    bench.now = bench.after(60);
    assert!(bench.send(|entries| {
        assert_eq!(entries[0], 1_000);
        ok(entries)
    }));
}
