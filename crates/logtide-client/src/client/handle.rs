//! What all handles of a client share.

use std::{
    sync::{Arc, PoisonError, TryLockError, Weak},
    time::{Duration, Instant},
};

use logtide_core::{
    BreadcrumbFilter, CircuitState, Content, DropReason, FlushReport, Head, Json, Level, LogEntry, Record,
    RecordWriter,
};
use logtide_transport::{Endpoint, PerProcess, Transport};
use tokio::sync::oneshot;

use super::{delivery::Delivery, fallback_trace::FallbackTrace, kind::Kind, now::now_nanos};
use crate::{
    ClientMetrics, ClientOptions, exit, hook,
    intake::Intake,
    metrics::SpanMetrics,
    stacktrace::Stack,
    sync::{
        Driver, Mutex, MutexGuard, UnboundedSender,
        atomic::{AtomicU8, Ordering},
        mpsc, unbounded_channel,
    },
    worker::{Command, End, Ended, Exchanges, Worker},
};

/// The worker holds only what it shares with it.
pub(crate) struct Handle {
    /// For the exit handler, which keeps no client.
    this: Weak<Self>,
    options: Arc<ClientOptions>,
    /// The lowest level that the level methods log.
    min_level: AtomicU8,
    takes_all_unchanged: bool,
    content: Arc<Content>,
    /// Renders entries for the application's hook. Whoever finds it locked renders with one of its own: an allocator may log, and a
    /// child may be forked meanwhile.
    renderer: Mutex<Json>,
    breadcrumbs: BreadcrumbFilter,
    fallback_trace: FallbackTrace,
    kind: Kind,
    endpoint: Endpoint,
    /// Where it sends to, which may be another than what is read from.
    target: Endpoint,
    transport: Arc<dyn Transport>,
    driver: Driver,
    delivery: PerProcess<Delivery>,
    /// What delivers the spans, with buffers, breaker and books of its own.
    spans: Option<Arc<Self>>,
}

/// How much longer than its own deadline a blocking call waits for the worker to say so.
const GRACE: Duration = Duration::from_millis(250);

/// How much longer one waits with which the client ends, where there is a spool: for entries on their way into a file.
const SPOOL_GRACE: Duration = Duration::from_secs(2);

/// What any longer time limit counts as: `Duration::MAX` leads to no moment in time.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

impl Handle {
    /// Reads from the endpoint, and sends to the target.
    pub(crate) fn new(
        options: ClientOptions,
        endpoint: Endpoint,
        target: Endpoint,
        transport: Arc<dyn Transport>,
    ) -> Arc<Self> {
        let driver = options.shared.as_ref().map_or_else(Driver::new, |shared| shared.driver.clone());
        #[cfg(feature = "otlp")]
        let spans = {
            let (endpoint, target) = (endpoint.clone(), target.clone());
            let options = options.for_spans();
            Some(Self::of_kind(
                Kind::Spans,
                options,
                [endpoint, target],
                transport.clone(),
                driver.clone(),
                None,
            ))
        };
        #[cfg(not(feature = "otlp"))]
        let spans = None;
        Self::of_kind(Kind::Logs, options, [endpoint, target], transport, driver, spans)
    }

    fn of_kind(
        kind: Kind,
        options: ClientOptions,
        [endpoint, target]: [Endpoint; 2],
        transport: Arc<dyn Transport>,
        driver: Driver,
        spans: Option<Arc<Self>>,
    ) -> Arc<Self> {
        let options = Arc::new(options);
        let content = Content::new(&options.payload_limits, &options.redaction);
        let hook = options.before_breadcrumb.clone().map(hook::guard_breadcrumbs);
        let content = Arc::new(content);
        Arc::new_cyclic(|this| Self {
            this: this.clone(),
            min_level: AtomicU8::new(options.min_level as u8),
            takes_all_unchanged: options.take_all_unchanged(),
            renderer: Mutex::new(options.json(&content)),
            breadcrumbs: BreadcrumbFilter::new(options.max_breadcrumbs, hook),
            fallback_trace: FallbackTrace::default(),
            kind,
            endpoint,
            target,
            transport,
            driver,
            spans,
            delivery: PerProcess::new(Delivery::new(options.clone()), Delivery::of_child),
            content,
            options,
        })
    }

