//! Scenarios, driven by hand under virtual time.

mod breaker;
mod buffer;
mod closing;
mod flushing;
mod giving_up;
mod isolation;
mod numbers;
mod parking;
mod rendering;
#[cfg(feature = "spool")]
mod spool;

use std::time::Duration;

use self::numbers::Numbers;
use super::*;
use crate::{Head, Level, Outcome, Record, RecordWriter};

const SECOND: Duration = Duration::from_secs(1);

/// A pipeline, its time, and a server that stores numbers.
struct Bench {
    pipeline: Pipeline,
    writer: RecordWriter,
    now: Tick,
    stored: Vec<u32>,
    requests: Vec<usize>,
    events: Vec<Event>,
}

impl Bench {
    fn new(change: impl FnOnce(&mut PipelineOptions)) -> Self {
        Self::with_wire(Numbers::default(), change)
    }

    fn with_wire(wire: Numbers, change: impl FnOnce(&mut PipelineOptions)) -> Self {
        let mut options = PipelineOptions::default();
        change(&mut options);
        Self {
            pipeline: Pipeline::new(options, wire),
            writer: RecordWriter::default(),
            now: Tick::ZERO,
            stored: Vec::new(),
            requests: Vec::new(),
            events: Vec::new(),
        }
    }

    fn push(&mut self, entries: std::ops::Range<u32>) {
        for entry in entries {
            let _ = self.push_text(&entry.to_string());
        }
    }

    fn push_text(&mut self, message: &str) -> Admit {
        let mut fields = self.writer.begin(&Head::new(Level::Info, ""));
        fields.message(message);
        self.pipeline.push(fields.finish(), self.now)
    }

    /// Pushes an entry whose record has that many bytes.
    fn push_bytes(&mut self, bytes: usize) -> Admit {
        self.push_text(&"1".repeat(bytes - record_bytes(0)))
    }

    /// Sends what is due now, once.
    fn send(&mut self, answer: impl Fn(&[u32]) -> Outcome) -> bool {
        let Some(transmit) = self.pipeline.poll_transmit(self.now) else {
            return false;
        };
        let entries = numbers(&transmit);
        assert_eq!(entries.len(), transmit.entries);
        self.requests.push(entries.len());
        let outcome = answer(&entries);
        if let Outcome::Stored { received, .. } = &outcome {
            self.stored.extend(&entries[..received.unwrap_or(entries.len())]);
        }
        self.pipeline.handle_outcome(transmit.id, outcome, self.now);
        self.events.extend(std::iter::from_fn(|| self.pipeline.poll_event()));
        let counters = self.pipeline.counters();
        assert_eq!((counters.delivered + counters.recovered.delivered) as usize, self.stored.len());
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

    /// How many entries were pending when the last flush ended.
    fn flushed(&self) -> Option<u64> {
        self.events.iter().rev().find_map(|event| match event {
            Event::Flushed { pending, .. } => Some(*pending),
            _ => None,
        })
    }

    fn dropped(&self, reason: DropReason) -> u64 {
        self.pipeline.counters().dropped.get(reason)
    }
}

/// Bytes of the record of an entry whose message has that many.
const fn record_bytes(message: usize) -> usize {
    Record::MIN_BYTES + 3 + message
}

fn numbers(transmit: &Transmit) -> Vec<u32> {
    let text = std::str::from_utf8(&transmit.body).unwrap();
    let entries = text.strip_prefix(numbers::START).unwrap().strip_suffix(numbers::END).unwrap();
    entries.split(',').map(|entry| entry.parse().unwrap()).collect()
}

fn ok(_: &[u32]) -> Outcome {
    Outcome::Stored { received: None, rejected: 0 }
}

fn unavailable(_: &[u32]) -> Outcome {
    Outcome::Unavailable { retry_after: None, detail: "status 503".to_owned() }
}

fn failed(_: &[u32]) -> Outcome {
    Outcome::Failed { retry_after: None, detail: "status 500".to_owned() }
}

fn denied(_: &[u32]) -> Outcome {
    Outcome::Denied { key_rejected: true, detail: "status 401".to_owned() }
}

fn limited(seconds: u32) -> Outcome {
    Outcome::Limited { retry_after: Some(SECOND * seconds), detail: "status 429".to_owned() }
}

fn refused() -> Outcome {
    Outcome::Refused { detail: "status 400".to_owned() }
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
    let mut bench = Bench::new(|options| options.max_batch_bytes = 2 * record_bytes(7) + 1);
    bench.push(1_000_000..1_000_002);
    assert!(!bench.send(ok));
    bench.push(1_000_002..1_000_006);
    let end = bench.after(60);
    bench.run(end, ok);
    assert_eq!(bench.requests, [2, 2, 2]);
}

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
    let mut bench = Bench::with_wire(Numbers { width: 60, ..Numbers::default() }, |_| ());
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
fn an_entry_larger_than_the_server_takes_is_refused_alone() {
    let mut bench = Bench::new(|_| ());
    let huge = Numbers::default().max_body_bytes + 1;
    assert_eq!(bench.push_bytes(huge), Admit::Dropped(DropReason::TooLarge));
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
