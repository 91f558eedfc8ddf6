//! The state that all handles of a client share.

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

/// The worker does not hold it, only `Delivery::shared`.
pub(crate) struct Handle {
    /// For the exit handler, which must not keep the client alive.
    this: Weak<Self>,
    options: Arc<ClientOptions>,
    /// The lowest level that the level methods log.
    min_level: AtomicU8,
    takes_all_unchanged: bool,
    content: Arc<Content>,
    /// Renders entries for the application's hook. A caller that finds it locked creates its own: an allocator may log,
    /// and a fork may happen meanwhile.
    renderer: Mutex<Json>,
    breadcrumbs: BreadcrumbFilter,
    fallback_trace: FallbackTrace,
    kind: Kind,
    endpoint: Endpoint,
    /// The endpoint to send to. It can differ from the endpoint to read from.
    target: Endpoint,
    transport: Arc<dyn Transport>,
    driver: Driver,
    delivery: PerProcess<Delivery>,
    /// Delivers the spans, with its own buffers, circuit breaker and counters.
    spans: Option<Arc<Self>>,
}

/// How much longer than its deadline a blocking call waits for the worker's reply.
const GRACE: Duration = Duration::from_millis(250);

/// The same for a call that closes a client with a spool: entries may be on their way into a file.
const SPOOL_GRACE: Duration = Duration::from_secs(2);

/// The upper bound of time limits: adding `Duration::MAX` to an `Instant` overflows.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

impl Handle {
    /// Reads from `endpoint` and sends to `target`.
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

    /// The result of [`ClientOptions::take_all_unchanged`].
    #[inline]
    pub(super) const fn takes_all_unchanged(&self) -> bool {
        self.takes_all_unchanged
    }

    pub(crate) fn content(&self) -> &Content {
        &self.content
    }