    pub(crate) fn options(&self) -> &ClientOptions {
        &self.options
    }

    /// As [`ClientOptions::take_all_unchanged`].
    #[inline]
    pub(super) const fn takes_all_unchanged(&self) -> bool {
        self.takes_all_unchanged
    }

    pub(crate) fn content(&self) -> &Content {
        &self.content
    }

    /// Whether the level methods log entries of that level.
    #[inline]
    pub(crate) fn takes(&self, level: Level) -> bool {
        level as u8 >= self.min_level.load(Ordering::Relaxed)
    }

    pub(crate) fn set_min_level(&self, level: Level) {
        self.min_level.store(level as u8, Ordering::Relaxed);
    }

    /// The lowest level that the level methods log, as a number.
    pub(crate) fn min_level(&self) -> u8 {
        self.min_level.load(Ordering::Relaxed)
    }

    /// The entry as it would be sent, with the frames of its stack.
    pub(crate) fn render_with(&self, record: Record<'_>, stack: Option<&Stack>) -> LogEntry {
        let with_frames = stack.and_then(|stack| {
            stack.resolve();
            stack.attach(record)
        });
        self.render(with_frames.as_deref().and_then(Record::first).unwrap_or(record))
    }

    fn render(&self, record: Record<'_>) -> LogEntry {
        match self.renderer.try_lock() {
            Ok(mut renderer) => renderer.entry(record),
            Err(_) => self.options.json(&self.content).entry(record),
        }
    }

    pub(crate) const fn breadcrumbs(&self) -> &BreadcrumbFilter {
        &self.breadcrumbs
    }

    pub(crate) fn tell_hook_panic(&self) {
        self.delivery.get().shared.tell_hook_panic();
    }

    pub(crate) const fn fallback_trace(&self) -> &FallbackTrace {
        &self.fallback_trace
    }

    pub(crate) const fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    pub(crate) const fn transport(&self) -> &Arc<dyn Transport> {
        &self.transport
    }

    pub(crate) const fn driver(&self) -> &Driver {
        &self.driver
    }

    pub(crate) fn intake(&self) -> &Intake {
        &self.delivery.get().shared.intake
    }

    /// Counts an entry that was logged too deep inside of other log calls. Nothing is allocated for that.
    #[cold]
    pub(crate) fn refuse_nested(&self) {
        if let Some(delivery) = self.delivery.made() {
            delivery.shared.intake.refuse(DropReason::Nested);
        }
    }

    /// What delivers the entries of this process.
    #[inline]
    pub(crate) fn delivery(&self) -> &Delivery {
        self.delivery.get()
    }

    /// Whether an entry would find no room, which is counted then. A worker that is missing would make none.
    #[inline]
    pub(crate) fn refuses(&self, delivery: &Delivery) -> bool {
        let intake = &delivery.shared.intake;
        let refuses = intake.refuses();
        if refuses && !intake.worker_state().is_there() {
            self.ensure_worker_at(delivery, now_nanos());
        }
        refuses
    }

    /// Leaves the record of an entry for the worker, and starts that where it is missing.
    #[inline]
    pub(crate) fn offer(&self, delivery: &Delivery, record: Record<'_>, stack: Option<Stack>) {
        // Before the record is left, which may wait for the worker to make room.
        self.ensure_worker_at(delivery, record.nanos());
        let taken = if record.len() > self.options.payload_limits.max_entry_bytes {
            self.offer_cut(delivery, record, stack.as_ref())
        } else {
            delivery.shared.intake.offer(record, stack)
        };
        if taken && self.options.waits_for_sync() {
            self.wait_for_sync(delivery);
        }
    }

