//! Invariants that hold at every step, tracked independently of the pipeline's own counts.

mod breaker;
mod buffer;
mod flushes;
mod isolation;

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    time::Duration,
};

use logtide_core::{
    Admit, BatchId, Counters, DropReason, Drops, Event, GiveUp, Outcome, Pipeline, PipelineOptions, Tick,
    Transmit, Wake, limits::MAX_RETRY_AFTER,
};

use self::{breaker::BreakerBook, buffer::BufferBook, flushes::FlushBook, isolation::IsolationBook};
use super::{
    entry::{Make, Nature},
    server::{Reply, Server},
    wire::Texts,
};

pub(super) struct Invariants {
    options: PipelineOptions,
    make: Make,
    max_body_bytes: usize,
    pub(super) issued: u64,
    pub(super) acknowledged: HashSet<u64>,
    newest_acknowledged: Option<u64>,
    /// Stored by the server, whose response was lost.
    answer_lost: HashSet<u64>,
    /// Dropped after they were sent.
    given_up: HashSet<u64>,
    flights: HashMap<BatchId, Flight>,
    buffer: BufferBook,
    dropped: Drops,
    paused_until: Tick,
    /// Entries that others may overtake: their batch was rejected, or the server failed on it repeatedly.
    overtaken: HashSet<u64>,
    /// The limit of a body in bytes, after the server has rejected larger ones.
    learned_limit: usize,
    isolation: IsolationBook,
    pub(super) breaker: BreakerBook,
    pub(super) flushes: FlushBook,
    pub(super) closed: bool,
    /// The kinds of events that happened.
    pub(super) seen: BTreeSet<&'static str>,
}

struct Flight {
    ids: Vec<u64>,
    attempt: u32,
    bytes: usize,
}

impl Invariants {
    pub(super) fn new(options: PipelineOptions, make: Make, max_body_bytes: usize) -> Self {
        Self {
            issued: 0,
            acknowledged: HashSet::new(),
            newest_acknowledged: None,
            answer_lost: HashSet::new(),
            given_up: HashSet::new(),
            flights: HashMap::new(),
            buffer: BufferBook::new(&options),
            dropped: Drops::default(),
            paused_until: Tick::ZERO,
            overtaken: HashSet::new(),
            learned_limit: options.max_batch_bytes.min(max_body_bytes),
            isolation: IsolationBook::default(),
            breaker: BreakerBook::new(&options),
            flushes: FlushBook::default(),
            closed: false,
            seen: BTreeSet::new(),
            options,
            make,
            max_body_bytes,
        }
    }

    pub(super) fn pushed(&mut self, bytes: usize, admit: Admit) {
        let id = self.issued;
        self.issued += 1;
        match admit {
            Admit::Accepted => {
                assert!(!self.closed, "an entry was taken after the close");
                self.buffer.add(id, bytes);
            }
            Admit::Evicted(entries) => {
                self.buffer.evict(entries, bytes);
                self.buffer.add(id, bytes);
                self.seen.insert("eviction");
            }
            Admit::Dropped(reason) => {
                match reason {
                    DropReason::Closed => assert!(self.closed),
                    DropReason::BufferFull => self.buffer.assert_full(bytes),
                    DropReason::TooLarge => {
                        assert!(bytes > self.options.max_bytes || bytes > self.max_body_bytes);
                    }
                    _ => panic!("{reason}"),
                }
                self.seen.insert(reason.as_str());
                self.dropped.add(reason, 1);
            }
        }
    }

    pub(super) fn transmitted(&mut self, transmit: &Transmit, now: Tick) -> Vec<u64> {
        let (ids, bytes) = (self.make.read(&transmit.body), transmit.body.len());
        assert_eq!(ids.len(), transmit.entries);
        assert!(!ids.is_empty() && ids.len() <= Texts::MAX_ENTRIES, "{} entries", ids.len());
        let limit = self.most_bytes().min(self.learned_limit);
        assert!(bytes <= self.max_body_bytes, "{bytes} bytes are more than the wire allows");
        assert!(bytes <= limit || ids.len() == 1, "{bytes} bytes where {limit} are allowed");
        assert!(ids.is_sorted(), "the order inside a request is lost");
        if now < self.paused_until {
            assert!(self.closed, "a request while the server asked for silence");
            self.seen.insert("tried despite a pause");
        }
        assert!(self.flights.len() < self.options.max_in_flight + usize::from(self.closed));
        assert!(!self.closed || !self.flushes.is_idle(), "a request after the close");
        for id in &ids {
            assert!(*id < self.issued, "an entry that nobody logged");
            assert!(!self.acknowledged.contains(id) && !self.given_up.contains(id), "{id} was settled");
            self.buffer.fly(*id);
        }
        if !self.closed && self.isolation.transmitted(&ids, transmit.attempt, now) {
            self.seen.insert("isolation paced");
        }
        if ids.len() == Texts::MAX_ENTRIES {
            self.seen.insert("a full request");
        }
        let flight = Flight { ids: ids.clone(), attempt: transmit.attempt, bytes };
        assert!(self.flights.insert(transmit.id, flight).is_none(), "a name was given twice");
        ids
    }

