//! The delivery pipeline.
//!
//! # The driving contract
//!
//! A [`Pipeline`] decides and never acts: it holds records, says what to send and when, and learns what came of it. Its [`Wire`]
//! makes the body of a request when that is due, and reads the answer. Whoever drives a pipeline owns the clock and the network.
//! *Settle, then sleep:*
//!
//! 1. Change something: [`push`](Pipeline::push) a record, hand in an outcome with [`handle_outcome`](Pipeline::handle_outcome),
//!    begin a [`flush`](Pipeline::flush) or [`close`](Pipeline::close), or, when the time of the last sleep has come, call
//!    [`handle_timeout`](Pipeline::handle_timeout).
//! 2. Send everything that [`poll_transmit`](Pipeline::poll_transmit) gives until it gives `None`.
//! 3. Take every event that [`poll_event`](Pipeline::poll_event) gives until it gives `None`.
//! 4. Sleep until [`poll_timeout`](Pipeline::poll_timeout), if there is one, or until there is something to change.
//!
//! Every [`Transmit`] is answered by exactly one `handle_outcome`: the circuit breaker waits for its probe. What the answer means is
//! asked of the pipeline's [`wire`](Pipeline::wire). Drop the body before: then its memory is used for the next one. Time never goes
//! back; one call may repeat the time of the call before it. Under this contract `logged = delivered + dropped + pending` holds in
//! [`counters`](Pipeline::counters) after every call.
//!
//! While `max_in_flight` is 1, entries go out in the order in which they were pushed. Others may pass a batch that holds a bad entry, or
//! that the server fails on again and again.
//!
//! ```
//! use std::time::Duration;
//! use logtide_core::{
//!     Event, Json, Level, LogEntry, Pipeline, PipelineOptions, RecordWriter, ServerAnswer, Tick, Timestamp, Wake,
//! };
//!
//! let mut options = PipelineOptions::default();
//! options.batch_size = 2;
//! let mut pipeline = Pipeline::new(options, Json::default());
//! let mut writer = RecordWriter::default();
//! let wall = Timestamp::from_micros(1_795_340_191_342_000);
//! let entry = LogEntry::new(Level::Info, "api", "request completed").time(wall);
//!
//! // One entry waits for others to join it, at most for the flush interval.
//! let mut now = Tick::ZERO;
//! let _ = pipeline.push(entry.record(&mut writer, wall), now);
//! assert!(pipeline.poll_transmit(now).is_none());
//! assert_eq!(pipeline.poll_timeout(), Some((now.after(Duration::from_secs(5)), Wake::Linger)));
//!
//! // The second makes the batch due.
//! let _ = pipeline.push(entry.record(&mut writer, wall), now);
//! let transmit = pipeline.poll_transmit(now).expect("the batch is due");
//! assert_eq!((transmit.path, transmit.content_type), ("/api/v1/ingest", "application/json"));
//! assert!(transmit.body.starts_with(br#"{"logs":[{"#));
//!
//! // A driver sends the body here. The server failed: the pipeline says when to try again.
//! let outcome = pipeline.wire().outcome(ServerAnswer::new(503, b""), Some("2"), wall);
//! pipeline.handle_outcome(transmit.id, outcome, now);
//! while let Some(event) = pipeline.poll_event() {
//!     println!("{event}");
//! }
//! (now, _) = pipeline.poll_timeout().expect("a retry is due");
//! pipeline.handle_timeout(now);
//! assert_eq!(now, Tick::ZERO.after(Duration::from_secs(2)));
//!
//! let again = pipeline.poll_transmit(now).expect("the retry");
//! let outcome = pipeline.wire().outcome(ServerAnswer::new(200, br#"{"received":2}"#), None, wall);
//! pipeline.handle_outcome(again.id, outcome, now);
//! assert!(matches!(pipeline.poll_event(), Some(Event::Delivered { entries: 2, .. })));
//! assert_eq!(pipeline.counters().delivered, 2);
//! ```

mod admit;
mod bodies;
mod closing;
mod isolate;
#[cfg(not(feature = "spool"))]
mod no_spool;
mod options;
mod retry;
mod rows;
mod settle;
#[cfg(feature = "spool")]
mod spool;
mod transmit;
mod wake;

use std::{collections::VecDeque, time::Duration};

pub use self::{
    admit::Admit,
    options::{GiveUp, Overflow, PipelineOptions},
    transmit::{BatchId, Transmit},
    wake::Wake,
};
use self::{bodies::Bodies, closing::Closing, rows::Rows, transmit::InFlight};
use crate::{
    CircuitState, Counters, DropReason, Event, Tick, Wire,
    backoff::Backoff,
    batch::{Batch, Size},
    breaker::Breaker,
    budget::Budget,
    flush::{Flushes, Token},
};

