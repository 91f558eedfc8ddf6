//! A pipeline, its server and its producers, under a clock that jumps to the next event.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use fastrand::Rng;
use logtide_core::{BatchId, Event, Head, Level, Pipeline, RecordWriter, Tick};

use super::{
    Happened,
    entry::Nature,
    invariants::Invariants,
    plan::{Plan, Step},
    server::{Reply, Server},
    wire::Texts,
};

struct World {
    now: Tick,
    pipeline: Pipeline,
    writer: RecordWriter,
    /// Entries that the wire found too large for any body.
    too_large: Arc<Mutex<Vec<u64>>>,
    server: Server,
    invariants: Invariants,
    plan: Plan,
    next_step: usize,
    /// Responses in transit.
    replies: Vec<(Tick, BatchId, Reply)>,
    random: Rng,
}

/// Runs one seed and returns the events that happened.
pub(super) fn run(seed: u64) -> Happened {
    let plan = Plan::new(seed);
    let wire = Texts::new(plan.make, plan.max_body_bytes);
    let too_large = wire.too_large();
    let mut world = World {
        now: Tick::ZERO,
        pipeline: Pipeline::new(plan.options.clone(), wire),
        writer: RecordWriter::default(),
        too_large,
        server: Server::new(seed ^ 0x5eed, plan.make, plan.faults_end),
        invariants: Invariants::new(plan.options.clone(), plan.make, plan.max_body_bytes),
        next_step: 0,
        replies: Vec::new(),
        random: Rng::with_seed(seed ^ 0x0dd5),
        plan,
    };
    let faults_end = world.plan.faults_end;
    world.run_until(faults_end);
    if !world.plan.closes_early {
        world.recover();
    }
    world.come_to_rest();
    let quiet = world.now.after(Duration::from_secs(3_600));
    world.run_until(quiet);
    assert_eq!(world.pipeline.counters().pending(), 0, "entries are left");
    if !world.plan.closes_early {
        world.act(Step::Close(Duration::from_secs(5)));
    }
    assert!(world.pipeline.is_closed());
    let requests = world.pipeline.counters().requests;
    world.act(Step::Log(3));
    world.run_until(quiet.after(Duration::from_secs(3_600)));
    assert_eq!(world.pipeline.counters().requests, requests, "a request after the close");
    world.invariants.check_stored(&world.server.stored);
    if world.server.duplicates > 0 {
        world.invariants.seen.insert("duplicates");
    }
    Happened { logged: world.invariants.issued, seen: world.invariants.seen }
}

impl World {
    fn run_until(&mut self, end: Tick) {
        while let Some(at) = self.next_time().filter(|at| *at <= end) {
            assert!(at >= self.now);
            self.now = at;
            self.step();
        }
        self.now = end;
    }

    fn next_time(&self) -> Option<Tick> {
        let step = self.plan.steps.get(self.next_step).map(|(at, _)| *at);
        let reply = self.replies.iter().map(|(at, ..)| *at).min();
        let timeout = self.pipeline.poll_timeout().map(|(at, _)| at);
        [step, reply, timeout].into_iter().flatten().min()
    }

    /// Performs one of the due actions, chosen at random.
    fn step(&mut self) {
        let step = self.plan.steps.get(self.next_step).copied().filter(|(at, _)| *at <= self.now);
        let reply = self.replies.iter().position(|(at, ..)| *at <= self.now);
        let timeout = self.pipeline.poll_timeout().is_some_and(|(at, _)| at <= self.now);
        let first = self.random.u8(..3);
        for source in (first..first + 3).map(|source| source % 3) {
            match (source, step, reply) {
                (0, Some((_, step)), _) => {
                    self.next_step += 1;
                    return self.act(step);
                }
                (1, _, Some(index)) => return self.deliver(index),
                (2, ..) if timeout => {
                    self.pipeline.handle_timeout(self.now);
                    self.settle();
                    let next = self.pipeline.poll_timeout();
                    return assert!(next.is_none_or(|(at, _)| at > self.now), "{next:?} again");
                }
                _ => {}
            }
        }
    }

