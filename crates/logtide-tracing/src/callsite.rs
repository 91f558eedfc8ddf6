//! What a layer knows of all events or spans of one callsite.

mod settings;

use std::ptr;

use logtide_core::{CallSite, bridge::Origin};
use tracing_core::{Field, Level, Metadata};

pub(crate) use self::settings::{InSpans, Settings};
use crate::log_record;

/// The field that holds the message of an event.
const MESSAGE: &str = "message";

/// A callsite, with what a layer needs to know about it at each event.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Callsite {
    /// `None` if it cannot be registered: names and origin are then written with each event.
    pub(crate) registered: Option<&'static CallSite>,
    notes: Notes,
}

/// What a layer notes about a callsite.
///
/// | bits | meaning |
/// |---|---|
/// | 0 to 15 | the index of the message, plus one |
/// | 16 | some fields may be overrides |
/// | 17 | it is an event, not a span |
/// | 18 | it stands for the records of the `log` crate |
/// | 19 | it has more fields than names can be registered |
/// | 20 | its events are recorded in the spans that they are in |
/// | 21 | some fields set properties of a span |
/// | 32 to 63 | the number of the settings, which is never 0 |
#[derive(Clone, Copy, Debug)]
struct Notes(u64);

const HAS_OVERRIDES: u64 = 1 << 16;
const IS_EVENT: u64 = 1 << 17;
const IS_LOG_RECORD: u64 = 1 << 18;
const HAS_MORE_FIELDS: u64 = 1 << 19;
const CONCERNS_SPANS: u64 = 1 << 20;
const HAS_SPAN_FIELDS: u64 = 1 << 21;

/// The prefix of the fields that set properties of a span, as in `tracing-opentelemetry`.
pub(crate) const SPAN_FIELDS: &str = "otel.";

impl Callsite {
    /// Finds or registers the callsite of some metadata, for a layer with these settings.
    #[inline]
    pub(crate) fn of(metadata: &'static Metadata<'static>, settings: &Settings) -> Self {
        let (address, number) = (ptr::from_ref(metadata).addr(), settings.number());
        let matches = |call_site: &CallSite| Notes(call_site.notes()).settings() == number;
        match CallSite::find(address, matches) {
            Some(found) => Self { registered: Some(found), notes: Notes(found.notes()) },
            None => Self::register(metadata, settings),
        }
    }

    /// Whether its events become entries only, and all their fields but the message are metadata with registered names.
    #[inline]
    pub(crate) const fn is_plain(self) -> bool {
        self.registered.is_some()
            && self.notes.0 & (HAS_OVERRIDES | IS_LOG_RECORD | HAS_MORE_FIELDS | CONCERNS_SPANS) == 0
    }

    /// The index of the message.
    #[inline]
    pub(crate) fn message(self) -> Option<usize> {
        (self.notes.0 as u16 as usize).checked_sub(1)
    }

    /// Whether it is an event, not a span.
    pub(crate) const fn is_event(self) -> bool {
        self.notes.0 & IS_EVENT != 0
    }

    /// Whether some fields may be overrides.
    pub(crate) const fn has_overrides(self) -> bool {
        self.notes.0 & HAS_OVERRIDES != 0
    }

    /// Whether it stands for the records of the `log` crate.
    pub(crate) const fn is_log_record(self) -> bool {
        self.notes.0 & IS_LOG_RECORD != 0
    }

    /// Whether its events are recorded in the spans that they are in.
    #[cfg(feature = "otlp")]
    pub(crate) const fn concerns_spans(self) -> bool {
        self.notes.0 & CONCERNS_SPANS != 0
    }

    /// Whether some fields set properties of a span.
    #[cfg(feature = "otlp")]
    pub(crate) const fn has_span_fields(self) -> bool {
        self.notes.0 & HAS_SPAN_FIELDS != 0
    }

    /// Whether the name of a field is registered under the field's index.
    pub(crate) fn has_registered(self, field: &Field) -> bool {
        self.registered.is_some() && field.index() < CallSite::MAX_NAMES
    }

    /// Returns the name that a field has in the metadata.
    pub(crate) fn name(self, field: &Field) -> &'static str {
        name(field.name(), self.notes)
    }

    #[cold]
    fn register(metadata: &'static Metadata<'static>, settings: &Settings) -> Self {
        let notes = Notes::new(metadata, settings);
        let make = || {
            let names = metadata.fields().iter().map(|field| name(field.name(), notes).into());
            let call_site = CallSite::new(origin(metadata), names).with_notes(notes.0);
            if metadata.is_span() { call_site.span_name(metadata.name()) } else { call_site }
        };
        let matches = |call_site: &CallSite| Notes(call_site.notes()).settings() == notes.settings();
        Self { registered: CallSite::get_or_register(ptr::from_ref(metadata).addr(), matches, make), notes }
    }
}

impl Notes {
    fn new(metadata: &Metadata<'_>, settings: &Settings) -> Self {
        let message = if metadata.is_event() { metadata.fields().field(MESSAGE) } else { None };
        let message = message.map_or(0, |field| field.index() as u64 + 1);
        let overrides = settings.overrides();
        let concerns_spans = metadata.is_event()
            && match settings.in_spans() {
                InSpans::Nothing => false,
                InSpans::Errors => *metadata.level() == Level::ERROR,
                InSpans::All => true,
            };
        let flags = [
            (CONCERNS_SPANS, concerns_spans),
            (HAS_SPAN_FIELDS, metadata.fields().iter().any(|field| field.name().starts_with(SPAN_FIELDS))),
            (HAS_OVERRIDES, metadata.fields().iter().any(|field| overrides.knows(field.name()))),
            (IS_EVENT, metadata.is_event()),
            (IS_LOG_RECORD, log_record::is_one(metadata)),
            (HAS_MORE_FIELDS, metadata.fields().len() > CallSite::MAX_NAMES),
        ];
        let flags = flags.into_iter().filter(|(_, is_set)| *is_set).fold(0, |all, (flag, _)| all | flag);
        Self(message | flags | u64::from(settings.number()) << 32)
    }

    const fn settings(self) -> u32 {
        (self.0 >> 32) as u32
    }
}

/// Returns the name that a field has in the metadata.
fn name(name: &'static str, notes: Notes) -> &'static str {
    let name = if notes.0 & IS_LOG_RECORD == 0 { name } else { log_record::key(name) };
    name.strip_prefix("r#").unwrap_or(name)
}

/// Returns the location of an event. A record of the `log` crate brings its own.
pub(crate) fn origin(metadata: &'static Metadata<'static>) -> Origin<'static> {
    let mut origin = Origin::default();
    if !log_record::is_one(metadata) {
        (origin.logger, origin.module) = (Some(metadata.target()), metadata.module_path());
        (origin.file, origin.line) = (metadata.file(), metadata.line());
    }
    origin
}