    /// Records that an entry too large for any body was dropped when its body was built.
    pub(super) fn dropped_by_wire(&mut self, id: u64) {
        assert!(Texts::body_bytes(self.make, id) > self.max_body_bytes, "{id} is not too large");
        self.buffer.fly(id);
        self.buffer.land(id);
        self.buffer.settle(&[id]);
        self.given_up.insert(id);
        self.seen.insert("too large for any body");
    }

    /// Records an outcome that the pipeline has just handled. `before` are its previous counters.
    pub(super) fn answered(
        &mut self,
        id: BatchId,
        reply: &Reply,
        before: &Counters,
        after: &Counters,
        parked: bool,
        now: Tick,
    ) {
        let Some(flight) = self.flights.remove(&id) else {
            // The close did not wait for it.
            assert_eq!(before, after);
            self.answer_lost.extend(&reply.stored);
            return;
        };
        for entry in &flight.ids {
            self.buffer.land(*entry);
        }
        let gives_up = self.options.give_up == GiveUp::AfterRetries;
        let failed = match reply.outcome {
            Outcome::Unavailable { .. } | Outcome::Failed { .. } => true,
            Outcome::Denied { .. } => !gives_up,
            _ => false,
        };
        if let (true, Some(wait)) =
            (failed || matches!(reply.outcome, Outcome::Limited { .. }), reply.retry_after)
        {
            self.paused_until = self.paused_until.max(now.after(wait.min(MAX_RETRY_AFTER)));
            if !wait.is_zero() {
                self.seen.insert("pause");
            }
        }
        let lost = after.dropped.since(&before.dropped);
        let exhausted = flight.attempt >= self.options.max_retries;
        let counts = if gives_up { exhausted } else { parked };
        self.breaker.answered(id, failed, counts, &mut self.seen);
        match &reply.outcome {
            Outcome::Stored { .. } => {
                // A learned limit is slowly raised again.
                self.learned_limit = self.learned_limit.saturating_add(self.learned_limit / 64);
                self.confirmed(&flight, reply, &lost);
            }
            Outcome::Refused { .. } => {
                let bad = [Nature::Refused, Nature::Swallowed].contains(&self.make.nature(flight.ids[0]));
                self.divided(&flight, lost.get(DropReason::Rejected), bad, "split");
                self.isolation.refused(&flight.ids);
            }
            Outcome::TooLarge { .. } => {
                if flight.ids.len() > 1 {
                    let lesson = (flight.bytes / 2 + flight.bytes / 16).max(1_024);
                    self.learned_limit = self.learned_limit.min(self.most_bytes()).min(lesson);
                }
                self.divided(&flight, lost.get(DropReason::TooLarge), true, "too large");
                self.isolation.ignore();
            }
            Outcome::Denied { .. } if gives_up => {
                assert_eq!(lost.get(DropReason::Denied), flight.ids.len() as u64);
            }
            outcome => {
                self.answer_lost.extend(&reply.stored);
                self.unanswered(&flight, outcome, &lost, exhausted, parked);
            }
        }
        if lost.total() == flight.ids.len() as u64 {
            self.given_up.extend(&flight.ids);
            self.buffer.settle(&flight.ids);
        }
        if parked {
            self.seen.insert("parked");
        }
    }

    /// Handles a response that says nothing about the entries.
    fn unanswered(
        &mut self,
        flight: &Flight,
        outcome: &Outcome,
        lost: &Drops,
        exhausted: bool,
        parked: bool,
    ) {
        let failed = matches!(outcome, Outcome::Failed { .. });
        if failed && (exhausted || parked) {
            self.overtaken.extend(&flight.ids);
        }
        let given_up = lost.get(DropReason::RetriesExhausted);
        assert!(given_up == 0 || exhausted, "given up before all attempts were used");
        assert!(given_up == 0 || self.options.give_up == GiveUp::AfterRetries, "an outage lost entries");
        if lost.get(DropReason::Rejected) > 0 {
            assert!(failed && flight.ids.len() == 1, "entries were rejected that nobody refused");
            assert_eq!(self.make.nature(flight.ids[0]), Nature::Crashing, "an outage counts as a refusal");
            self.seen.insert("bad entry the server failed on");
        }
        self.seen.insert(if given_up == 0 { "retry" } else { "retries exhausted" });
    }