    /// Waits until what was logged so far is synced, or cannot be.
    #[cfg(feature = "spool")]
    #[cold]
    fn wait_for_sync(&self, delivery: &Delivery) {
        delivery.shared.syncs.wait(|wakes| {
            if wakes {
                delivery.shared.intake.signal().wake();
            }
            self.ensure_worker_at(delivery, now_nanos());
            // A worker that leaves says so. A client that is done has settled each entry.
            !delivery.shared.intake.worker_state().has_failed() && !delivery.is_done()
        });
    }

    #[cfg(not(feature = "spool"))]
    #[expect(clippy::unused_self, reason = "it stands for that of the feature `spool`")]
    const fn wait_for_sync(&self, _delivery: &Delivery) {}

    /// As [`offer`](Self::offer), for an entry that is cut when it is sent. It waits as it is left of that, so that the buffer never holds
    /// more of it.
    #[cold]
    fn offer_cut(&self, delivery: &Delivery, record: Record<'_>, stack: Option<&Stack>) -> bool {
        let entry = self.render_with(record, stack);
        let mut head = entry.head();
        head.nanos = record.nanos();
        delivery.shared.intake.offer(write_final(&mut RecordWriter::default(), &head, &entry), None)
    }

    /// Starts the worker where a log call at that time should.
    #[inline]
    fn ensure_worker_at(&self, delivery: &Delivery, nanos: u64) {
        if delivery.shared.intake.worker_state().is_needed(nanos) {
            self.ensure_worker(delivery);
        }
    }

    /// Starts the worker, unless somebody is at it already: perhaps the calling thread, whose allocator logs.
    #[cold]
    fn ensure_worker(&self, delivery: &Delivery) {
        loop {
            let starting = match delivery.starting.try_lock() {
                Ok(starting) => starting,
                Err(TryLockError::Poisoned(starting)) => starting.into_inner(),
                Err(TryLockError::WouldBlock) => return,
            };
            self.start_worker(delivery);
            drop(starting);
            // Another caller may have found the lock taken after this one had looked.
            if !delivery.shared.intake.worker_state().is_missing() {
                return;
            }
        }
    }

    /// Starts the worker where it is missing: at first, in a child that was forked off, after its thread could not be started.
    fn start_worker(&self, delivery: &Delivery) {
        let state = delivery.shared.intake.worker_state();
        // Before the look, so that a worker that leaves after it is noticed.
        let starting = state.starting();
        if delivery.commands(&self.driver).is_some() || delivery.is_done() {
            return starting.done();
        }
        exit::register(&self.this);
        let (commands, received) = unbounded_channel();
        let exchanges =
            Exchanges::new(self.target.clone(), self.transport.clone(), self.options.request_timeout);
        let worker = Worker::new(
            &self.options,
            self.kind.wire(&self.options, &self.content),
            delivery.shared.clone(),
            exchanges,
            received,
        );
        match self.driver.spawn(worker.run()) {
            Ok(()) => {
                delivery.started(commands, self.driver.generation());
                starting.done();
            }
            // The entries stay in the buffers until a thread can be started.
            Err(error) => {
                delivery.shared.tell_error(&error.to_string());
                starting.done();
                state.failed(now_nanos());
                #[cfg(feature = "spool")]
                delivery.shared.syncs.leave([]);
            }
        }
    }

    /// Whether a worker is being started, which may have taken entries before there is a way to it.
    fn is_starting(&self, delivery: &Delivery) -> bool {
        delivery.shared.intake.worker_state().is_there() && delivery.commands(&self.driver).is_none()
    }

    /// Flushes or closes, on any async runtime, the spans at the same time.
    pub(crate) async fn settle(&self, end: End, timeout: Duration) -> FlushReport {
        let deadline = deadline(timeout);
        let spans = self.spans.as_deref().map(|spans| (spans, spans.begin_async(end, deadline)));
        let ended = self.run(end, deadline, self.begin_async(end, deadline)).await;
        if let Some((spans, begun)) = spans {
            spans.run(end, deadline, begun).await;
        }
        self.report(end, ended)
    }

