//! Whether and why the server does not accept entries.

use std::sync::{
    Arc, Mutex, OnceLock, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use logtide::Event;

use super::reporter::Reporter;

/// Tracks whether the server accepts entries.
#[derive(Debug)]
pub(super) struct Outage {
    reporter: Arc<Reporter>,
    /// Whether outages are reported when they happen. For a single entry, the final message is enough.
    reports: bool,
    is_reported: AtomicBool,
    /// Why nothing arrives during an outage.
    detail: Mutex<Option<String>>,
    denied: OnceLock<String>,
}

impl Outage {
    pub(super) fn new(reporter: Arc<Reporter>, reports: bool) -> Self {
        Self {
            reporter,
            reports,
            is_reported: AtomicBool::new(false),
            detail: Mutex::default(),
            denied: OnceLock::new(),
        }
    }

    /// Records an event of the client.
    pub(super) fn note(&self, event: &Event) {
        match event {
            Event::Delivered { .. } => {
                self.set(None);
                if self.is_reported.swap(false, Ordering::Relaxed) {
                    self.reporter.say("the server is reachable again");
                }
            }
            Event::Retrying { detail, .. } | Event::CircuitOpened { detail, .. } => self.set(Some(detail)),
            Event::Parked { detail, key_rejected, .. } => {
                self.set(Some(detail));
                if *key_rejected {
                    let _ = self.denied.set(detail.clone());
                } else if self.reports && !self.is_reported.swap(true, Ordering::Relaxed) {
                    self.reporter.say(format_args!(
                        "the server accepts no entries ({detail}); they are kept and retried"
                    ));
                }
            }
            Event::SpoolFailed { .. } | Event::Damaged { .. } | Event::Skipped { .. } => {
                self.reporter.say(event);
            }
            _ => {}
        }
    }

    /// Returns why nothing arrives during an outage.
    pub(super) fn detail(&self) -> Option<String> {
        self.detail.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns the server's text when it rejected the key.
    pub(super) fn denied(&self) -> Option<&str> {
        self.denied.get().map(String::as_str)
    }

    fn set(&self, detail: Option<&String>) {
        *self.detail.lock().unwrap_or_else(PoisonError::into_inner) = detail.cloned();
    }
}
