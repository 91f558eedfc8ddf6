//! The server of a simulation: what it stores, and when it fails in which way.

use std::{collections::HashSet, time::Duration};

use fastrand::Rng;
use logtide_core::{Outcome, Tick, Timestamp};

use super::entry::{Make, Nature};

/// The behaviour of the server for a while.
#[derive(Clone, Copy, Debug)]
enum Mode {
    Healthy,
    Slow,
    /// A 5xx or 408, with a `Retry-After` in seconds.
    Failing(u16, Option<u64>),
    NoConnection,
    Limited(Option<u64>),
    /// The request times out; the flag tells whether the entries were stored anyway.
    Hanging(bool),
    /// 401, as for a revoked key.
    Denied,
    /// Each request meets a different one of these.
    Flaky,
}

#[derive(Debug)]
pub(super) struct Server {
    random: Rng,
    make: Make,
    /// In the order of their starts.
    phases: Vec<(Tick, Mode)>,
    /// Larger bodies get status 413.
    pub(super) body_limit: usize,
    pub(super) stored: HashSet<u64>,
    /// Entries that were stored again because a response was lost.
    pub(super) duplicates: u64,
    request_timeout: Duration,
}

/// The response to a request, as the client will see it.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) after: Duration,
    pub(super) outcome: Outcome,
    /// The entries that this request stored.
    pub(super) stored: Vec<u64>,
    /// The delay that the server asks for.
    pub(super) retry_after: Option<Duration>,
}

impl Server {
    /// The longest time in which a healthy server handles a request.
    pub(super) const LATENCY: Duration = Duration::from_millis(20);

    /// Creates a server that fails in many ways until `faults_end`, and works from then on.
    pub(super) fn new(seed: u64, make: Make, faults_end: Tick) -> Self {
        let mut random = Rng::with_seed(seed);
        let mut phases = Vec::new();
        let mut at = Tick::ZERO;
        while at < faults_end {
            phases.push((at, random_mode(&mut random)));
            at = at.after(Duration::from_millis(random.u64(50..20_000)));
        }
        phases.push((faults_end, Mode::Healthy));
        let body_limit = if random.u8(..4) == 0 { random.usize(120..4_000) } else { usize::MAX };
        let request_timeout = Duration::from_millis(random.u64(500..8_000));
        Self { random, make, phases, body_limit, stored: HashSet::new(), duplicates: 0, request_timeout }
    }

    pub(super) fn answer(&mut self, body: &[u8], ids: &[u64], now: Tick) -> Reply {
        let mut mode =
            self.phases.iter().rev().find(|(start, _)| *start <= now).map_or(Mode::Healthy, |p| p.1);
        if let Mode::Flaky = mode {
            mode = random_mode(&mut self.random);
        }
        let after = Duration::from_micros(self.random.u64(1..Self::LATENCY.as_micros() as u64));
        match mode {
            Mode::Healthy | Mode::Flaky => self.handle(body, ids, after),
            Mode::Slow => {
                let after = self.request_timeout.mul_f64(self.random.f64() * 0.9);
                self.handle(body, ids, after)
            }
            Mode::Failing(status, retry_after) => answered(status, retry_after, "{}", after),
            Mode::Limited(retry_after) => answered(429, retry_after, "{}", after),
            Mode::Denied => answered(401, None, r#"{"error":"Unauthorized"}"#, after),
            Mode::NoConnection => unanswered("connection refused", after),
            Mode::Hanging(stores) => {
                let mut reply = unanswered("no complete response in time", self.request_timeout);
                if stores {
                    reply.stored = self.handle(body, ids, after).stored;
                }
                reply
            }
        }
    }

    /// Handles a batch while the server works.
    fn handle(&mut self, body: &[u8], ids: &[u64], after: Duration) -> Reply {
        if body.len() > self.body_limit {
            return answered(413, None, "{}", after);
        }
        let any = |nature| ids.iter().any(|id| self.make.nature(*id) == nature);
        if any(Nature::Refused) {
            return answered(400, None, r#"{"error":"Validation error","details":{}}"#, after);
        }
        if any(Nature::Crashing) {
            return answered(500, None, "{}", after);
        }
        if any(Nature::Swallowed) {
            return answered(200, None, r#"{"received":0}"#, after);
        }
        let (bad, good): (Vec<u64>, Vec<u64>) =
            ids.iter().partition(|id| self.make.nature(**id) == Nature::Listed);
        for id in &good {
            self.duplicates += u64::from(!self.stored.insert(*id));
        }
        let rejected = vec![r#"{"index":0,"reason":"pii_masking_failed"}"#; bad.len()].join(",");
        let receipt = format!(r#"{{"received":{},"rejected":[{rejected}]}}"#, good.len());
        let mut reply = answered(200, None, &receipt, after);
        reply.stored = good;
        reply
    }
}

fn random_mode(random: &mut Rng) -> Mode {
    let retry_after = |random: &mut Rng| [None, Some(0), Some(2), Some(20), Some(86_400)][random.usize(..5)];
    match random.u8(..16) {
        0..4 => Mode::Healthy,
        4 => Mode::Slow,
        5..8 => {
            let status = [408, 500, 502, 503, 504][random.usize(..5)];
            Mode::Failing(status, if random.bool() { None } else { retry_after(random) })
        }
        8..10 => Mode::NoConnection,
        10 => Mode::Limited(retry_after(random)),
        11..13 => Mode::Hanging(random.bool()),
        13 if random.u8(..4) == 0 => Mode::Denied,
        _ => Mode::Flaky,
    }
}

fn answered(status: u16, retry_after: Option<u64>, body: &str, after: Duration) -> Reply {
    let header = retry_after.map(|seconds| seconds.to_string());
    let wall = Timestamp::from_micros(0);
    Reply {
        after,
        outcome: Outcome::of_answer(status, header.as_deref(), body.as_bytes(), wall),
        stored: Vec::new(),
        retry_after: retry_after.map(Duration::from_secs),
    }
}

fn unanswered(detail: &str, after: Duration) -> Reply {
    let outcome = Outcome::Unavailable { retry_after: None, detail: detail.to_owned() };
    Reply { after, outcome, stored: Vec::new(), retry_after: None }
}