/// Holds records until they are delivered, and decides what is sent when. See the [module](self) for how it is driven.
#[derive(Debug)]
pub struct Pipeline {
    options: PipelineOptions,
    wire: Box<dyn Wire>,
    /// Batches that wait, oldest first; new entries join the last.
    queue: VecDeque<Batch>,
    /// Batches that may hold bad entries, sent beside the others at the pace of the budget.
    suspects: VecDeque<Batch>,
    budget: Budget,
    in_flight: Vec<InFlight>,
    /// What waits in the queue.
    waiting: Size,
    /// What is under way.
    flying: Size,
    /// The number of the next entry.
    next_entry: u64,
    next_batch: u64,
    /// Entries with numbers below this one are flushed: they wait for no company.
    due_before: u64,
    /// The server asked for silence until then.
    paused_until: Tick,
    /// Zero unless the server counts as away; then how often the delay has doubled.
    away: u32,
    /// While the server is away nothing is sent before.
    away_until: Tick,
    /// The next attempt passes over batches with numbers below this one: the server has failed on them again and again.
    detour: u64,
    /// Requests that stored something.
    deliveries: u64,
    /// Bytes of a request body: [`most_batch_bytes`], or less once the server has refused that much.
    batch_bytes: usize,
    breaker: Breaker,
    backoff: Backoff,
    flushes: Flushes,
    counters: Counters,
    events: VecDeque<Event>,
    rows: Rows,
    bodies: Bodies,
    closing: Option<Closing>,
    /// The time of the close is up, and only what is left is still written.
    is_ending: bool,
    /// The close is over, and nothing is held any more.
    is_over: bool,
    #[cfg(feature = "spool")]
    spool: Option<crate::spool::Files>,
}

impl Pipeline {
    /// The number of the first entry. Entries of earlier processes have numbers below it, since they are older.
    pub(crate) const FIRST_ENTRY: u64 = 1 << 48;

    /// An empty pipeline that sends what the wire makes of its records. Sizes of 0 count as 1, and delays of less than a millisecond as one.
    #[must_use]
    pub fn new(options: PipelineOptions, wire: impl Wire + 'static) -> Self {
        Self::of_boxed(options, Box::new(wire))
    }

    /// As [`new`](Self::new), for a wire that is chosen while the program runs.
    #[must_use]
    pub fn of_boxed(mut options: PipelineOptions, wire: Box<dyn Wire>) -> Self {
        for size in [&mut options.batch_size, &mut options.max_entries, &mut options.max_in_flight] {
            *size = (*size).max(1);
        }
        for delay in [&mut options.retry_delay, &mut options.circuit_breaker_reset] {
            *delay = (*delay).max(Duration::from_millis(1));
        }
        let batch_bytes = most_batch_bytes(&options, &*wire);
        let kept = batch_bytes.saturating_mul(2);
        Self {
            wire,
            queue: VecDeque::new(),
            suspects: VecDeque::new(),
            budget: Budget::default(),
            in_flight: Vec::new(),
            waiting: Size::default(),
            flying: Size::default(),
            next_entry: Self::FIRST_ENTRY,
            next_batch: 0,
            due_before: Self::FIRST_ENTRY,
            paused_until: Tick::ZERO,
            away: 0,
            away_until: Tick::ZERO,
            detour: 0,
            deliveries: 0,
            batch_bytes,
            breaker: Breaker::new(options.circuit_breaker_threshold, options.circuit_breaker_reset),
            backoff: Backoff::new(options.retry_delay, options.seed),
            flushes: Flushes::default(),
            counters: Counters::default(),
            events: VecDeque::new(),
            rows: Rows::new(kept),
            bodies: Bodies::new(options.max_in_flight, kept),
            closing: None,
            is_ending: false,
            is_over: false,
            #[cfg(feature = "spool")]
            spool: None,
            options,
        }
    }

    /// Begins to deliver all that waits, and tells by [`Event::Flushed`] when it is delivered or lost, or the deadline has come.
    ///
    /// A parked batch is tried at once. While the circuit breaker is open the flush is over at once.
    pub fn flush(&mut self, deadline: Tick, now: Tick) -> Token {
        self.make_due();
        self.away_until = self.away_until.min(now);
        let unsettled = self.counters.pending() + self.counters.spooled();
        let token = self.flushes.begin(deadline, self.next_entry, unsettled);
        self.finish_flushes(now);
        token
    }

    /// Makes all that waits due, as a flush does, without a deadline or an end that is told, and without an attempt before its time.
    pub const fn make_due(&mut self) {
        self.due_before = self.next_entry;
    }

    /// Refuses further entries, delivers what waits and drops what cannot be delivered before the deadline.
    ///
    /// What waits is tried at once, also when the circuit breaker is open or the server has asked for more time than there is. It is
    /// tried again after each failure, and a last time just before the deadline. The end is told by [`Event::Flushed`].
    ///
    /// With a spool, what waits is written there in time, and the close ends early when all of it is in files and the server does not
    /// take it.
    ///
    /// A second call leaves the first its time, and has a deadline of its own for its end.
    pub fn close(&mut self, deadline: Tick, now: Tick) -> Token {
        let paused_until = self.paused_until;
        self.closing.get_or_insert_with(|| Closing::new(deadline, paused_until, now));
        self.close_spool(now);
        self.flush(deadline, now)
    }

