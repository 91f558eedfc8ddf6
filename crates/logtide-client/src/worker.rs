//! The worker: drives the pipeline with real time and a real transport.

mod exchanges;
#[cfg(feature = "spool")]
mod files;
#[cfg(not(feature = "spool"))]
mod no_files;
mod shared;
#[cfg(feature = "spool")]
mod syncs;

use std::{
    collections::{HashMap, VecDeque},
    future::poll_fn,
    ops::ControlFlow,
    pin::pin,
    sync::Arc,
    task::Poll,
    time::{Duration, Instant},
};

use logtide_core::{
    CircuitState, Counters, DropReason, Drops, Event, Overflow, Pipeline, PipelineOptions, Record, Tick,
    Timestamp, Token, Wire,
};

#[cfg(feature = "spool")]
use self::files::{Done, Files};
#[cfg(not(feature = "spool"))]
use self::no_files::{Done, Files};
#[cfg(feature = "spool")]
pub(crate) use self::syncs::Syncs;
pub(crate) use self::{exchanges::Exchanges, shared::Shared};
use crate::{
    ClientOptions, DropPolicy,
    client::now_nanos,
    diagnostics::Diagnostics,
    intake::Inbox,
    random,
    stacktrace::Stack,
    sync::{Driver, OwnedSemaphorePermit, UnboundedReceiver, timeout},
    unwind,
};

/// A flush or close, requested by a handle.
pub(crate) struct Command {
    pub(crate) end: End,
    pub(crate) deadline: Instant,
    pub(crate) reply: Reply,
}

/// What to deliver before the reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Everything that was logged so far.
    Flush,
    /// Everything that was logged, because there will be no more.
    Close,
}

pub(crate) type Reply = Box<dyn FnOnce(Ended) + Send>;

/// The state when a command was done or its deadline passed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ended {
    /// The entries before the command that were still pending.
    pub(crate) pending: u64,
    /// The entries before the command that were in files.
    pub(crate) spooled: u64,
    pub(crate) counters: Counters,
}

impl Ended {
    /// The state according to the counts.
    pub(crate) fn of_counters(counters: Counters) -> Self {
        Self { pending: counters.pending(), spooled: counters.spooled(), counters }
    }
}

/// Collects entries, and drives the pipeline.
pub(crate) struct Worker {
    pipeline: Pipeline,
    inbox: Inbox,
    shared: Arc<Shared>,
    /// Held while this worker runs, so that no other does.
    permit: Option<OwnedSemaphorePermit>,
    commands: UnboundedReceiver<Command>,
    exchanges: Exchanges,
    files: Files,
    /// Rounds of log calls that wait for a sync, each with the number of entries before its end.
    #[cfg(feature = "spool")]
    rounds: VecDeque<(u64, u64)>,
    /// A round whose entries wait for the symbols of their stacks.
    #[cfg(feature = "spool")]
    round: Option<u64>,
    replies: HashMap<Token, Reply>,
    /// Commands that wait for the frames of earlier entries, and until when. Later entries stay in the buffers in the
    /// meantime.
    deferred: VecDeque<(Instant, Command)>,
    diagnostics: Diagnostics,
    /// The origin of the pipeline's time.
    origin: Instant,
    /// The entries and bytes that were pushed, and how many of these have released their capacity.
    pushed: (u64, u64),
    released: (u64, u64),
    /// How many bytes entries grew between collecting and pushing.
    grown: i64,
    /// The published part of the pipeline's counts.
    published: Counters,
    circuit_breaker_state: CircuitState,
    /// What woke it, until it is handled.
    wakeup: Option<Wakeup>,
    /// The last counts of the buffers.
    refused: Drops,
    /// Whether the last collection moved nothing although there were entries.
    stalled: bool,
    /// How many entries wake a worker that cannot send: if the oldest are dropped, it has to free capacity.
    overflow_step: Option<usize>,
}

/// The number of consecutive panics after which the worker gives up.
const MAX_PANICS: u32 = 3;

