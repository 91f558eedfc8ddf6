//! Scenarios, driven by hand under virtual time.

use std::time::Duration;

use super::*;
use crate::{FlushReport, Outcome};

const SECOND: Duration = Duration::from_secs(1);

/// A pipeline, its time, and a server that stores numbers.
struct Bench {
    pipeline: Pipeline,
    now: Tick,
    stored: Vec<u32>,
    requests: Vec<usize>,
    events: Vec<Event>,
}

impl Bench {
    fn new(change: impl FnOnce(&mut PipelineOptions)) -> Self {
        let mut options = PipelineOptions::default();
        change(&mut options);
        Self {
            pipeline: Pipeline::new(options),
            now: Tick::ZERO,
            stored: Vec::new(),
            requests: Vec::new(),
            events: Vec::new(),
        }
    }

    fn push(&mut self, entries: std::ops::Range<u32>) {
        for entry in entries {
            let _ = self.pipeline.push(entry.to_string().as_bytes(), self.now);
        }
    }

    /// Sends what is due now, once.
    fn send(&mut self, answer: impl Fn(&[u32]) -> Outcome) -> bool {
        let Some(transmit) = self.pipeline.poll_transmit(self.now) else {
            return false;
        };
        let text = std::str::from_utf8(&transmit.body).unwrap();
        let entries = text.strip_prefix("{\"logs\":[").unwrap().strip_suffix("]}").unwrap();
        let entries: Vec<u32> = entries.split(',').map(|entry| entry.parse().unwrap()).collect();
        assert_eq!(entries.len(), transmit.entries);
        self.requests.push(entries.len());
        let outcome = answer(&entries);
        if let Outcome::Stored { received, .. } = &outcome {
            self.stored.extend(&entries[..received.unwrap_or(entries.len())]);
        }
        self.pipeline.handle_outcome(transmit.id, outcome, self.now);
        self.events.extend(std::iter::from_fn(|| self.pipeline.poll_event()));
        let counters = self.pipeline.counters();
        assert_eq!(counters.delivered as usize, self.stored.len());
        true
    }

    /// Sends until nothing is left to do before the deadline.
    fn run(&mut self, until: Tick, answer: impl Fn(&[u32]) -> Outcome) {
        loop {
            while self.send(&answer) {}
            match self.pipeline.poll_timeout() {
                Some((at, _)) if at <= until => {
                    assert!(at > self.now, "a wake-up that changes nothing at {at:?}");
                    self.now = at;
                    self.pipeline.handle_timeout(at);
                }
                _ => break,
            }
        }
        self.events.extend(std::iter::from_fn(|| self.pipeline.poll_event()));
    }

    fn after(&self, seconds: u32) -> Tick {
        self.now.after(SECOND * seconds)
    }

    fn flush_report(&self) -> Option<FlushReport> {
        self.events.iter().rev().find_map(|event| match event {
            Event::Flushed { report, .. } => Some(*report),
            _ => None,
        })
    }

    fn dropped(&self, reason: DropReason) -> u64 {
        self.pipeline.counters().dropped.get(reason)
    }
}

fn ok(_: &[u32]) -> Outcome {
    Outcome::Stored { received: None, rejected: 0 }
}

fn unavailable(_: &[u32]) -> Outcome {
    Outcome::Unavailable { retry_after: None, detail: "status 503".to_owned() }
}

fn refused() -> Outcome {
    Outcome::Refused { detail: "status 400".to_owned() }
}

fn report(delivered: u64, lost: u64, pending: u64) -> FlushReport {
    FlushReport { delivered, lost, pending }
}

#[test]
fn a_backlog_leaves_in_requests_of_a_thousand() {
    let mut bench = Bench::new(|_| ());
    bench.push(0..2_500);
    let end = bench.after(60);
    bench.run(end, ok);
    assert_eq!(bench.requests, [1_000, 1_000, 500]);
    assert!(bench.stored.iter().copied().eq(0..2_500));
}

#[test]
fn no_timer_runs_while_nothing_waits() {
    let mut bench = Bench::new(|_| ());
    assert_eq!(bench.pipeline.poll_timeout(), None);
    bench.push(0..1);
    assert_eq!(bench.pipeline.poll_timeout(), Some((bench.after(5), Wake::Linger)));
    let end = bench.after(60);
    bench.run(end, ok);
    assert_eq!((bench.now, bench.pipeline.poll_timeout()), (Tick::ZERO.after(5 * SECOND), None));
}

