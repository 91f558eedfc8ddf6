//! What the server says, or why it says nothing.

use std::sync::{
    Arc, Mutex, OnceLock, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use logtide::Event;

use super::talk::Talk;

/// Whether the server takes entries.
#[derive(Debug)]
pub(super) struct Outage {
    talk: Arc<Talk>,
    /// Whether it is told as it happens: for one entry the last word says it all.
    reports: bool,
    is_reported: AtomicBool,
    /// Why nothing arrives at the moment.
    detail: Mutex<Option<String>>,
    denied: OnceLock<String>,
}

impl Outage {
    pub(super) fn new(talk: Arc<Talk>, reports: bool) -> Self {
        Self {
            talk,
            reports,
            is_reported: AtomicBool::new(false),
            detail: Mutex::default(),
            denied: OnceLock::new(),
        }
    }

    /// Takes note of what happened to entries.
    pub(super) fn note(&self, event: &Event) {
        match event {
            Event::Delivered { .. } => {
                self.set(None);
                if self.is_reported.swap(false, Ordering::Relaxed) {
                    self.talk.say("the server is reachable again");
                }
            }
            Event::Retrying { detail, .. } | Event::CircuitOpened { detail, .. } => self.set(Some(detail)),
            Event::Parked { detail, key_rejected, .. } => {
                self.set(Some(detail));
                if *key_rejected {
                    let _ = self.denied.set(detail.clone());
                } else if self.reports && !self.is_reported.swap(true, Ordering::Relaxed) {
                    self.talk.say(format_args!(
                        "the server accepts no entries ({detail}); they are kept and retried"
                    ));
                }
            }
            Event::SpoolFailed { .. } | Event::Damaged { .. } | Event::Skipped { .. } => {
                self.talk.say(event);
            }
            _ => {}
        }
    }

    /// Why nothing arrives at the moment.
    pub(super) fn detail(&self) -> Option<String> {
        self.detail.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the server said when it refused the key.
    pub(super) fn denied(&self) -> Option<&str> {
        self.denied.get().map(String::as_str)
    }

    fn set(&self, detail: Option<&String>) {
        *self.detail.lock().unwrap_or_else(PoisonError::into_inner) = detail.cloned();
    }
}