    /// Whether the level methods log entries of the given level.
    #[inline]
    pub(crate) fn enabled(&self, level: Level) -> bool {
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

    pub(crate) fn report_hook_panic(&self) {
        self.delivery.get().shared.report_hook_panic();
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

    /// Counts an entry of a log call that is nested too deeply. It allocates nothing.
    #[cold]
    pub(crate) fn refuse_nested(&self) {
        if let Some(delivery) = self.delivery.made() {
            delivery.shared.intake.refuse(DropReason::Nested);
        }
    }

    /// The delivery of this process.
    #[inline]
    pub(crate) fn delivery(&self) -> &Delivery {
        self.delivery.get()
    }

    /// Whether the buffer would refuse an entry, which is then counted. Starts a missing worker, without which the
    /// buffer would stay full.
    #[inline]
    pub(crate) fn refuses(&self, delivery: &Delivery) -> bool {
        let intake = &delivery.shared.intake;
        let refuses = intake.refuses();
        if refuses && !intake.worker_state().is_running() {
            self.ensure_worker_at(delivery, now_nanos());
        }
        refuses
    }

    /// Puts a record into the buffer, and starts the worker if it is missing.
    #[inline]
    pub(crate) fn offer(&self, delivery: &Delivery, record: Record<'_>, stack: Option<Stack>) {
        // Comes first, since the offer may wait for the worker to free capacity.
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

    /// Waits until all entries logged so far are synced, or cannot be.
    #[cfg(feature = "spool")]
    #[cold]
    fn wait_for_sync(&self, delivery: &Delivery) {
        delivery.shared.syncs.wait(|wakes| {
            if wakes {
                delivery.shared.intake.signal().wake();
            }
            self.ensure_worker_at(delivery, now_nanos());
            // A worker that stops reports it. A client that is done has settled each entry.
            !delivery.shared.intake.worker_state().has_failed() && !delivery.is_done()
        });
    }

    #[cfg(not(feature = "spool"))]
    #[expect(clippy::unused_self, reason = "same signature as with the feature `spool`")]
    const fn wait_for_sync(&self, _delivery: &Delivery) {}

    /// Like [`offer`](Self::offer), for an entry that is truncated when it is sent. It is truncated before it is
    /// buffered, so the buffer never holds more than what is sent.
    #[cold]
    fn offer_cut(&self, delivery: &Delivery, record: Record<'_>, stack: Option<&Stack>) -> bool {
        let entry = self.render_with(record, stack);
        let mut head = entry.head();
        head.nanos = record.nanos();
        delivery.shared.intake.offer(write_final(&mut RecordWriter::default(), &head, &entry), None)
    }

    /// Starts the worker if a log call at that time should.
    #[inline]
    fn ensure_worker_at(&self, delivery: &Delivery, nanos: u64) {
        if delivery.shared.intake.worker_state().is_needed(nanos) {
            self.ensure_worker(delivery);
        }
    }

    /// Starts the worker, unless a caller is already doing so. That may be the calling thread, whose allocator logs.
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
            // Another caller may have found the lock taken after this one checked.
            if !delivery.shared.intake.worker_state().is_missing() {
                return;
            }
        }
    }

    /// Starts the worker if it is missing: at the first entry, in a forked child, and after its thread could not be
    /// started.
    fn start_worker(&self, delivery: &Delivery) {
        let state = delivery.shared.intake.worker_state();
        // Comes before the check, so that a worker that stops after it is noticed.
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
                delivery.shared.report_error(&error.to_string());
                starting.done();
                state.failed(now_nanos());
                #[cfg(feature = "spool")]
                delivery.shared.syncs.abandon([]);
            }
        }
    }

    /// Whether a worker is starting. It may have taken entries before its channel is available.
    fn is_starting(&self, delivery: &Delivery) -> bool {
        delivery.shared.intake.worker_state().is_running() && delivery.commands(&self.driver).is_none()
    }

    /// Flushes or closes on any async runtime, together with the spans.
    pub(crate) async fn settle(&self, end: End, timeout: Duration) -> FlushReport {
        let deadline = deadline(timeout);
        let spans = self.spans.as_deref().map(|spans| (spans, spans.begin_async(end, deadline)));
        let ended = self.run(end, deadline, self.begin_async(end, deadline)).await;
        if let Some((spans, begun)) = spans {
            spans.run(end, deadline, begun).await;
        }
        self.report(end, ended)
    }

    /// Flushes or closes, together with the spans, and blocks the calling thread meanwhile.
    pub(crate) fn settle_blocking(&self, end: End, timeout: Duration) -> FlushReport {
        let deadline = deadline(timeout);
        let grace = if end == End::Close { GRACE.max(self.grace()) } else { GRACE };
        let ended = self.run_both_blocking(end, deadline, grace);
        self.report(end, ended)
    }

    /// Starts a flush without a report.
    pub(crate) fn start_flush(&self, timeout: Duration) -> Waiting {
        self.begin_blocking(End::Flush, deadline(timeout))
    }

    /// The number of entries that the server has accepted.
    pub(crate) fn delivered(&self) -> u64 {
        self.delivery.get().shared.counters().delivered
    }

    /// Closes the client when its last handle is dropped, or waits for a close that was started and abandoned. Never
    /// exceeds the time limit.
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

    /// Starts the worker at once if files of an earlier process may be waiting.
    pub(super) fn start_with_spool(&self) {
        if self.options.has_spool() {
            self.ensure_worker(self.delivery.get());
            self.spans.iter().for_each(|spans| spans.start_with_spool());
        }
    }

    /// Starts to close. Returns what to wait for and until when.
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

    /// The delivery of the spans.
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
            if !self.must_restart(end, ended.as_ref(), deadline) {
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

    /// Returns the state of the entries at the end.
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
            if !self.must_restart(end, ended.as_ref(), deadline) {
                return ended;
            }
            begun = self.begin_blocking(end, deadline);
        }
    }

    /// Sends the command to the worker. Without a worker the reply is dropped, which tells the caller that there is
    /// nothing to wait for.
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

    /// The channel to the worker. Starts the worker if it has something to do; `None` if it has not, or cannot be
    /// started.
    fn commands(&self, delivery: &Delivery) -> Option<UnboundedSender<Command>> {
        loop {
            // Also if a stopped driver's worker holds entries: the next worker waits until those are counted.
            if !delivery.is_idle() || self.is_starting(delivery) {
                let _starting = lock(&delivery.starting);
                self.start_worker(delivery);
            }
            let commands = delivery.commands(&self.driver);
            // The driver may stop just after the check.
            if commands.is_some() || delivery.is_idle() || delivery.shared.intake.worker_state().has_failed()
            {
                return commands;
            }
        }
    }

    /// Whether an unfinished close must start again: its worker was stopped, and a log call has started another, which
    /// does not know of the close.
    ///
    /// If there is no worker, the entries in the buffers are counted as lost: no worker could be started, or its driver
    /// was stopped. No log call will start another.
    fn must_restart(&self, end: End, ended: Option<&Ended>, deadline: Instant) -> bool {
        if end == End::Flush || ended.is_some() {
            return false;
        }
        let delivery = self.delivery.get();
        let _starting = lock(&delivery.starting);
        let has_worker = delivery.commands(&self.driver).is_some();
        if !has_worker {
            delivery.shared.intake.abandon();
            #[cfg(feature = "spool")]
            delivery.shared.syncs.abandon([]);
        }
        // The driver's own thread cannot wait for itself.
        has_worker && Instant::now() < deadline && !Driver::is_driver_thread()
    }

    /// The report of a flush or close with this result, or without one if it did not finish.
    fn report(&self, end: End, ended: Option<Ended>) -> FlushReport {
        let shared = &self.delivery.get().shared;
        shared.report(end, ended.unwrap_or_else(|| Ended::of_counters(shared.counters())))
    }
}

/// A flush or close in progress.
pub(crate) struct Waiting(mpsc::Receiver<Ended>);

impl Waiting {
    /// Blocks the calling thread until the end and returns the result, or `None` at the deadline.
    pub(crate) fn wait(self, deadline: Instant) -> Option<Ended> {
        // The worker's own thread cannot wait for itself.
        if Driver::is_driver_thread() {
            return None;
        }
        self.0.recv_timeout(deadline.saturating_duration_since(Instant::now())).ok()
    }
}

/// Writes an entry that is sent unchanged.
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
