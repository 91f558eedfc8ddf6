//! Fields of events and spans as metadata.

use std::{
    error::Error,
    fmt::{Debug, Display},
};

use logtide_core::{Fields, bridge::Overrides};
use serde::Serialize;
use tracing_core::{Event, Field, field::Visit};

use crate::{callsite::Callsite, log_record};

/// Writes the message and the fields one by one, except for what was taken out of them.
pub(crate) struct Recorder<'r, 'f> {
    pub(crate) fields: &'r mut Fields<'f>,
    pub(crate) callsite: Callsite,
    pub(crate) overrides: &'r Overrides<'r>,
    /// The event itself, where it is a record of the `log` crate, and whether its place is written.
    pub(crate) log_record: Option<(&'r Event<'r>, bool)>,
    /// Errors are written as errors, the first of an event alone.
    pub(crate) takes_error: bool,
}

impl Recorder<'_, '_> {
    /// Whether a field is left out of the metadata.
    #[inline]
    fn is_elsewhere(&self, field: &Field) -> bool {
        (self.callsite.has_overrides() && self.overrides.took(field.name()))
            || self.log_record.is_some_and(|(event, location)| log_record::leaves_out(event, field, location))
    }

    #[inline]
    fn write<V: Serialize + Display + ?Sized>(&mut self, field: &Field, value: &V) {
        if Some(field.index()) == self.callsite.message() {
            self.fields.message(value);
        } else if !self.is_elsewhere(field) {
            match self.callsite.registered {
                Some(_) => self.fields.indexed(field.index(), value),
                None => self.fields.field(field.name(), value),
            }
        }
    }

    #[inline]
    fn write_display(&mut self, field: &Field, value: impl Display) {
        if Some(field.index()) == self.callsite.message() {
            self.fields.message(value);
        } else if !self.is_elsewhere(field) {
            match self.callsite.registered {
                Some(_) => self.fields.indexed_display(field.index(), value),
                None => self.fields.display(field.name(), value),
            }
        }
    }
}

impl Visit for Recorder<'_, '_> {
    #[inline]
    fn record_f64(&mut self, field: &Field, value: f64) {
        if Some(field.index()) == self.callsite.message() {
            self.fields.message(format_args!("{value:?}"));
        } else {
            self.write(field, &value);
        }
    }

    #[inline]
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.write(field, &value);
    }

    #[inline]
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

    #[inline]
    fn record_str(&mut self, field: &Field, value: &str) {
        self.write(field, value);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        let is_message = Some(field.index()) == self.callsite.message();
        if self.takes_error && !is_message && !self.is_elsewhere(field) {
            self.takes_error = false;
            self.fields.error(value);
        } else {
            self.write_display(field, value);
        }
    }

    #[inline]
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.write_display(field, format_args!("{value:?}"));
    }
}
