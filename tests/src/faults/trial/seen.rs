//! The events of a client.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use logtide::Event;

/// Counts of a client's events.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) splits: AtomicU64,
    pub(super) parks: AtomicU64,
    /// Attempts to connect to a closed port.
    pub(super) refusals: AtomicU64,
}

impl Seen {
    pub(super) fn note(&self, event: &Event) {
        match event {
            Event::Split { .. } => drop(self.splits.fetch_add(1, Relaxed)),
            Event::Parked { detail, .. } => {
                self.parks.fetch_add(1, Relaxed);
                self.note_detail(detail);
            }
            Event::Retrying { detail, .. } => self.note_detail(detail),
            _ => {}
        }
    }

    fn note_detail(&self, detail: &str) {
        if detail.contains("onnection refused") {
            self.refusals.fetch_add(1, Relaxed);
        }
    }
}
