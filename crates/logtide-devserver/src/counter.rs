//! A count that threads and tasks can wait for.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

/// A count that can be waited for from threads and from tasks.
#[derive(Debug)]
pub(crate) struct Counter {
    value: Mutex<u64>,
    grown: Condvar,
    changes: watch::Sender<u64>,
}

impl Counter {
    pub(crate) fn new(value: u64) -> Self {
        Self { value: Mutex::new(value), grown: Condvar::new(), changes: watch::Sender::new(value) }
    }

    pub(crate) fn get(&self) -> u64 {
        *self.value.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn add(&self, count: u64) {
        self.update(|value| *value += count);
    }

    pub(crate) fn set(&self, count: u64) {
        self.update(|value| *value = count);
    }

    /// Blocks the thread until the count is at least `count`. Returns false if `timeout` passes first.
    pub(crate) fn wait(&self, count: u64, timeout: Duration) -> bool {
        let value = self.value.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.grown.wait_timeout_while(value, timeout, |value| *value < count);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }

    /// Notifies a task of each change.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    fn update(&self, change: impl FnOnce(&mut u64)) {
        let mut value = self.value.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut value);
        self.changes.send_replace(*value);
        self.grown.notify_all();
    }
}
