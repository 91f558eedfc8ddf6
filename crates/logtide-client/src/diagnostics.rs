//! Reports events of the worker.

use std::{
    io::{self, Write as _},
    sync::Arc,
};

use logtide_core::{DropReason, Event};

use crate::{ClientOptions, hook::HookPanic, options::EventHook, unwind};

/// Passes events to the application's hook and, with the `debug` option, prints them to standard error. Without it,
/// one line reports that nothing is delivered, once for each outage.
pub(crate) struct Diagnostics {
    debug: bool,
    outage_notice: bool,
    /// Whether the client of these options sends spans instead of entries.
    for_spans: bool,
    hook: Option<EventHook>,
    /// The panic of `before_breadcrumb`, which runs in log calls.
    breadcrumb_panic: Option<Arc<HookPanic>>,
    /// Whether the current outage was reported on standard error.
    outage_reported: bool,
    /// The last error since it was taken.
    last_error: Option<String>,
}

impl Diagnostics {
    pub(crate) fn new(options: &ClientOptions) -> Self {
        Self {
            debug: options.debug,
            outage_notice: options.outage_notice,
            for_spans: options.are_for_spans(),
            hook: options.on_event.clone(),
            breadcrumb_panic: options.before_breadcrumb.as_ref().map(|hook| hook.panic.clone()),
            outage_reported: false,
            last_error: None,
        }
    }

    pub(crate) fn report(&mut self, event: &Event) {
        if self.breadcrumb_panic.as_ref().is_some_and(|panic| panic.take()) {
            self.report_one(&Event::HookPanicked { hook: "before_breadcrumb" });
        }
        self.report_one(event);
    }

    fn report_one(&mut self, event: &Event) {
        if let Some(hook) = &self.hook {
            // A panic of the hook is the application's. The worker continues.
            let _ = unwind::catch(|| hook(event));
        }
        self.note(event);
        let outage = self.outage(event);
        if self.debug {
            let of_what = if self.for_spans { "spans: " } else { "" };
            print(&format!("logtide: {of_what}{event}\n"));
        } else if let Some(line) = outage {
            print(&line);
        }
    }

    /// Returns the last error since the last call.
    pub(crate) fn take_error(&mut self) -> Option<String> {
        self.last_error.take()
    }

    fn note(&mut self, event: &Event) {
        match event {
            Event::Dropped { .. }
            | Event::Retrying { .. }
            | Event::Parked { .. }
            | Event::Split { .. }
            | Event::Damaged { .. }
            | Event::Skipped { .. }
            | Event::SpoolFailed { .. }
            | Event::CircuitOpened { .. }
            | Event::HookPanicked { .. } => self.last_error = Some(event.to_string()),
            _ => {}
        }
    }

    /// Returns the line that reports an outage, if it is a new one.
    fn outage(&mut self, event: &Event) -> Option<String> {
        let (detail, consequence) = match event {
            Event::Parked { detail, .. } => (detail, "are buffered up to the limit, and retried"),
            Event::Dropped { reason: DropReason::Denied | DropReason::RetriesExhausted, detail, .. } => {
                (detail, "are dropped and counted")
            }
            Event::Delivered { .. } => {
                self.outage_reported = false;
                return None;
            }
            _ => return None,
        };
        let is_news = !std::mem::replace(&mut self.outage_reported, true);
        let what = if self.for_spans { "spans" } else { "entries" };
        (is_news && self.outage_notice).then(|| {
            format!(
                "logtide: cannot deliver {what} ({detail}); they {consequence}
"
            )
        })
    }
}

/// Writes to standard error, which may be closed or full: `eprintln!` would panic then.
fn print(line: &str) {
    let _ = io::stderr().write_all(line.as_bytes());
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn parked() -> Event {
        let (delay, detail) = (Duration::from_secs(8), "status 401".to_owned());
        Event::Parked { entries: 3, key_rejected: true, delay, detail }
    }

    #[test]
    fn no_outage_is_printed_if_the_notice_is_off() {
        let options = ClientOptions::new("http://localhost", "lp_key").outage_notice(false);
        assert_eq!(Diagnostics::new(&options).outage(&parked()), None);
    }

    #[test]
    fn an_outage_is_reported_once_until_something_is_delivered() {
        let mut diagnostics = Diagnostics::new(&ClientOptions::new("http://localhost", "lp_key"));
        let line = diagnostics.outage(&parked()).unwrap();
        assert!(line.contains("status 401") && line.ends_with('\n'), "{line}");
        let dropped =
            Event::Dropped { entries: 1, reason: DropReason::Denied, detail: "status 401".to_owned() };
        assert_eq!((diagnostics.outage(&parked()), diagnostics.outage(&dropped)), (None, None));
        #[cfg(feature = "otlp")]
        {
            let options = ClientOptions::new("http://localhost", "lp_key").for_spans();
            let line = Diagnostics::new(&options).outage(&parked()).unwrap();
            assert!(line.contains("cannot deliver spans"), "{line}");
        }
        let delivered = Event::Delivered { entries: 3, latency: Duration::ZERO };
        assert_eq!(diagnostics.outage(&delivered), None);
        assert!(diagnostics.outage(&dropped).unwrap().contains("dropped"));
    }
}
