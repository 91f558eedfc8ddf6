//! The delivery pipeline.
//!
//! # The driving contract
//!
//! A [`Pipeline`] decides and does no I/O. It holds records, says what to send and when, and is told the outcomes.
//! Its [`Wire`] makes the body of a request when the request is due, and interprets the response. The driver owns the
//! clock and the network. *Settle, then sleep:*
//!
//! 1. Make a change: [`push`](Pipeline::push) a record, report an outcome with
//!    [`handle_outcome`](Pipeline::handle_outcome), start a [`flush`](Pipeline::flush) or [`close`](Pipeline::close), or
//!    call [`handle_timeout`](Pipeline::handle_timeout) when the sleep is over.
//! 2. Send what [`poll_transmit`](Pipeline::poll_transmit) returns, until it returns `None`.
//! 3. Take events from [`poll_event`](Pipeline::poll_event), until it returns `None`.
//! 4. Sleep until [`poll_timeout`](Pipeline::poll_timeout), if it returns a time, or until there is a change to make.
//!
//! Every [`Transmit`] needs exactly one `handle_outcome`, because the circuit breaker waits for its probe. The
//! pipeline's [`wire`](Pipeline::wire) interprets the response. Drop the body first, so that its memory is reused.
//! Time never goes backwards; two calls may have the same time. Under this contract, `logged = delivered + dropped +
//! pending + spooled` holds in [`counters`](Pipeline::counters) after every call.
//!
//! While `max_in_flight` is 1, entries are sent in the order in which they were pushed. They may overtake a batch
//! that contains a bad entry, or that the server fails on repeatedly.
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

/// Holds records until they are delivered, and decides what to send and when. See the [module](self) for how to drive
/// it.
#[derive(Debug)]
pub struct Pipeline {
    options: PipelineOptions,
    wire: Box<dyn Wire>,
    /// Waiting batches, oldest first. New entries join the last one.
    queue: VecDeque<Batch>,
    /// Batches that may contain bad entries. They are sent in addition to the others, at the rate of the budget.
    suspects: VecDeque<Batch>,
    budget: Budget,
    in_flight: Vec<InFlight>,
    /// The entries and bytes in the queue.
    waiting: Size,
    /// The entries and bytes in flight.
    flying: Size,
    /// The number of the next entry.
    next_entry: u64,
    next_batch: u64,
    /// Entries with lower numbers are flushed: they do not wait for others.
    due_before: u64,
    /// The server asked not to send anything before this time.
    paused_until: Tick,
    /// Zero unless the server is considered away. Then, how often the delay has doubled.
    away: u32,
    /// While the server is away, nothing is sent before this time.
    away_until: Tick,
    /// The next attempt skips batches with lower numbers: the server has failed on them repeatedly.
    detour: u64,
    /// Requests that stored something.
    deliveries: u64,
    /// The maximum size of a request body: [`most_batch_bytes`], or less once the server has rejected that much.
    batch_bytes: usize,
    breaker: Breaker,
    backoff: Backoff,
    flushes: Flushes,
    counters: Counters,
    events: VecDeque<Event>,
    rows: Rows,
    bodies: Bodies,
    closing: Option<Closing>,
    /// The deadline of the close has passed. The rest is only written to files.
    is_ending: bool,
    /// The close has ended, and nothing is held any more.
    is_over: bool,
    #[cfg(feature = "spool")]
    spool: Option<crate::spool::Files>,
}

impl Pipeline {
    /// The number of the first entry. Entries of earlier processes have lower numbers, because they are older.
    pub(crate) const FIRST_ENTRY: u64 = 1 << 48;

    /// Creates an empty pipeline. Sizes of 0 count as 1, and delays below a millisecond as one millisecond.
    #[must_use]
    pub fn new(options: PipelineOptions, wire: impl Wire + 'static) -> Self {
        Self::of_boxed(options, Box::new(wire))
    }

    /// Like [`new`](Self::new), for a wire that is chosen at run time.
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

