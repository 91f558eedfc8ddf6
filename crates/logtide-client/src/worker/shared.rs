//! What handles and workers share.

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

/// The buffers, and what the workers said about their state.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) intake: Intake,
    #[cfg(feature = "spool")]
    pub(crate) syncs: super::Syncs,
    published: Mutex<Published>,
    /// Held by the worker that is at work, until its books are settled.
    place: Arc<Semaphore>,
    hook_panic: AtomicU8,
}

/// What became of a panic in the application's hook: it is told once.
const NONE: u8 = 0;
const UNTOLD: u8 = 1;
const TOLD: u8 = 2;

#[derive(Debug, Default)]
struct Published {
    /// What all workers settled, those that are gone too. It only grows.
    settled: Counters,
    /// The books when a flush or close last reported.
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
            place: Arc::new(Semaphore::new(1)),
            hook_panic: AtomicU8::new(NONE),
        }
    }

    /// Waits until no other worker is at work.
    pub(crate) async fn enter(&self) -> Option<OwnedSemaphorePermit> {
        self.place.clone().acquire_owned().await.ok()
    }

    /// As [`enter`](Self::enter), where that is so already.
    pub(crate) fn try_enter(&self) -> Option<OwnedSemaphorePermit> {
        self.place.clone().try_acquire_owned().ok()
    }

    /// Whether a worker is at work, also one whose driver was stopped and that is not gone yet.
    pub(crate) fn has_worker(&self) -> bool {
        self.place.available_permits() == 0
    }

    /// Adds what a worker settled since it said so last.
    pub(crate) fn settle(&self, news: &Counters) {
        self.lock().settled.add_all(news);
    }

    pub(crate) fn tell_circuit_breaker_state(&self, state: CircuitState) {
        self.lock().circuit_breaker_state = state;
    }

    pub(crate) fn tell_error(&self, error: &str) {
        let error = Arc::from(error);
        // Freed when the lock is: an allocator may log.
        let former = self.lock().last_error.replace(error);
        drop(former);
    }

    pub(crate) fn tell_hook_panic(&self) {
        let _ = self.hook_panic.compare_exchange(NONE, UNTOLD, Ordering::Relaxed, Ordering::Relaxed);
    }

    /// Whether a hook's panic is to be told now.
    pub(crate) fn take_hook_panic(&self) -> bool {
        self.hook_panic.compare_exchange(UNTOLD, TOLD, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    /// The books of buffers and workers together.
    pub(crate) fn counters(&self) -> Counters {
        // What is settled first: what moves in between is then pending, and never settled before it was logged.
        let mut counters = self.lock().settled;
        let tally = self.intake.tally();
        counters.logged = tally.logged;
        counters.dropped.add_all(&tally.dropped);
        counters
    }

    /// What a flush or close tells: a close everything that happened, a flush what happened since the last report.
    pub(crate) fn report(&self, end: End, ended: Ended) -> FlushReport {
        let Ended { pending, spooled, counters } = ended;
        let reported = {
            let mut published = self.lock();
            let reported = published.reported;
            // A report may be made later than another that knows more.
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
