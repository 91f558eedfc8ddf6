//! Fields of events and spans as metadata.

use std::{error::Error, fmt::Debug};

use logtide_core::{Fields, IntoMetadata as _, Key, bridge::Overrides};
use serde::Serialize;
use tracing_core::{Event, Field, field::Visit};

use crate::{callsite::Callsite, log_record};

/// Writes fields one by one, except for what was taken out of them.
pub(crate) struct Recorder<'r, 'f> {
    pub(crate) fields: &'r mut Fields<'f>,
    pub(crate) callsite: &'r Callsite,
    pub(crate) overrides: &'r Overrides<'r>,
    /// The event itself, where it is a record of the `log` crate.
    pub(crate) log_record: Option<&'r Event<'r>>,
    /// Errors are written as errors, the first of an event alone.
    pub(crate) takes_error: bool,
}

impl<'r> Recorder<'r, '_> {
    /// The key under which a field is written, if it is.
    #[inline]
    fn key(&self, field: &Field) -> Option<&'r Key> {
        let is_elsewhere = (self.callsite.has_overrides && self.overrides.took(field.name()))
            || self.log_record.is_some_and(|event| log_record::repeats_target(event, field));
        if is_elsewhere { None } else { self.callsite.key(field) }
    }

    #[inline]
    fn write<V: Serialize + ?Sized>(&mut self, field: &Field, value: &V) {
        if let Some(key) = self.key(field) {
            self.fields.keyed(key, value);
        }
    }
}

impl Visit for Recorder<'_, '_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.write(field, &value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.write(field, &value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.write(field, &value);
    }

    fn record_i128(&mut self, field: &Field, value: i128) {
        self.write(field, &value);
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        self.write(field, &value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.write(field, &value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.write(field, value);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        if self.takes_error && self.key(field).is_some() {
            self.takes_error = false;
            value.write_to(self.fields);
        } else {
            self.record_debug(field, &format_args!("{value}"));
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if let Some(key) = self.key(field) {
            self.fields.keyed_display(key, format_args!("{value:?}"));
        }
    }
}
