//! What the worker says while it works.

use std::io::{self, Write as _};

use logtide_core::{DropReason, Event};

use crate::{ClientOptions, options::EventHook, unwind};

/// Tells events to the application's hook and, with the `debug` option, to standard error.
pub(crate) struct Diagnostics {
    debug: bool,
    hook: Option<EventHook>,
    /// What the server refuses throughout is told once, until something arrives.
    denied: Option<String>,
    /// What went wrong since it was asked for.
    last_error: Option<String>,
}

impl Diagnostics {
    pub(crate) fn new(options: &ClientOptions) -> Self {
        Self { debug: options.debug, hook: options.on_event.clone(), denied: None, last_error: None }
    }

    pub(crate) fn tell(&mut self, event: &Event) {
        if let Some(hook) = &self.hook {
            // A panic in the hook is the application's; the worker goes on.
            let _ = unwind::catch(|| hook(event));
        }
        let news = self.note(event);
        if self.debug && news {
            print(&format!("logtide: {event}\n"));
        }
    }

    /// What went wrong last, since the last call.
    pub(crate) fn take_error(&mut self) -> Option<String> {
        self.last_error.take()
    }

    /// Remembers what matters, and says whether the event is news.
    fn note(&mut self, event: &Event) -> bool {
        match event {
            Event::Delivered { .. } => self.denied = None,
            Event::Dropped { reason: DropReason::Denied, detail, .. } => {
                let news = self.denied.as_ref() != Some(detail);
                self.denied = Some(detail.clone());
                self.last_error = Some(event.to_string());
                return news;
            }
            Event::Dropped { .. }
            | Event::Retrying { .. }
            | Event::Split { .. }
            | Event::CircuitOpened { .. }
            | Event::HookPanicked { .. } => {
                self.last_error = Some(event.to_string());
            }
            _ => {}
        }
        true
    }
}

/// Writes to standard error, which may be closed or full: `eprintln!` would panic then.
fn print(line: &str) {
    let _ = io::stderr().write_all(line.as_bytes());
}