#[test]
fn bytes_make_a_batch_due_and_bound_it() {
    let mut bench = Bench::new(|options| options.max_batch_bytes = 30);
    bench.push(1_000_000..1_000_002);
    assert!(!bench.send(ok));
    bench.push(1_000_002..1_000_006);
    let end = bench.after(60);
    bench.run(end, ok);
    assert_eq!(bench.requests, [2, 2, 2]);
}

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
fn a_batch_that_is_bad_throughout_costs_a_bounded_number_of_requests() {
    let mut bench = Bench::new(|_| ());
    bench.push(0..1_000);
    let end = bench.after(60);
    bench.run(end, |_| refused());
    assert_eq!((bench.dropped(DropReason::Rejected), bench.stored.len()), (1_000, 0));
    assert_eq!(bench.requests.len(), 1 + SPLIT_REQUESTS_IN_TEST);
}

const SPLIT_REQUESTS_IN_TEST: usize = crate::SPLIT_REQUESTS as usize;

#[test]
fn a_server_with_a_smaller_body_limit_is_remembered_and_probed_now_and_then() {
    let too_large = |entries: usize| entries > 300;
    let limited = |entries: &[u32]| {
        if too_large(entries.len()) {
            Outcome::TooLarge { detail: "status 413".to_owned() }
        } else {
            ok(entries)
        }
    };
    let mut bench = Bench::new(|_| ());
    let mut rounds = Vec::new();
    for round in 10..30 {
        let before = bench.requests.len();
        bench.push(round * 1_000..(round + 1) * 1_000);
        let end = bench.after(60);
        bench.run(end, limited);
        rounds.push(bench.requests[before..].iter().filter(|entries| too_large(**entries)).count());
    }
    assert!(bench.stored.iter().copied().eq(10_000..30_000));
    assert!(rounds[0] >= 2 && rounds[1..].iter().sum::<usize>() <= 12, "{rounds:?}");
    assert!(rounds.iter().filter(|refused| **refused == 0).count() >= 10, "{rounds:?}");
}

#[test]
fn one_entry_that_is_too_large_says_nothing_about_batches() {
    let mut bench = Bench::new(|options| options.batch_size = 1);
    bench.push(0..1);
    bench.send(|_| Outcome::TooLarge { detail: "status 413".to_owned() });
    bench.push(1..1_001);
    let end = bench.after(60);
    bench.run(end, ok);
    assert_eq!((bench.requests.clone(), bench.dropped(DropReason::TooLarge)), (vec![1, 1_000], 1));
}

#[test]
fn a_denied_request_is_neither_retried_nor_halved() {
    let mut bench = Bench::new(|_| ());
    bench.push(0..100);
    let end = bench.after(60);
    bench.run(end, |_| Outcome::Denied { detail: "status 401".to_owned() });
    assert_eq!((bench.requests.len(), bench.dropped(DropReason::Denied)), (1, 100));
    assert_eq!(bench.pipeline.circuit_breaker_state(), CircuitState::Closed);
}

