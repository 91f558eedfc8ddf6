//! The delivery of a client's entries in one process.

use std::sync::{Arc, PoisonError};

use logtide_core::Counters;

use super::identities::Identities;
use crate::{
    ClientOptions,
    intake::Intake,
    sync::{
        Driver, Mutex, MutexGuard, UnboundedSender,
        atomic::{AtomicBool, Ordering},
    },
    worker::{Command, Shared},
};

/// Buffers, worker and counters. A forked child has its own, initially empty: the parent delivers what waited at the
/// fork.
#[derive(Debug)]
pub(crate) struct Delivery {
    options: Arc<ClientOptions>,
    pub(super) shared: Arc<Shared>,
    pub(super) identities: Identities,
    /// Held while a worker is started, which allocates memory. A log call never waits for it.
    pub(super) starting: Mutex<()>,
    /// The worker that was started last. Not locked while memory is allocated or freed: an allocator may log.
    worker: Mutex<Option<Running>>,
    closed: AtomicBool,
    /// The counters at the start of the metrics.
    baseline: Mutex<Counters>,
}

#[derive(Debug)]
struct Running {
    commands: UnboundedSender<Command>,
    /// The start of the driver's thread to which the worker belongs.
    generation: u64,
}

impl Delivery {
    pub(super) fn new(options: Arc<ClientOptions>) -> Self {
        Self {
            shared: Arc::new(Shared::new(Intake::new(&options))),
            identities: Identities::new(&options),
            starting: Mutex::new(()),
            worker: Mutex::new(None),
            closed: AtomicBool::new(false),
            baseline: Mutex::default(),
            options,
        }
    }

    /// The initial state for a child of this process; closed if this one is.
    pub(super) fn of_child(&self) -> Self {
        let child = Self::new(self.options.clone());
        if self.is_closed() {
            child.shared.intake.close();
            child.close();
        }
        child
    }

    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    /// Whether each entry is settled: the buffers are empty and no worker holds any.
    pub(super) fn is_idle(&self) -> bool {
        self.shared.intake.is_empty() && !self.shared.has_worker()
    }

    /// Whether a worker has nothing to do, and never will.
    pub(super) fn is_done(&self) -> bool {
        self.is_closed() && self.is_idle()
    }

    pub(super) fn started(&self, commands: UnboundedSender<Command>, generation: u64) {
        let former = lock(&self.worker).replace(Running { commands, generation });
        drop(former);
    }

    /// The channel to the worker, if it is running.
    pub(super) fn commands(&self, driver: &Driver) -> Option<UnboundedSender<Command>> {
        let (commands, generation) = {
            let worker = lock(&self.worker);
            let running = worker.as_ref()?;
            (running.commands.clone(), running.generation)
        };
        let is_running = driver.is_running() && driver.generation() == generation && !commands.is_closed();
        is_running.then_some(commands)
    }

    /// The counters since the metrics started. One lock guards both reads, so they are never older than the baseline.
    pub(super) fn counters(&self) -> Counters {
        let baseline = lock(&self.baseline);
        self.shared.counters().since(&baseline)
    }

    pub(super) fn reset_counters(&self) {
        let mut baseline = lock(&self.baseline);
        *baseline = self.shared.counters();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
