//! What handles and worker share.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU8, Ordering},
};

use logtide_core::{CircuitState, Content, Counters, DropReason, FlushReport, Pipeline};

use super::End;
use crate::intake::Intake;

/// The buffers, and what the worker last said about its state.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) intake: Intake,
    /// Limits and redaction.
    pub(crate) content: Content,
    published: Mutex<Published>,
    hook_panic: AtomicU8,
}

/// What became of a panic in the application's hook: it is told once.
const NONE: u8 = 0;
const UNTOLD: u8 = 1;
const TOLD: u8 = 2;

#[derive(Debug, Default)]
struct Published {
    /// The books of workers that are gone.
    before: Counters,
    /// The books of the worker that is there.
    counters: Counters,
    /// The books when a flush or close last reported.
    reported: Counters,
    circuit_breaker_state: CircuitState,
    last_error: Option<String>,
}

impl Shared {
    pub(crate) fn new(intake: Intake, content: Content) -> Self {
        Self { intake, content, published: Mutex::default(), hook_panic: AtomicU8::new(NONE) }
    }

    pub(crate) fn publish(&self, pipeline: &Pipeline, last_error: Option<&str>) {
        let mut published = self.lock();
        published.counters = *pipeline.counters();
        published.circuit_breaker_state = pipeline.circuit_breaker_state();
        if published.last_error.as_deref() != last_error {
            published.last_error = last_error.map(str::to_owned);
        }
    }

    pub(crate) fn tell_error(&self, error: String) {
        self.lock().last_error = Some(error);
    }

    pub(crate) fn tell_hook_panic(&self) {
        let _ = self.hook_panic.compare_exchange(NONE, UNTOLD, Ordering::Relaxed, Ordering::Relaxed);
    }

    /// Whether a hook's panic is to be told now.
    pub(crate) fn take_hook_panic(&self) -> bool {
        self.hook_panic.compare_exchange(UNTOLD, TOLD, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    /// The books of buffers and pipeline together.
    pub(crate) fn counters(&self) -> Counters {
        // The pipeline's first: what moves in between is then pending, and never settled before it was logged.
        let mut counters = {
            let published = self.lock();
            let mut counters = published.before;
            counters.add_all(&published.counters);
            counters
        };
        let tally = self.intake.tally();
        counters.logged = tally.logged;
        counters.dropped.add_all(&tally.dropped);
        counters
    }

    /// The books from which the next report counts: a flush tells what happened since the last report, a close everything.
    pub(crate) fn report_since(&self, end: End) -> Counters {
        match end {
            End::Flush => self.lock().reported,
            End::Close => Counters::default(),
        }
    }

    /// What happened since these books, for a flush or close that ends with so many entries pending.
    pub(crate) fn report(&self, since: &Counters, pending: u64) -> FlushReport {
        let counters = self.counters();
        self.lock().reported = counters;
        FlushReport::between(since, &counters, pending)
    }

    pub(crate) fn last_error(&self) -> Option<String> {
        self.lock().last_error.clone()
    }

    pub(crate) fn circuit_breaker_state(&self) -> CircuitState {
        self.lock().circuit_breaker_state
    }

    /// Makes ready for another worker in place of one that is gone with what it held, which is counted as lost.
    pub(crate) fn replace_worker(&self) {
        let held = self.intake.rebase(false);
        let mut books = self.counters();
        books.dropped.add(DropReason::Shutdown, books.pending().saturating_sub(held));
        // What the buffers count is counted by them.
        books.dropped = books.dropped.since(&self.intake.tally().dropped);
        let mut published = self.lock();
        published.before = books;
        published.counters = Counters::default();
        published.circuit_breaker_state = CircuitState::Closed;
    }

    /// Makes ready for a worker in a forked child: the books start anew with what is in the buffers, the rest is the parent's.
    pub(crate) fn fork(&self) {
        self.intake.rebase(true);
        *self.lock() = Published::default();
    }

    fn lock(&self) -> MutexGuard<'_, Published> {
        self.published.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
