//! What all handles of a client share.

use std::{
    process,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

use logtide_core::{BaseMetadata, BreadcrumbFilter, CircuitState, Content, Counters, FlushReport};
use logtide_transport::{Driver, Endpoint, Transport};
use tokio::sync::{mpsc::UnboundedSender, oneshot};

use super::fallback_trace::FallbackTrace;
use crate::{
    ClientMetrics, ClientOptions, hook,
    intake::Intake,
    worker::{Command, End, Exchanges, Shared, Worker},
};

/// The worker holds only what it shares with it.
pub(crate) struct Handle {
    options: ClientOptions,
    base: BaseMetadata,
    /// What applies to an entry that comes from the application's hook.
    final_content: Content,
    breadcrumbs: BreadcrumbFilter,
    fallback_trace: FallbackTrace,
    endpoint: Endpoint,
    transport: Arc<dyn Transport>,
    driver: Driver,
    shared: Arc<Shared>,
    worker: Mutex<Option<Running>>,
    closed: AtomicBool,
    /// Where the metrics started.
    baseline: Mutex<Counters>,
}

struct Running {
    commands: UnboundedSender<Command>,
    /// Which start of the driver's thread the worker is on.
    generation: u64,
    /// The process that started it.
    process: u32,
}

/// How much longer than its own deadline a blocking call waits for the worker to say so.
const GRACE: Duration = Duration::from_millis(250);

/// What any longer time limit counts as: `Duration::MAX` leads to no moment in time.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

impl Handle {
    pub(crate) fn new(options: ClientOptions, endpoint: Endpoint, transport: Arc<dyn Transport>) -> Self {
        let content = Content::new(&options.payload_limits, &options.redaction);
        let hook = options.before_breadcrumb.clone().map(hook::guard_breadcrumbs);
        Self {
            base: BaseMetadata::new(&options.common_metadata()),
            final_content: Content::entry_size_only(&options.payload_limits),
            breadcrumbs: BreadcrumbFilter::new(options.max_breadcrumbs, hook),
            fallback_trace: FallbackTrace::default(),
            shared: Arc::new(Shared::new(Intake::new(&options), content)),
            endpoint,
            transport,
            driver: Driver::new(),
            worker: Mutex::new(None),
            closed: AtomicBool::new(false),
            baseline: Mutex::default(),
            options,
        }
    }

    pub(crate) const fn options(&self) -> &ClientOptions {
        &self.options
    }

    pub(crate) const fn base(&self) -> &BaseMetadata {
        &self.base
    }

    pub(crate) fn content(&self) -> &Content {
        &self.shared.content
    }

    pub(crate) const fn final_content(&self) -> &Content {
        &self.final_content
    }

    pub(crate) const fn breadcrumbs(&self) -> &BreadcrumbFilter {
        &self.breadcrumbs
    }

    pub(crate) fn tell_hook_panic(&self) {
        self.shared.tell_hook_panic();
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
        &self.shared.intake
    }

    /// Starts the worker where it is missing: at first, in a child that was forked off, after its thread could not be started.
    pub(crate) fn ensure_worker(&self) {
        let mut worker = lock(&self.worker);
        match worker.as_ref() {
            Some(running) if self.is_alive(running) => return,
            _ if self.closed.load(Ordering::SeqCst) && self.intake().is_empty() => return,
            Some(running) if running.process != process::id() => {
                self.shared.fork();
                *lock(&self.baseline) = Counters::default();
            }
            Some(_) => self.shared.replace_worker(),
            None => {}
        }
        let (commands, received) = tokio::sync::mpsc::unbounded_channel();
        let exchanges =
            Exchanges::new(self.endpoint.clone(), self.transport.clone(), self.options.request_timeout);
        let future = Worker::new(&self.options, self.shared.clone(), exchanges, received).run();
        // Without a thread the entries stay in the buffers until one can be started.
        *worker = match self.driver.spawn(future) {
            Ok(()) => {
                Some(Running { commands, generation: self.driver.generation(), process: process::id() })
            }
            Err(error) => {
                self.shared.tell_error(error.to_string());
                None
            }
        };
    }

    /// Flushes or closes, on any async runtime.
    pub(crate) async fn settle(&self, end: End, timeout: Duration) -> FlushReport {
        let (sender, report) = oneshot::channel();
        let since = self.begin(end, timeout, move |report| {
            let _ = sender.send(report);
        });
        report.await.unwrap_or_else(|_| self.unsettled(&since))
    }

    /// Flushes or closes, and blocks the calling thread for it.
    pub(crate) fn settle_blocking(&self, end: End, timeout: Duration) -> FlushReport {
        let (sender, report) = mpsc::sync_channel(1);
        let since = self.begin(end, timeout, move |report| {
            let _ = sender.send(report);
        });
        // On the worker's own thread there is nobody else who could do the work.
        if Driver::is_driver_thread() {
            return self.unsettled(&since);
        }
        report.recv_timeout(timeout.min(LONGEST) + GRACE).unwrap_or_else(|_| self.unsettled(&since))
    }

    /// Starts a flush, and gives where its end is told.
    pub(crate) fn start_flush(&self, timeout: Duration) -> mpsc::Receiver<FlushReport> {
        let (sender, report) = mpsc::sync_channel(1);
        self.begin(End::Flush, timeout, move |report| {
            let _ = sender.send(report);
        });
        report
    }

    /// Entries that the server took so far.
    pub(crate) fn delivered(&self) -> u64 {
        self.shared.counters().delivered
    }

    /// Closes, as the last handle does that is dropped.
    pub(crate) fn close_if_open(&self) {
        if !self.closed.load(Ordering::SeqCst) {
            let _ = self.settle_blocking(End::Close, self.options.shutdown_timeout);
        }
    }

    pub(crate) fn metrics(&self) -> ClientMetrics {
        if !self.options.enable_metrics {
            return ClientMetrics::default();
        }
        let counters = self.shared.counters().since(&lock(&self.baseline));
        ClientMetrics::new(&counters, self.shared.last_error())
    }

    pub(crate) fn reset_metrics(&self) {
        *lock(&self.baseline) = self.shared.counters();
    }

    pub(crate) fn circuit_breaker_state(&self) -> CircuitState {
        self.shared.circuit_breaker_state()
    }

    /// Tells the worker. Without one the reply is dropped, and so the caller learns that there is nothing to wait for.
    /// Gives the books from which the report counts.
    fn begin(
        &self,
        end: End,
        timeout: Duration,
        reply: impl FnOnce(FlushReport) + Send + 'static,
    ) -> Counters {
        if end == End::Close {
            self.intake().close();
        }
        if !self.intake().is_empty() {
            self.ensure_worker();
        }
        if end == End::Close {
            self.closed.store(true, Ordering::SeqCst);
        }
        let since = self.shared.report_since(end);
        if let Some(running) = lock(&self.worker).as_ref().filter(|running| self.is_alive(running)) {
            let _ = running.commands.send(Command {
                end,
                since,
                deadline: Instant::now() + timeout.min(LONGEST),
                reply: Box::new(reply),
            });
        }
        since
    }

    /// The report when nobody settled anything.
    fn unsettled(&self, since: &Counters) -> FlushReport {
        self.shared.report(since, self.shared.counters().pending())
    }

    fn is_alive(&self, running: &Running) -> bool {
        self.driver.is_running()
            && self.driver.generation() == running.generation
            && !running.commands.is_closed()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