/// The longest time that a worker waits for the one before it, whose driver was stopped. Application code may block
/// that one's thread.
const FORMER_TIMEOUT: Duration = Duration::from_secs(2);

/// Why the worker stopped sleeping.
enum Wakeup {
    Outcome(logtide_core::BatchId, logtide_core::Outcome),
    Command(Command),
    Files(Done),
    /// All handles were dropped.
    Abandoned,
    Entries,
    Time,
}

impl Worker {
    pub(crate) fn new(
        options: &ClientOptions,
        wire: Box<dyn Wire>,
        shared: Arc<Shared>,
        exchanges: Exchanges,
        commands: UnboundedReceiver<Command>,
    ) -> Self {
        let drops_oldest = options.drop_policy == DropPolicy::Oldest;
        let mut pipeline = Pipeline::of_boxed(pipeline_options(options), wire);
        Self {
            files: Files::new(options, &mut pipeline),
            #[cfg(feature = "spool")]
            rounds: VecDeque::new(),
            #[cfg(feature = "spool")]
            round: None,
            pipeline,
            inbox: Inbox::default(),
            shared,
            permit: None,
            commands,
            exchanges,
            replies: HashMap::new(),
            deferred: VecDeque::new(),
            diagnostics: Diagnostics::new(options),
            origin: Instant::now(),
            pushed: (0, 0),
            released: (0, 0),
            grown: 0,
            published: Counters::default(),
            circuit_breaker_state: CircuitState::Closed,
            wakeup: None,
            refused: Drops::default(),
            stalled: false,
            overflow_step: drops_oldest.then(|| (options.max_buffer_size / 8).max(1)),
        }
    }

    /// Runs until the client is closed or dropped. A panic is a bug of the SDK or of a library, since calls of
    /// application code are caught. The worker keeps its entries and tries again.
    ///
    /// It starts when the previous worker has ended and has counted its entries, so that the report of a flush or
    /// close is complete.
    pub(crate) async fn run(mut self) {
        self.permit = timeout(FORMER_TIMEOUT, self.shared.enter()).await.ok().flatten();
        let mut panics = 0;
        while panics < MAX_PANICS {
            let mut turn = pin!(self.turn());
            let done = poll_fn(|context| match unwind::catch(|| turn.as_mut().poll(context)) {
                Some(poll) => poll.map(Some),
                None => Poll::Ready(None),
            });
            match done.await {
                Some(ControlFlow::Continue(())) => panics = 0,
                Some(ControlFlow::Break(())) => return,
                None => panics += 1,
            }
        }
        self.shared.report_error("the worker panicked repeatedly: the entries it held are lost");
    }

    async fn turn(&mut self) -> ControlFlow<()> {
        // The worker may have started without the permit, after [`FORMER_TIMEOUT`].
        self.permit = self.permit.take().or_else(|| self.shared.try_enter());
        self.handle_wakeup()?;
        if Driver::is_stopping() {
            // The entries in the buffers are for the next worker.
            return ControlFlow::Break(());
        }
        self.collect(false);
        #[cfg(feature = "spool")]
        self.begin_round();
        self.run_deferred();
        #[cfg(test)]
        self.shared.intake.trip();
        self.settle();
        if self.pipeline.is_closed() && self.replies.is_empty() {
            return ControlFlow::Break(());
        }
        self.wakeup = Some(self.sleep().await);
        ControlFlow::Continue(())
    }

    /// Handles the wake-up. An outcome is kept until it is handled, because the pipeline waits for exactly one.
    fn handle_wakeup(&mut self) -> ControlFlow<()> {
        let now = self.now();
        if let Some(Wakeup::Outcome(batch, outcome)) = &self.wakeup {
            self.pipeline.handle_outcome(*batch, outcome.clone(), now);
        }
        match self.wakeup.take() {
            Some(Wakeup::Command(command)) => self.accept(command),
            Some(Wakeup::Files(done)) => {
                for event in self.files.done(done, &mut self.pipeline, now) {
                    self.diagnostics.report(&event);
                }
            }
            Some(Wakeup::Time) => self.pipeline.handle_timeout(now),
            Some(Wakeup::Abandoned) => return ControlFlow::Break(()),
            Some(Wakeup::Entries | Wakeup::Outcome(..)) | None => {}
        }
        ControlFlow::Continue(())
    }

