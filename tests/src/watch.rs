//! Panics if a library logs a secret.

use std::{
    fmt,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
};

use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

/// A subscriber of `tracing` and a logger of `log`, at every level.
#[derive(Clone, Copy, Debug)]
pub struct Watch {
    secret: &'static str,
}

static SEEN: AtomicUsize = AtomicUsize::new(0);
static LEAKED: AtomicBool = AtomicBool::new(false);

impl Watch {
    /// Watches everything that the process logs from now on.
    ///
    /// # Panics
    ///
    /// If something else already watches.
    pub fn install(secret: &'static str) {
        let watch = Self { secret };
        tracing::subscriber::set_global_default(watch).expect("nothing else subscribes to tracing");
        log::set_boxed_logger(Box::new(watch)).expect("nothing else is the logger");
        log::set_max_level(log::LevelFilter::Trace);
    }

    /// Returns how many events and spans were checked.
    #[must_use]
    pub fn seen() -> usize {
        SEEN.load(Ordering::SeqCst)
    }

    /// Whether the secret was logged, even on a thread that catches panics.
    #[must_use]
    pub fn leaked() -> bool {
        LEAKED.load(Ordering::SeqCst)
    }

    fn look_at(self, text: &str) {
        if text.contains(self.secret) {
            LEAKED.store(true, Ordering::SeqCst);
            panic!("the secret shows in what a library logs");
        }
    }
}

impl Subscriber for Watch {
    fn enabled(&self, _metadata: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &span::Attributes<'_>) -> span::Id {
        let number = SEEN.fetch_add(1, Ordering::SeqCst) + 1;
        attributes.record(&mut Fields(*self));
        span::Id::from_u64(number as u64)
    }

    fn record(&self, _span: &span::Id, values: &span::Record<'_>) {
        values.record(&mut Fields(*self));
    }

    fn record_follows_from(&self, _span: &span::Id, _follows: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        SEEN.fetch_add(1, Ordering::SeqCst);
        event.record(&mut Fields(*self));
    }

    fn enter(&self, _span: &span::Id) {}

    fn exit(&self, _span: &span::Id) {}
}

struct Fields(Watch);

impl Visit for Fields {
    fn record_debug(&mut self, _field: &Field, value: &dyn fmt::Debug) {
        self.0.look_at(&format!("{value:?}"));
    }
}

impl log::Log for Watch {
    fn enabled(&self, _metadata: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        SEEN.fetch_add(1, Ordering::SeqCst);
        self.look_at(&record.args().to_string());
    }

    fn flush(&self) {}
}
