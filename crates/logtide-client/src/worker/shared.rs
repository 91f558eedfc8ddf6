//! What handles and worker share.

use std::sync::{Mutex, MutexGuard, PoisonError};

use logtide_core::{CircuitState, Counters, Pipeline};

use crate::intake::Intake;

/// The buffers, and what the worker last said about its state.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) intake: Intake,
    published: Mutex<Published>,
}

#[derive(Debug, Default)]
struct Published {
    counters: Counters,
    circuit_breaker_state: CircuitState,
    last_error: Option<String>,
}

impl Shared {
    pub(crate) fn new(intake: Intake) -> Self {
        Self { intake, published: Mutex::default() }
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

    /// The books of buffers and pipeline together.
    pub(crate) fn counters(&self) -> Counters {
        // The pipeline's first: what moves in between is then pending, and never settled before it was logged.
        let mut counters = self.lock().counters;
        let tally = self.intake.tally();
        counters.logged = tally.logged;
        counters.dropped.add_all(&tally.dropped);
        counters
    }

    pub(crate) fn last_error(&self) -> Option<String> {
        self.lock().last_error.clone()
    }

    pub(crate) fn circuit_breaker_state(&self) -> CircuitState {
        self.lock().circuit_breaker_state
    }

    /// Starts the books anew for a new worker.
    pub(crate) fn restart(&self) {
        *self.lock() = Published::default();
        self.intake.restart();
    }

    fn lock(&self) -> MutexGuard<'_, Published> {
        self.published.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