    /// Moves entries from the buffers into the pipeline: `all` of them, or those whose order is certain.
    fn collect(&mut self, all: bool) {
        let watermark = now_nanos();
        if self.inbox.is_waiting() && self.shared.intake.is_scarce() {
            self.inbox.limit_wait(Instant::now());
        }
        if all || !self.inbox.is_waiting() {
            self.inbox.collect(&self.shared.intake);
        }
        let moved = self.hand_out(if all { u64::MAX } else { watermark });
        let stalled = moved == 0 && !self.inbox.is_empty() && !self.inbox.is_waiting();
        if stalled && self.stalled {
            // Nothing was below the watermark twice in a row, so the wall clock was set back.
            self.hand_out(u64::MAX);
        }
        self.stalled = stalled;
        if self.shared.intake.signal().is_urgent() {
            self.pipeline.make_due();
        }
    }

    fn hand_out(&mut self, watermark: u64) -> usize {
        let (now, wall) = (self.now(), now_nanos());
        let Self { pipeline, inbox, pushed, shared, grown, .. } = self;
        let mut count = 0;
        inbox.hand_out(watermark, |record, stack| {
            let age = Duration::from_nanos(wall.saturating_sub(record.nanos()));
            let attach = |stack: Stack| unwind::catch(|| stack.attach(record)).flatten();
            let with_frames = stack.and_then(attach);
            let whole = with_frames.as_deref().and_then(Record::first).unwrap_or(record);
            if whole.len() != record.len() {
                shared.intake.resize(record.len(), whole.len());
                *grown += whole.len() as i64 - record.len() as i64;
            }
            let _ = pipeline.push(whole, now.before(age));
            pushed.0 += 1;
            pushed.1 += whole.len() as u64;
            count += 1;
        });
        count
    }

    /// Sends what is due, reports events, and releases the capacity of settled entries.
    fn settle(&mut self) {
        while let Some(transmit) = self.pipeline.poll_transmit(self.now()) {
            self.exchanges.send(transmit);
        }
        let wall = Timestamp::from_micros((now_nanos() / 1_000).cast_signed());
        let now = self.now();
        self.files.begin(&mut self.pipeline, now, wall);
        let mut flushed = Vec::new();
        while let Some(event) = self.pipeline.poll_event() {
            match event {
                Event::Flushed { token, pending, spooled } => {
                    flushed.extend(self.replies.remove(&token).map(|reply| (reply, pending, spooled)));
                }
                event => self.diagnostics.report(&event),
            }
        }
        self.report_refused();
        self.release();
        self.publish();
        #[cfg(feature = "spool")]
        self.end_rounds();
        if self.pipeline.is_closed() {
            self.files.close();
        }
        if flushed.is_empty() {
            return;
        }
        for (reply, pending, spooled) in flushed {
            let counters = self.shared.counters();
            let ended = match &self.permit {
                Some(_) => Ended { pending, spooled, counters },
                // The entries of the previous worker are not known.
                None => Ended::of_counters(counters),
            };
            // The reply wakes a task of the application.
            let _ = unwind::catch(|| reply(ended));
        }
    }

    fn publish(&mut self) {
        let counters = *self.pipeline.counters();
        if counters != self.published {
            self.shared.settle(&counters.added_since(&self.published));
            self.published = counters;
        }
        let state = self.pipeline.circuit_breaker_state();
        if state != self.circuit_breaker_state {
            self.shared.report_circuit_breaker_state(state);
            self.circuit_breaker_state = state;
        }
        if let Some(error) = self.diagnostics.take_error() {
            self.shared.report_error(&error);
        }
    }