    fn confirmed(&mut self, flight: &Flight, reply: &Reply, lost: &Drops) {
        assert_eq!(lost.get(DropReason::Rejected), (flight.ids.len() - reply.stored.len()) as u64);
        assert_eq!(lost.get(DropReason::Unconfirmed), 0);
        for id in &reply.stored {
            let in_order = self.newest_acknowledged.is_none_or(|newest| newest < *id);
            let may_be_late = self.options.max_in_flight > 1 || self.closed || self.overtaken.contains(id);
            assert!(in_order || may_be_late, "{id} after {:?}", self.newest_acknowledged);
            self.newest_acknowledged = self.newest_acknowledged.max(Some(*id));
            self.acknowledged.insert(*id);
        }
        self.buffer.settle(&flight.ids);
    }

    /// Handles a rejected batch, which is split until its invalid entries are alone.
    fn divided(&mut self, flight: &Flight, lost: u64, first_is_bad: bool, name: &'static str) {
        match (flight.ids.len(), lost) {
            (1, 1) => {
                assert!(first_is_bad, "a bad entry took {} with it", flight.ids[0]);
                self.seen.insert(name);
            }
            (_, 0) => self.overtaken.extend(&flight.ids),
            (entries, lost) => panic!("{lost} of {entries} were lost together"),
        }
    }

    pub(super) fn event(&mut self, event: &Event, now: Tick) {
        match event {
            Event::Dropped { entries, reason, .. } => {
                self.dropped.add(*reason, *entries as u64);
                if *reason == DropReason::Shutdown {
                    self.seen.insert("close with loss");
                    self.buffer.clear();
                    self.flights.clear();
                }
            }
            Event::CircuitOpened { reset, .. } => {
                self.seen.insert("breaker opened");
                // While the pipeline closes, the breaker decides nothing.
                if !self.closed {
                    self.breaker.opened(*reset, now);
                }
            }
            Event::Flushed { token, pending, .. } => self.flushes.done(*token, *pending, now, &mut self.seen),
            _ => {}
        }
    }

    /// Returns the limit of a body if nothing was learned about the server.
    fn most_bytes(&self) -> usize {
        self.options.max_batch_bytes.min(self.max_body_bytes)
    }

    /// Checks what holds whenever everything has been polled.
    pub(super) fn check(&self, pipeline: &Pipeline, now: Tick) {
        let counters = pipeline.counters();
        assert_eq!(counters.logged, self.issued);
        assert_eq!(counters.delivered, self.acknowledged.len() as u64);
        assert_eq!(counters.dropped, self.dropped);
        let pending = counters.logged - counters.delivered - counters.dropped.total();
        assert_eq!(counters.pending(), pending);
        self.buffer.check(pending, pipeline.held_bytes());
        if !self.closed {
            self.breaker.check(pipeline.circuit_breaker_state());
        }
        match pipeline.poll_timeout() {
            // The next `handle_timeout` handles a deadline that has passed. Everything else was polled.
            Some((at, wake)) => assert!(at > now || (at, wake) == (now, Wake::FlushDeadline), "{wake:?}"),
            None => assert!(pending == 0 || !self.flights.is_empty(), "{pending} entries wait for nothing"),
        }
    }

    /// Checks what holds at the end.
    pub(super) fn check_stored(&self, stored: &HashSet<u64>) {
        assert!(self.acknowledged.is_subset(stored), "acknowledged and not stored");
        let known = |id: &&u64| !self.acknowledged.contains(id) && !self.answer_lost.contains(id);
        assert_eq!(stored.iter().find(known), None, "stored, confirmed, and counted as lost");
        assert!(self.flushes.is_idle(), "a flush got no report");
    }

    /// Returns the longest time until the server receives a new entry after it has recovered. Each earlier entry takes at most
    /// one request. An entry that the server fails on blocks the others until its batch has used up its attempts and another
    /// batch was tried.
    pub(super) fn recovery_bound(&self) -> Duration {
        let is_crashing = |id: &u64| self.make.nature(*id) == Nature::Crashing;
        let crashing = self.buffer.held().filter(is_crashing).count() as u32;
        let backlog = Server::LATENCY * self.buffer.held().count() as u32;
        MAX_RETRY_AFTER + Duration::from_secs(100) * (1 + crashing) + backlog
    }
}