    /// Flushes or closes, the spans at the same time, and blocks the calling thread for it.
    pub(crate) fn settle_blocking(&self, end: End, timeout: Duration) -> FlushReport {
        let deadline = deadline(timeout);
        let grace = if end == End::Close { GRACE.max(self.grace()) } else { GRACE };
        let ended = self.run_both_blocking(end, deadline, grace);
        self.report(end, ended)
    }

    /// Starts a flush that nobody gets a report of.
    pub(crate) fn start_flush(&self, timeout: Duration) -> Waiting {
        self.begin_blocking(End::Flush, deadline(timeout))
    }

    /// Entries that the server took so far.
    pub(crate) fn delivered(&self) -> u64 {
        self.delivery.get().shared.counters().delivered
    }

    /// Closes, as the last handle does that is dropped, or waits for a close that was begun and left. It never takes longer than the
    /// time allowed.
    pub(crate) fn close_if_open(&self) {
        let is_open = |handle: &Self| {
            let delivery = handle.delivery.get();
            !delivery.is_done() || delivery.commands(&handle.driver).is_some()
        };
        if is_open(self) || self.spans.as_deref().is_some_and(is_open) {
            let deadline = deadline(self.options.shutdown_timeout);
            self.run_both_blocking(End::Close, deadline, self.grace());
        }
    }

    /// How much longer than its deadline a close may take.
    fn grace(&self) -> Duration {
        if self.options.has_spool() { SPOOL_GRACE } else { Duration::ZERO }
    }

    /// Starts the worker at once where files of an earlier process may wait for it.
    pub(super) fn start_with_spool(&self) {
        if self.options.has_spool() {
            self.ensure_worker(self.delivery.get());
            self.spans.iter().for_each(|spans| spans.start_with_spool());
        }
    }

    /// Begins to close, and gives what there is to wait for and for how long.
    pub(crate) fn begin_exit(&self) -> (Waiting, Instant) {
        let deadline = deadline(self.options.shutdown_timeout);
        (self.begin_blocking(End::Close, deadline), deadline + self.grace())
    }

    pub(crate) fn metrics(&self) -> ClientMetrics {
        if !self.options.enable_metrics {
            return ClientMetrics::default();
        }
        let delivery = self.delivery.get();
        let mut metrics = ClientMetrics::new(&delivery.counters(), delivery.shared.last_error().as_deref());
        if let Some(spans) = &self.spans {
            let delivery = spans.delivery.get();
            metrics.spans = SpanMetrics::new(&delivery.counters(), delivery.shared.last_error().as_deref());
        }
        metrics
    }

    pub(crate) fn reset_metrics(&self) {
        self.delivery.get().reset_counters();
        self.spans.iter().for_each(|spans| spans.reset_metrics());
    }

    /// What delivers the spans.
    #[cfg(feature = "otlp")]
    pub(crate) const fn spans(&self) -> Option<&Arc<Self>> {
        self.spans.as_ref()
    }

    pub(crate) fn circuit_breaker_state(&self) -> CircuitState {
        self.delivery.get().shared.circuit_breaker_state()
    }

    fn begin_async(&self, end: End, deadline: Instant) -> oneshot::Receiver<Ended> {
        let (sender, ended) = oneshot::channel();
        self.begin(end, deadline, move |ended| {
            let _ = sender.send(ended);
        });
        ended
    }

    async fn run(&self, end: End, deadline: Instant, mut begun: oneshot::Receiver<Ended>) -> Option<Ended> {
        loop {
            let ended = begun.await.ok();
            if !self.begins_anew(end, ended.as_ref(), deadline) {
                return ended;
            }
            begun = self.begin_async(end, deadline);
        }
    }

    fn begin_blocking(&self, end: End, deadline: Instant) -> Waiting {
        let (sender, ended) = mpsc::sync_channel(1);
        self.begin(end, deadline, move |ended| {
            let _ = sender.send(ended);
        });
        Waiting(ended)
    }

