//! The shared state of handles and workers.

use std::sync::{Arc, PoisonError};

use logtide_core::{CircuitState, Counters, FlushReport};

use super::{End, Ended};
use crate::{
    intake::Intake,
    sync::{
        Mutex, MutexGuard, OwnedSemaphorePermit, Semaphore,
        atomic::{AtomicU8, Ordering},
    },
};

/// The buffers, and the state that workers report.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) intake: Intake,
    #[cfg(feature = "spool")]
    pub(crate) syncs: super::Syncs,
    published: Mutex<Published>,
    /// Held by the running worker, until its counts are final.
    running: Arc<Semaphore>,
    hook_panic: AtomicU8,
}

/// Whether a panic of the application's hook was reported.
const NONE: u8 = 0;
const UNREPORTED: u8 = 1;
const REPORTED: u8 = 2;

#[derive(Debug, Default)]
struct Published {
    /// What all workers have settled, including those that have ended. It only grows.
    settled: Counters,
    /// The counts when a flush or close last reported.
    reported: Counters,
    circuit_breaker_state: CircuitState,
    last_error: Option<Arc<str>>,
}

impl Shared {
    pub(crate) fn new(intake: Intake) -> Self {
        Self {
            intake,
            #[cfg(feature = "spool")]
            syncs: super::Syncs::default(),
            published: Mutex::default(),
            running: Arc::new(Semaphore::new(1)),
            hook_panic: AtomicU8::new(NONE),
        }
    }

    /// Waits until no other worker is running.
    pub(crate) async fn enter(&self) -> Option<OwnedSemaphorePermit> {
        self.running.clone().acquire_owned().await.ok()
    }

    /// Like [`enter`](Self::enter), if no other is running.
    pub(crate) fn try_enter(&self) -> Option<OwnedSemaphorePermit> {
        self.running.clone().try_acquire_owned().ok()
    }

    /// Whether a worker is running, including one whose driver was stopped and that has not ended yet.
    pub(crate) fn has_worker(&self) -> bool {
        self.running.available_permits() == 0
    }

    /// Adds what a worker has settled since its last report.
    pub(crate) fn settle(&self, news: &Counters) {
        self.lock().settled.add_all(news);
    }

    pub(crate) fn report_circuit_breaker_state(&self, state: CircuitState) {
        self.lock().circuit_breaker_state = state;
    }

    pub(crate) fn report_error(&self, error: &str) {
        let error = Arc::from(error);
        // Freed after the lock is released, since an allocator may log.
        let former = self.lock().last_error.replace(error);
        drop(former);
    }

    pub(crate) fn report_hook_panic(&self) {
        let _ = self.hook_panic.compare_exchange(NONE, UNREPORTED, Ordering::Relaxed, Ordering::Relaxed);
    }

    /// Whether to report a panic of a hook now.
    pub(crate) fn take_hook_panic(&self) -> bool {
        self.hook_panic.compare_exchange(UNREPORTED, REPORTED, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    /// The counts of buffers and workers together.
    pub(crate) fn counters(&self) -> Counters {
        // Read the settled counts first. What moves meanwhile then counts as pending, and never as settled before it
        // was logged.
        let mut counters = self.lock().settled;
        let tally = self.intake.tally();
        counters.logged = tally.logged;
        counters.dropped.add_all(&tally.dropped);
        counters
    }

    /// The report of a flush or close. A close reports everything, a flush what happened since the last report.
    pub(crate) fn report(&self, end: End, ended: Ended) -> FlushReport {
        let Ended { pending, spooled, counters } = ended;
        let reported = {
            let mut published = self.lock();
            let reported = published.reported;
            // A report may be made after another that has later counts.
            if counters.settled() > reported.settled() {
                published.reported = counters;
            }
            reported
        };
        let since = match end {
            End::Flush => reported,
            End::Close => Counters::default(),
        };
        FlushReport::between(&since, &counters, pending, spooled)
    }

    pub(crate) fn last_error(&self) -> Option<Arc<str>> {
        self.lock().last_error.clone()
    }

    pub(crate) fn circuit_breaker_state(&self) -> CircuitState {
        self.lock().circuit_breaker_state
    }

    fn lock(&self) -> MutexGuard<'_, Published> {
        self.published.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
