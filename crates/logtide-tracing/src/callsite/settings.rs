//! The settings of a layer that decide what it notes about a callsite.

use std::sync::{Mutex, PoisonError};

use logtide_core::bridge::Overrides;

/// The settings that a layer's notes about a callsite depend on. Layers with the same settings share their notes.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    kinds: Kinds,
    number: u32,
}

/// The settings that are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Kinds {
    prefix: String,
    service_field: Option<String>,
    in_spans: InSpans,
}

/// Which events are recorded in the span that they are in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(not(feature = "otlp"), expect(dead_code, reason = "spans are sent with the feature `otlp`"))]
pub(crate) enum InSpans {
    /// None: spans are not sent.
    #[default]
    Nothing,
    /// Those of level ERROR, which mark the span as failed.
    Errors,
    /// All.
    All,
}

impl Settings {
    /// Creates settings with the default prefix of overrides.
    pub(crate) fn new() -> Self {
        let prefix = Overrides::PREFIX.to_owned();
        Self::of(Kinds { prefix, service_field: None, in_spans: InSpans::Nothing })
    }

    /// Sets the prefix of overrides.
    pub(crate) fn with_prefix(self, prefix: String) -> Self {
        Self::of(Kinds { prefix, ..self.kinds })
    }

    /// Sets the name of a further field that sets the service.
    pub(crate) fn with_service_field(self, name: String) -> Self {
        Self::of(Kinds { service_field: Some(name), ..self.kinds })
    }

    #[cfg(feature = "otlp")]
    pub(crate) fn with_events_in_spans(self, in_spans: InSpans) -> Self {
        Self::of(Kinds { in_spans, ..self.kinds })
    }

    fn of(kinds: Kinds) -> Self {
        static KNOWN: Mutex<Vec<Kinds>> = Mutex::new(Vec::new());
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        let index = known.iter().position(|other| *other == kinds).unwrap_or_else(|| {
            known.push(kinds.clone());
            known.len() - 1
        });
        Self { kinds, number: index as u32 + 1 }
    }

    /// Creates empty overrides for the fields of an event or a span.
    pub(crate) fn overrides(&self) -> Overrides<'_> {
        Overrides::new(&self.kinds.prefix, self.kinds.service_field.as_deref())
    }

    pub(crate) const fn in_spans(&self) -> InSpans {
        self.kinds.in_spans
    }

    /// Identifies the settings; never 0.
    pub(crate) const fn number(&self) -> u32 {
        self.number
    }
}