#[test]
fn attempts_grow_apart_and_end() {
    let mut bench = Bench::new(|options| options.max_retries = 2);
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
fn order_is_kept_while_the_oldest_waits_for_its_retry() {
    let mut bench = Bench::new(|_| ());
    bench.push(0..100);
    assert!(bench.send(unavailable));
    bench.push(100..300);
    assert!(!bench.send(ok));
    let end = bench.after(60);
    bench.run(end, ok);
    assert!(bench.stored.iter().copied().eq(0..300));
}

#[test]
fn a_rate_limit_pauses_everything_for_as_long_as_the_server_asks() {
    let mut bench = Bench::new(|options| options.max_in_flight = 4);
    bench.push(0..2_000);
    let limited =
        |_: &[u32]| Outcome::Limited { retry_after: Some(7 * SECOND), detail: "status 429".to_owned() };
    assert!(bench.send(limited));
    assert!(!bench.send(ok));
    assert_eq!(bench.pipeline.poll_timeout(), Some((bench.after(7), Wake::Pause)));
    let end = bench.after(60);
    bench.run(end, ok);
    assert_eq!((bench.stored.len(), bench.pipeline.circuit_breaker_state()), (2_000, CircuitState::Closed));
}

#[test]
fn the_breaker_keeps_what_waits_and_probes_until_the_server_is_back() {
    let mut bench = Bench::new(|options| {
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
fn a_flush_ends_when_what_came_before_it_is_settled() {
    let mut bench = Bench::new(|_| ());
    bench.push(0..3);
    let deadline = bench.after(10);
    let _ = bench.pipeline.flush(deadline, bench.now);
    bench.push(3..5);
    bench.run(deadline, ok);
    assert_eq!((bench.requests.clone(), bench.flush_report()), (vec![5], Some(report(3, 0, 0))));
    let _ = bench.pipeline.flush(deadline, bench.now);
    bench.run(deadline, ok);
    assert_eq!(bench.flush_report(), Some(report(0, 0, 0)));
}

#[test]
fn a_flush_ends_at_its_deadline_and_loses_nothing() {
    let mut bench = Bench::new(|_| ());
    bench.push(0..3);
    let deadline = bench.after(2);
    let _ = bench.pipeline.flush(deadline, bench.now);
    bench.run(deadline, unavailable);
    assert_eq!((bench.flush_report(), bench.now), (Some(report(0, 0, 3)), deadline));
    let end = bench.after(60);
    bench.run(end, ok);
    assert_eq!(bench.stored, [0, 1, 2]);
}

#[test]
fn a_flush_is_over_at_once_while_the_breaker_is_open() {
    let mut bench = Bench::new(|options| {
        options.max_retries = 0;
        options.circuit_breaker_threshold = 1;
    });
    bench.push(0..1);
    let deadline = bench.after(600);
    let _ = bench.pipeline.flush(deadline, bench.now);
    bench.send(unavailable);
    assert_eq!(bench.flush_report(), Some(report(0, 1, 0)));
    bench.push(1..3);
    let _ = bench.pipeline.flush(deadline, bench.now);
    assert!(!bench.send(ok));
    bench.run(bench.now, ok);
    assert_eq!(bench.flush_report(), Some(report(0, 0, 2)));
    bench.now = bench.after(30);
    bench.run(bench.now, ok);
    assert_eq!(bench.stored, [1, 2]);
}

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
    assert_eq!(bench.flush_report(), Some(report(0, 3, 0)));
    let end = bench.after(600);
    bench.run(end, ok);
    assert!(bench.stored.is_empty());
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
fn an_outcome_after_the_end_changes_nothing() {
    let mut bench = Bench::new(|_| ());
    bench.push(0..100);
    let transmit = bench.pipeline.poll_transmit(bench.now).unwrap();
    let _ = bench.pipeline.close(bench.now, bench.now);
    bench.pipeline.handle_outcome(transmit.id, ok(&[]), bench.now);
    assert_eq!((bench.pipeline.counters().delivered, bench.dropped(DropReason::Shutdown)), (0, 100));
}

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
fn an_entry_larger_than_the_server_takes_is_refused_alone() {
    let mut bench = Bench::new(|_| ());
    let huge = vec![b'1'; MAX_BODY_BYTES];
    assert_eq!(bench.pipeline.push(&huge, bench.now), Admit::Dropped(DropReason::TooLarge));
    bench.push(0..100);
    assert!(bench.send(ok));
}

#[test]
fn receipts_that_do_not_add_up_are_counted() {
    let mut bench = Bench::new(|_| ());
    bench.push(0..100);
    bench.send(|_| Outcome::Stored { received: Some(90), rejected: 4 });
    assert_eq!((bench.dropped(DropReason::Rejected), bench.dropped(DropReason::Unconfirmed)), (4, 6));
    bench.push(100..200);
    let transmit = bench.pipeline.poll_transmit(bench.now).unwrap();
    bench.pipeline.handle_outcome(
        transmit.id,
        Outcome::Stored { received: Some(1_000), rejected: 3 },
        bench.now,
    );
    assert_eq!((bench.pipeline.counters().delivered, bench.pipeline.counters().pending()), (90 + 97, 0));
}
