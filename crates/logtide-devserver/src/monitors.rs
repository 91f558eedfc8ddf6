//! The monitors that receive heartbeats.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

/// The monitors with their heartbeat counts.
#[derive(Debug, Default)]
pub(crate) struct Monitors(Mutex<BTreeMap<String, u64>>);

/// A monitor as the control API shows it.
#[derive(Debug, Serialize)]
pub(crate) struct Monitor {
    id: String,
    heartbeats: u64,
}

impl Monitors {
    /// Adds a monitor. An existing one keeps its heartbeats.
    pub(crate) fn add(&self, id: String) {
        self.lock().entry(id).or_default();
    }

    /// Counts a heartbeat. Returns false if there is no such monitor.
    pub(crate) fn beat(&self, id: &str) -> bool {
        let mut monitors = self.lock();
        let heartbeats = monitors.get_mut(id);
        let known = heartbeats.is_some();
        if let Some(heartbeats) = heartbeats {
            *heartbeats += 1;
        }
        known
    }

    pub(crate) fn heartbeats(&self, id: &str) -> u64 {
        self.lock().get(id).copied().unwrap_or(0)
    }

    pub(crate) fn list(&self) -> Vec<Monitor> {
        let monitors = self.lock();
        monitors.iter().map(|(id, heartbeats)| Monitor { id: id.clone(), heartbeats: *heartbeats }).collect()
    }

    /// Resets the counts and keeps the monitors.
    pub(crate) fn clear_heartbeats(&self) {
        self.lock().values_mut().for_each(|heartbeats| *heartbeats = 0);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl FromIterator<String> for Monitors {
    fn from_iter<I: IntoIterator<Item = String>>(ids: I) -> Self {
        Self(Mutex::new(ids.into_iter().map(|id| (id, 0)).collect()))
    }
}