    fn act(&mut self, step: Step) {
        match step {
            Step::Log(entries) => {
                for _ in 0..entries {
                    self.log();
                }
            }
            Step::Flush(timeout) => {
                let (deadline, pending) = (self.now.after(timeout), self.pipeline.counters().pending());
                let token = self.pipeline.flush(deadline, self.now);
                self.invariants.flushes.begun(token, deadline, pending);
            }
            Step::Close(timeout) => {
                let (deadline, pending) = (self.now.after(timeout), self.pipeline.counters().pending());
                let token = self.pipeline.close(deadline, self.now);
                self.invariants.flushes.begun(token, deadline, pending);
                self.invariants.closed = true;
            }
        }
        self.settle();
    }

    /// Logs entries. Those of a flood reach the pipeline without a chance to send in between.
    fn log(&mut self) -> u64 {
        let id = self.invariants.issued;
        let since = self.now.before(Duration::from_millis(self.random.u64(..50)));
        let mut fields = self.writer.begin(&Head::new(Level::Info, ""));
        fields.message(self.plan.make.message(id));
        let record = fields.finish();
        let admit = self.pipeline.push(record, since);
        self.invariants.pushed(record.len(), admit);
        id
    }

    fn deliver(&mut self, index: usize) {
        let (_, id, reply) = self.replies.remove(index);
        let before = *self.pipeline.counters();
        self.pipeline.handle_outcome(id, reply.outcome.clone(), self.now);
        let events: Vec<Event> = std::iter::from_fn(|| self.pipeline.poll_event()).collect();
        let parked = events.iter().any(|event| matches!(event, Event::Parked { .. }));
        self.invariants.answered(id, &reply, &before, self.pipeline.counters(), parked, self.now);
        for event in events {
            self.invariants.event(&event, self.now);
        }
        self.settle();
    }

    /// Gives isolation the time it needs. What the server accepts in the meantime tells its failures from an outage.
    fn come_to_rest(&mut self) {
        let end = self.now.after(Duration::from_secs(100_000));
        while self.pipeline.counters().pending() > 0 && self.now < end {
            if !self.plan.closes_early {
                self.log();
                self.settle();
            }
            self.run_until(self.now.after(Duration::from_secs(240)));
        }
    }

    fn settle(&mut self) {
        self.poll_events();
        loop {
            let state = self.pipeline.circuit_breaker_state();
            let transmit = self.pipeline.poll_transmit(self.now);
            for id in self.too_large.lock().expect("no thread panics").drain(..) {
                self.invariants.dropped_by_wire(id);
            }
            let Some(transmit) = transmit else { break };
            if !self.invariants.closed {
                self.invariants.breaker.transmitted(transmit.id, state, self.now);
            }
            let ids = self.invariants.transmitted(&transmit, self.now);
            let reply = self.server.answer(&transmit.body, &ids, self.now);
            self.replies.push((self.now.after(reply.after), transmit.id, reply));
        }
        self.poll_events();
        self.invariants.check(&self.pipeline, self.now);
    }

    fn poll_events(&mut self) {
        while let Some(event) = self.pipeline.poll_event() {
            self.invariants.event(&event, self.now);
        }
    }

    /// Checks that a new entry gets through in time after the server has recovered.
    fn recover(&mut self) {
        let bound = self.now.after(self.invariants.recovery_bound());
        let mut fresh = Vec::new();
        while !fresh.iter().any(|id| self.invariants.acknowledged.contains(id)) {
            assert!(self.now < bound, "no fresh entry got through");
            let id = self.log();
            self.settle();
            let bytes = Texts::body_bytes(self.plan.make, id);
            let limit = self.server.body_limit.min(self.plan.max_body_bytes);
            if self.plan.make.nature(id) == Nature::Good && bytes <= limit {
                fresh.push(id);
            }
            self.run_until(self.now.after(Duration::from_secs(5)));
        }
    }
}
