//! On which settings of a layer depends what is known of a place.

use std::sync::{Mutex, PoisonError};

use logtide_core::bridge::Overrides;

/// What a layer knows of a place in the program depends on these. Layers with the same settings share what is known.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    kinds: Kinds,
    number: u32,
}

/// What makes settings differ.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Kinds {
    prefix: String,
    service_field: Option<String>,
    in_spans: InSpans,
}

/// Which events concern the span that they are in, beside the entries that they become.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(not(feature = "otlp"), expect(dead_code, reason = "spans are sent with the feature `otlp`"))]
pub(crate) enum InSpans {
    /// None: spans are not sent.
    #[default]
    Nothing,
    /// Those that say that it failed.
    Errors,
    /// All.
    All,
}

impl Settings {
    /// With fields that begin with the default prefix.
    pub(crate) fn new() -> Self {
        let prefix = Overrides::PREFIX.to_owned();
        Self::of(Kinds { prefix, service_field: None, in_spans: InSpans::Nothing })
    }

    /// The same, with another prefix of the fields that are no metadata.
    pub(crate) fn with_prefix(self, prefix: String) -> Self {
        Self::of(Kinds { prefix, ..self.kinds })
    }

    /// The same, with the name of another field that sets the service.
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

    /// For the fields of an event or a span, none of which are taken yet.
    pub(crate) fn overrides(&self) -> Overrides<'_> {
        Overrides::new(&self.kinds.prefix, self.kinds.service_field.as_deref())
    }

    pub(crate) const fn in_spans(&self) -> InSpans {
        self.kinds.in_spans
    }

    /// Tells settings apart; never 0.
    pub(crate) const fn number(&self) -> u32 {
        self.number
    }
}