    /// Reports what was dropped before it reached the pipeline.
    fn report_refused(&mut self) {
        let dropped = self.shared.intake.tally().dropped;
        let news = dropped.since(&self.refused);
        for reason in [DropReason::BufferFull, DropReason::TooLarge] {
            let entries = news.get(reason) as usize;
            if entries > 0 {
                self.diagnostics.report(&Event::Dropped { entries, reason, detail: String::new() });
            }
        }
        self.refused = dropped;
        if self.shared.take_hook_panic() {
            self.diagnostics.report(&Event::HookPanicked { hook: "before_send" });
        }
    }

    fn release(&mut self) {
        let held = (self.pipeline.held_entries() as u64, self.pipeline.held_bytes() as u64);
        // A panic may have happened between the two counts of a push.
        let settled = (self.pushed.0.saturating_sub(held.0), self.pushed.1.saturating_sub(held.1));
        if settled != self.released {
            self.release_until(settled);
        }
    }

    /// Releases the capacity of entries and bytes up to these totals.
    fn release_until(&mut self, until: (u64, u64)) {
        let entries = until.0.saturating_sub(self.released.0);
        let bytes = until.1.saturating_sub(self.released.1);
        self.shared.intake.release(entries as usize, bytes as usize);
        self.released = (self.released.0 + entries, self.released.1 + bytes);
    }

    async fn sleep(&mut self) -> Wakeup {
        self.arm();
        let shared = self.shared.clone();
        let (mut entries, timeout) = (pin!(shared.intake.signal().notified()), self.pipeline.poll_timeout());
        let mut frames = pin!(self.inbox.resolved());
        let mut time = pin!(
            timeout.map(|(at, _)| tokio::time::sleep_until((self.origin + at.since(Tick::ZERO)).into()))
        );
        let wakeup = std::future::poll_fn(|context| {
            if let Poll::Ready((batch, outcome)) = self.exchanges.poll_outcome(self.pipeline.wire(), context)
            {
                return Poll::Ready(Wakeup::Outcome(batch, outcome));
            }
            if let Poll::Ready(done) = self.files.poll(context) {
                return Poll::Ready(Wakeup::Files(done));
            }
            if let Poll::Ready(command) = self.commands.poll_recv(context) {
                return Poll::Ready(command.map_or(Wakeup::Abandoned, Wakeup::Command));
            }
            if entries.as_mut().poll(context).is_ready() || frames.as_mut().poll(context).is_ready() {
                return Poll::Ready(Wakeup::Entries);
            }
            if let Some(time) = time.as_mut().as_pin_mut()
                && time.poll(context).is_ready()
            {
                return Poll::Ready(Wakeup::Time);
            }
            Poll::Pending
        })
        .await;
        shared.intake.signal().disarm();
        wakeup
    }

    /// Arms the signal with the number of entries that end the sleep. An entry since the last collection ends it at
    /// once.
    fn arm(&self) {
        let signal = self.shared.intake.signal();
        if self.inbox.is_waiting() {
            // Entries stay in the buffers until the entry that waits for its frames is done, or capacity is scarce.
            return signal.arm(self.shared.intake.entries_until_scarce());
        }
        let entries = match self.pipeline.entries_until_due() {
            0 => self.overflow_step,
            entries => Some(entries),
        };
        if let Some(entries) = entries {
            signal.arm(entries);
            if !self.shared.intake.is_empty() || !self.inbox.is_empty() {
                signal.wake();
            }
        } else if !self.inbox.is_empty() {
            signal.wake();
        }
    }

    /// Accepts a command, which runs once all earlier entries are in the pipeline.
    fn accept(&mut self, command: Command) {
        let now = Instant::now();
        // A quarter of the time remains for delivery.
        let until = now + command.deadline.saturating_duration_since(now) * 3 / 4;
        self.deferred.push_back((until, command));
        self.collect(true);
        self.inbox.limit_wait(until);
    }

    fn run_deferred(&mut self) {
        while let Some((until, _)) = self.deferred.front() {
            let until = *until;
            self.hand_out(u64::MAX);
            if self.inbox.is_waiting() {
                let now = Instant::now();
                if now < until {
                    return;
                }
                self.inbox.limit_wait(now);
                while self.inbox.is_waiting() {
                    self.hand_out(u64::MAX);
                }
            }
            if let Some((_, command)) = self.deferred.pop_front() {
                self.begin(command);
            }
        }
    }

