//! On which settings of a layer depends what is known of a place.

use std::sync::{Mutex, PoisonError};

/// What a layer knows of a place in the program depends on these. Layers with the same settings share what is known.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    service_field: String,
    in_spans: InSpans,
    number: u32,
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
    /// With the name of the field that sets the service.
    pub(crate) fn new(service_field: String, in_spans: InSpans) -> Self {
        static KNOWN: Mutex<Vec<(String, InSpans)>> = Mutex::new(Vec::new());
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        let is_same = |(name, events): &(String, InSpans)| *name == service_field && *events == in_spans;
        let index = known.iter().position(is_same).unwrap_or_else(|| {
            known.push((service_field.clone(), in_spans));
            known.len() - 1
        });
        Self { service_field, in_spans, number: index as u32 + 1 }
    }

    pub(crate) fn service_field(&self) -> &str {
        &self.service_field
    }

    pub(crate) const fn in_spans(&self) -> InSpans {
        self.in_spans
    }

    /// Tells settings apart; never 0.
    pub(crate) const fn number(&self) -> u32 {
        self.number
    }
}
