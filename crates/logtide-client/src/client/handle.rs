//! What all handles of a client share.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

use logtide_core::{BaseMetadata, CircuitState, Counters, FlushReport};
use logtide_transport::{Driver, Endpoint, Transport};
use tokio::sync::{mpsc::UnboundedSender, oneshot};

use crate::{
    ClientMetrics, ClientOptions,
    intake::Intake,
    worker::{Command, Shared, Task, Worker},
};

/// Dropped with the last handle; the worker holds only what it shares with it.
pub(crate) struct Handle {
    options: ClientOptions,
    base: BaseMetadata,
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
}

/// How much longer than its own deadline a blocking call waits for the worker to say so.
const GRACE: Duration = Duration::from_millis(250);

/// What any longer time limit counts as: `Duration::MAX` leads to no moment in time.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

impl Handle {
    pub(crate) fn new(options: ClientOptions, endpoint: Endpoint, transport: Arc<dyn Transport>) -> Self {
        Self {
            base: BaseMetadata::new(&options.global_metadata),
            shared: Arc::new(Shared::new(Intake::new(&options))),
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
        if worker.as_ref().is_some_and(|running| self.is_alive(running)) {
            return;
        }
        // A log call after the close starts no worker: a new one would open the books anew.
        if self.closed.load(Ordering::SeqCst) && self.intake().is_empty() {
            return;
        }
        if worker.is_some() {
            *lock(&self.baseline) = Counters::default();
            self.shared.restart();
        }
        let (commands, received) = tokio::sync::mpsc::unbounded_channel();
        let task = Task {
            endpoint: self.endpoint.clone(),
            transport: self.transport.clone(),
            timeout: self.options.request_timeout,
        };
        let future = Worker::new(&self.options, self.shared.clone(), task, received).run();
        // Without a thread the entries stay in the buffers until one can be started.
        *worker = match self.driver.spawn(future) {
            Ok(()) => Some(Running { commands, generation: self.driver.generation() }),
            Err(error) => {
                self.shared.tell_error(error.to_string());
                None
            }
        };
    }

    pub(crate) async fn flush(&self, timeout: Duration) -> FlushReport {
        let (sender, report) = oneshot::channel();
        self.begin_flush(timeout, move |report| {
            let _ = sender.send(report);
        });
        report.await.unwrap_or_else(|_| self.unsettled())
    }

    pub(crate) fn flush_blocking(&self, timeout: Duration) -> FlushReport {
        let (sender, report) = mpsc::sync_channel(1);
        self.begin_flush(timeout, move |report| {
            let _ = sender.send(report);
        });
        self.wait(&report, timeout)
    }

    pub(crate) async fn close(&self, timeout: Duration) -> FlushReport {
        let (sender, report) = oneshot::channel();
        self.begin_close(timeout, move |report| {
            let _ = sender.send(report);
        });
        report.await.unwrap_or_else(|_| self.unsettled())
    }

    pub(crate) fn close_blocking(&self, timeout: Duration) -> FlushReport {
        let (sender, report) = mpsc::sync_channel(1);
        self.begin_close(timeout, move |report| {
            let _ = sender.send(report);
        });
        self.wait(&report, timeout)
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

    fn begin_flush(&self, timeout: Duration, reply: impl FnOnce(FlushReport) + Send + 'static) {
        if !self.intake().is_empty() {
            self.ensure_worker();
        }
        self.send(Command::Flush { deadline: deadline(timeout), reply: Box::new(reply) });
    }

    fn begin_close(&self, timeout: Duration, reply: impl FnOnce(FlushReport) + Send + 'static) {
        self.closed.store(true, Ordering::SeqCst);
        self.intake().close();
        if !self.intake().is_empty() {
            self.ensure_worker();
        }
        self.send(Command::Close { deadline: deadline(timeout), reply: Box::new(reply) });
    }

    /// Without a worker the reply is dropped, and so the caller learns that there is nothing to wait for.
    fn send(&self, command: Command) {
        if let Some(running) = lock(&self.worker).as_ref().filter(|running| self.is_alive(running)) {
            let _ = running.commands.send(command);
        }
    }

    fn wait(&self, report: &mpsc::Receiver<FlushReport>, timeout: Duration) -> FlushReport {
        // On the worker's own thread there is nobody else who could do the work.
        if Driver::is_driver_thread() {
            return self.unsettled();
        }
        report.recv_timeout(timeout.saturating_add(GRACE)).unwrap_or_else(|_| self.unsettled())
    }

    /// The report when nobody settled anything.
    fn unsettled(&self) -> FlushReport {
        let mut report = FlushReport::default();
        report.pending = self.shared.counters().pending();
        report
    }

    fn is_alive(&self, running: &Running) -> bool {
        self.driver.is_running()
            && self.driver.generation() == running.generation
            && !running.commands.is_closed()
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        if !self.closed.load(Ordering::SeqCst) {
            let _ = self.close_blocking(self.options.shutdown_timeout);
        }
    }
}

/// The end of a time limit from now on.
fn deadline(timeout: Duration) -> Instant {
    Instant::now() + timeout.min(LONGEST)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