    fn begin(&mut self, command: Command) {
        let (now, deadline) = (self.now(), self.tick(command.deadline));
        let token = match command.end {
            End::Flush => self.pipeline.flush(deadline, now),
            End::Close => self.pipeline.close(deadline, now),
        };
        self.replies.insert(token, command.reply);
    }

    /// Writes everything that was logged so far, if a log call waits for that.
    #[cfg(feature = "spool")]
    fn begin_round(&mut self) {
        // A caller may have arrived after the waiting round began and need another.
        while self.round.is_some() || self.begin_next_round() {
            self.hand_out(u64::MAX);
            // Entries behind one that waits for the symbols of its stack wait too. A worker whose driver was stopped
            // may have left some in the buffers for the next one.
            if self.inbox.is_waiting() || Driver::is_stopping() {
                return;
            }
            if let Some(round) = self.round.take() {
                self.rounds.push_back((round, self.pipeline.write_all()));
            }
        }
    }

    #[cfg(feature = "spool")]
    fn begin_next_round(&mut self) -> bool {
        self.round = self.shared.syncs.begin();
        if self.round.is_some() {
            self.collect(true);
        }
        self.round.is_some()
    }

    /// Wakes the log calls whose entries are synced, or cannot be.
    #[cfg(feature = "spool")]
    fn end_rounds(&mut self) {
        let is_failing = self.pipeline.is_spool_failing();
        while let Some((round, before)) = self.rounds.front()
            && (is_failing || self.pipeline.is_written(*before))
        {
            self.shared.syncs.end(*round);
            self.rounds.pop_front();
        }
    }

    fn now(&self) -> Tick {
        self.tick(Instant::now())
    }

    fn tick(&self, instant: Instant) -> Tick {
        Tick::ZERO.after(instant.saturating_duration_since(self.origin))
    }
}

/// The entries that it holds when it is dropped are lost. After a close it holds none.
impl Drop for Worker {
    fn drop(&mut self) {
        self.publish();
        let (entries, bytes) = self.inbox.collected();
        let settled = self.published.settled() + self.published.spooled();
        let mut lost = Counters::default();
        lost.dropped.add(DropReason::Shutdown, entries.saturating_sub(settled));
        self.shared.settle(&lost);
        self.release_until((entries, bytes.saturating_add_signed(self.grown)));
        // The next worker must find its folder unlocked.
        self.files.close();
        // A caller that sees that it has ended must find that it accepts no commands, and that its counts are final.
        self.permit = None;
        self.commands.close();
        self.shared.intake.worker_state().ended();
        #[cfg(feature = "spool")]
        self.shared
            .syncs
            .abandon(self.round.into_iter().chain(self.rounds.drain(..).map(|(round, _)| round)));
        // A worker that did not wait for this one may sleep, and this one may have taken its wake-up or disarmed its
        // signal.
        self.shared.intake.signal().wake();
    }
}

fn pipeline_options(options: &ClientOptions) -> PipelineOptions {
    let mut pipeline = PipelineOptions::default();
    pipeline.batch_size = options.batch_size;
    pipeline.flush_interval = options.flush_interval;
    pipeline.max_entries = options.max_buffer_size;
    pipeline.max_bytes = options.max_buffer_bytes;
    pipeline.overflow =
        if options.drop_policy == DropPolicy::Oldest { Overflow::Oldest } else { Overflow::Newest };
    pipeline.max_batch_bytes = options.max_batch_bytes;
    pipeline.max_in_flight = options.max_in_flight;
    pipeline.max_retries = options.max_retries;
    pipeline.give_up = options.give_up;
    pipeline.retry_delay = options.retry_delay;
    pipeline.circuit_breaker_threshold = options.circuit_breaker_threshold;
    pipeline.circuit_breaker_reset = options.circuit_breaker_reset;
    pipeline.seed = random::u64();
    pipeline
}

#[cfg(test)]
mod tests;