    /// Takes note that time has passed: ends flushes whose deadline has come.
    pub fn handle_timeout(&mut self, now: Tick) {
        self.finish_flushes(now);
    }

    /// What happened since the last call, oldest first.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// The books.
    #[must_use]
    pub const fn counters(&self) -> &Counters {
        &self.counters
    }

    /// The circuit breaker's state.
    #[must_use]
    pub const fn circuit_breaker_state(&self) -> CircuitState {
        self.breaker.state()
    }

    /// What makes requests of the records, and reads the answers.
    #[must_use]
    pub fn wire(&self) -> &dyn Wire {
        &*self.wire
    }

    /// How many entries are held in memory, waiting and under way.
    #[must_use]
    pub const fn held_entries(&self) -> usize {
        self.waiting.entries + self.flying.entries
    }

    /// Bytes of what is held in memory, waiting and under way.
    #[must_use]
    pub const fn held_bytes(&self) -> usize {
        self.waiting.bytes + self.flying.bytes
    }

    /// How many more entries change what is to be done: as many as make a batch due, or one where none waits for others, since the
    /// first starts the flush interval. Zero when none changes anything before something else happens.
    #[must_use]
    pub fn entries_until_due(&self) -> usize {
        match (self.entries_until_sent(), self.entries_until_written()) {
            (entries, None) | (0, Some(entries)) => entries,
            (sent, Some(written)) => sent.min(written),
        }
    }

    fn entries_until_sent(&self) -> usize {
        let is_full = self.in_flight.len() >= self.options.max_in_flight;
        let is_behind = self.options.max_in_flight == 1 && self.oldest_waiting() < self.due_before;
        match self.lingering() {
            _ if is_full || is_behind => 0,
            0 => 1,
            lingering => self.options.batch_size.saturating_sub(lingering),
        }
    }

    /// Whether [`Pipeline::close`] is done: further entries are refused and none is pending.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.closing.is_some()
            && self.counters.pending() == 0
            && (self.is_over || self.held_entries() == 0)
            && self.is_spool_done()
    }

    fn finish_flushes(&mut self, now: Tick) {
        if self.flushes.is_idle() {
            return;
        }
        if self.is_time_up(now) {
            self.is_ending = self.holds_up_close();
            if self.is_ending {
                return;
            }
            if !self.is_over {
                self.abandon();
            }
        } else if self.is_safe() {
            self.abandon();
        } else if self.closing.is_some() && !self.is_spool_done() {
            // What earlier processes left is delivered too, as far as there is time. A flush before the close has a deadline of its own.
            let expired = self.flushes.expire(now, self.counters.spooled());
            return self.events.extend(expired);
        }
        if self.waits_for_disk() {
            return;
        }
        let cut_off = self.is_over || (self.closing.is_none() && self.breaker.is_open_at(now));
        self.events.extend(self.flushes.finish(now, cut_off, self.counters.spooled()));
    }

    /// Whether the end of the close waits for files alone, however long that takes.
    fn waits_for_disk(&self) -> bool {
        self.is_ending || (self.is_over && !self.is_spool_done())
    }

    /// Whether nothing is sent any more because the time of the close is up.
    fn is_time_up(&self, now: Tick) -> bool {
        self.is_over || self.closing.is_some_and(|closing| closing.deadline <= now)
    }

    /// Lets go of all that is in memory, and counts as lost what is in no file. Outcomes of requests under way come too late from now on.
    fn abandon(&mut self) {
        self.is_over = true;
        let detail = format!("circuit breaker {}", self.breaker.state());
        let flying = std::mem::take(&mut self.in_flight).into_iter().map(|flight| flight.batch);
        let suspects = std::mem::take(&mut self.suspects);
        let waiting = std::mem::take(&mut self.queue);
        self.flying = Size::default();
        self.waiting = Size::default();
        for batch in flying.chain(suspects).chain(waiting) {
            match self.stored_of(batch.first, batch.len()) {
                0 => self.lose(batch, DropReason::Shutdown, detail.clone()),
                stored if stored < batch.len() => {
                    let [_, rest] = batch.split(stored);
                    self.lose(rest, DropReason::Shutdown, detail.clone());
                }
                _ => {}
            }
        }
    }
}

/// Bytes that a request body may have when nothing was learned of the server. A [`Row`](crate::batch::Row) takes less than 4 GiB.
fn most_batch_bytes(options: &PipelineOptions, wire: &dyn Wire) -> usize {
    options.max_batch_bytes.min(wire.max_body_bytes()).min(u32::MAX as usize)
}

#[cfg(test)]
mod tests;