    /// Starts to deliver everything in the buffer. [`Event::Flushed`] reports when it is delivered or lost, or the
    /// deadline has passed.
    ///
    /// A parked batch is tried at once. While the circuit breaker is open, the flush ends at once.
    pub fn flush(&mut self, deadline: Tick, now: Tick) -> Token {
        self.make_due();
        self.away_until = self.away_until.min(now);
        let unsettled = self.counters.pending() + self.counters.spooled();
        let token = self.flushes.begin(deadline, self.next_entry, unsettled);
        self.finish_flushes(now);
        token
    }

    /// Makes everything in the buffer due, like a flush, but without a deadline, an event, or an attempt before its
    /// time.
    pub const fn make_due(&mut self) {
        self.due_before = self.next_entry;
    }

    /// Rejects further entries, delivers the buffer, and drops what cannot be delivered before the deadline.
    ///
    /// The first attempt is made at once, even if the circuit breaker is open or the server has asked for a longer
    /// pause. It is repeated after each failure, and a last time just before the deadline. [`Event::Flushed`] reports
    /// the end.
    ///
    /// With a spool, the buffer is written to files in time. The close ends early if everything is in files and the
    /// server does not accept it.
    ///
    /// A second call does not change the deadline of the first. It has its own deadline.
    pub fn close(&mut self, deadline: Tick, now: Tick) -> Token {
        let paused_until = self.paused_until;
        self.closing.get_or_insert_with(|| Closing::new(deadline, paused_until, now));
        self.close_spool(now);
        self.flush(deadline, now)
    }

    /// Handles the passing of time: ends flushes whose deadline has passed.
    pub fn handle_timeout(&mut self, now: Tick) {
        self.finish_flushes(now);
    }

    /// Returns the next event, oldest first.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// The counts.
    #[must_use]
    pub const fn counters(&self) -> &Counters {
        &self.counters
    }

    /// The circuit breaker's state.
    #[must_use]
    pub const fn circuit_breaker_state(&self) -> CircuitState {
        self.breaker.state()
    }

    /// The wire, which makes requests from records and interprets responses.
    #[must_use]
    pub fn wire(&self) -> &dyn Wire {
        &*self.wire
    }

    /// The number of entries in memory, waiting and in flight.
    #[must_use]
    pub const fn held_entries(&self) -> usize {
        self.waiting.entries + self.flying.entries
    }

    /// The number of bytes in memory, waiting and in flight.
    #[must_use]
    pub const fn held_bytes(&self) -> usize {
        self.waiting.bytes + self.flying.bytes
    }

    /// Returns how many more entries change what there is to do: as many as make a batch due, or one if none is
    /// waiting. The first entry starts the flush interval. Zero if no entry changes anything until something else
    /// happens.
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

    /// Whether [`Pipeline::close`] has ended: further entries are rejected and none is pending.
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
            // Entries of earlier processes are delivered too, if there is time. A flush before the close has its own
            // deadline.
            let expired = self.flushes.expire(now, self.counters.spooled());
            return self.events.extend(expired);
        }
        if self.waits_for_disk() {
            return;
        }
        let cut_off = self.is_over || (self.closing.is_none() && self.breaker.is_open_at(now));
        self.events.extend(self.flushes.finish(now, cut_off, self.counters.spooled()));
    }

    /// Whether the close only waits for files, however long that takes.
    fn waits_for_disk(&self) -> bool {
        self.is_ending || (self.is_over && !self.is_spool_done())
    }

    /// Whether nothing is sent any more because the deadline of the close has passed.
    fn is_time_up(&self, now: Tick) -> bool {
        self.is_over || self.closing.is_some_and(|closing| closing.deadline <= now)
    }

    /// Frees everything in memory, and counts entries as lost that are in no file. Outcomes of requests in flight are
    /// ignored from then on.
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

/// The initial maximum size of a request body. A [`Row`](crate::batch::Row) takes less than 4 GiB.
fn most_batch_bytes(options: &PipelineOptions, wire: &dyn Wire) -> usize {
    options.max_batch_bytes.min(wire.max_body_bytes()).min(u32::MAX as usize)
}

#[cfg(test)]
mod tests;