    /// Gives how it stands with the entries.
    fn run_both_blocking(&self, end: End, deadline: Instant, grace: Duration) -> Option<Ended> {
        let spans = self.spans.as_deref().map(|spans| (spans, spans.begin_blocking(end, deadline)));
        let ended = self.run_blocking(end, deadline, grace, self.begin_blocking(end, deadline));
        if let Some((spans, begun)) = spans {
            spans.run_blocking(end, deadline, grace, begun);
        }
        ended
    }

    fn run_blocking(
        &self,
        end: End,
        deadline: Instant,
        grace: Duration,
        mut begun: Waiting,
    ) -> Option<Ended> {
        loop {
            let ended = begun.wait(deadline + grace);
            if !self.begins_anew(end, ended.as_ref(), deadline) {
                return ended;
            }
            begun = self.begin_blocking(end, deadline);
        }
    }

    /// Tells the worker. Without one the reply is dropped, and so the caller learns that there is nothing to wait for.
    fn begin(&self, end: End, deadline: Instant, reply: impl FnOnce(Ended) + Send + 'static) {
        let delivery = self.delivery.get();
        if end == End::Close {
            delivery.shared.intake.close();
        }
        let commands = self.commands(delivery);
        if end == End::Close {
            delivery.close();
        }
        if let Some(commands) = commands {
            let _ = commands.send(Command { end, deadline, reply: Box::new(reply) });
        }
    }

    /// The way to the worker, which is started where there is something to do for it; `None` where there is not, or it cannot be started.
    fn commands(&self, delivery: &Delivery) -> Option<UnboundedSender<Command>> {
        loop {
            // Also for what a worker holds whose driver was stopped: the one after it waits until that is counted.
            if !delivery.is_idle() || self.is_starting(delivery) {
                let _starting = lock(&delivery.starting);
                self.start_worker(delivery);
            }
            let commands = delivery.commands(&self.driver);
            // The driver may be stopped just after the look.
            if commands.is_some() || delivery.is_idle() || delivery.shared.intake.worker_state().has_failed()
            {
                return commands;
            }
        }
    }

    /// Whether a close that nobody ended is to begin anew: its worker was stopped, and a log call has started another, which knows nothing
    /// of the close.
    ///
    /// Where there is no worker, what the close leaves in the buffers is counted as lost: none could be started, or its driver was stopped. No
    /// log call will start another.
    fn begins_anew(&self, end: End, ended: Option<&Ended>, deadline: Instant) -> bool {
        if end == End::Flush || ended.is_some() {
            return false;
        }
        let delivery = self.delivery.get();
        let _starting = lock(&delivery.starting);
        let has_worker = delivery.commands(&self.driver).is_some();
        if !has_worker {
            delivery.shared.intake.abandon();
            #[cfg(feature = "spool")]
            delivery.shared.syncs.leave([]);
        }
        // Its own thread is the one that would do the work.
        has_worker && Instant::now() < deadline && !Driver::is_driver_thread()
    }

    /// The report of a flush or close that ended so, or that nobody ended.
    fn report(&self, end: End, ended: Option<Ended>) -> FlushReport {
        let shared = &self.delivery.get().shared;
        shared.report(end, ended.unwrap_or_else(|| Ended::of_books(shared.counters())))
    }
}

/// A flush or close that is under way.
pub(crate) struct Waiting(mpsc::Receiver<Ended>);

impl Waiting {
    /// Blocks the calling thread until the end, and gives how it stood then; `None` when it has not ended at the deadline.
    pub(crate) fn wait(self, deadline: Instant) -> Option<Ended> {
        // On the worker's own thread there is nobody else who could do the work.
        if Driver::is_driver_thread() {
            return None;
        }
        self.0.recv_timeout(deadline.saturating_duration_since(Instant::now())).ok()
    }
}

/// Writes an entry that is sent as it is.
pub(super) fn write_final<'w>(writer: &'w mut RecordWriter, head: &Head<'w>, entry: &LogEntry) -> Record<'w> {
    let mut fields = writer.begin(head);
    fields.set_final();
    fields.message(&entry.message);
    fields.metadata(&entry.metadata);
    fields.finish()
}

fn deadline(timeout: Duration) -> Instant {
    Instant::now() + timeout.min(LONGEST)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
