//! Fields of events and spans as metadata.

use std::{
    error::Error,
    fmt::{self, Debug, Display},
};

use logtide_core::{Fields, bridge::Overrides};
use serde::Serialize;
use tracing_core::{Event, Field, field::Visit};

use crate::{callsite::Callsite, log_record};

/// Writes the message and the fields one by one, except for the overrides.
///
/// With `PLAIN`, every field but the message is metadata and has its name at the callsite. That is the case for nearly all
/// events.
pub(crate) struct Recorder<'r, 'f, const PLAIN: bool> {
    fields: &'r mut Fields<'f>,
    /// The index of the message; above all others if there is none.
    message: usize,
    overrides: Option<&'r Overrides<'r>>,
    /// The event itself if it is a record of the `log` crate, and whether its location is written.
    log_record: Option<(&'r Event<'r>, bool)>,
    /// Names the fields that are not registered.
    callsite: Callsite,
    /// Whether errors are written as errors. Only the first error of an event is.
    takes_error: bool,
}

impl<'r, 'f> Recorder<'r, 'f, true> {
    /// Records the message and fields of a [plain](Callsite::is_plain) event.
    #[inline]
    pub(crate) fn plain(fields: &'r mut Fields<'f>, callsite: Callsite) -> Self {
        let message = callsite.message().unwrap_or(usize::MAX);
        Self { fields, message, overrides: None, log_record: None, callsite, takes_error: true }
    }
}

impl<'r, 'f> Recorder<'r, 'f, false> {
    /// Records the fields of a span.
    pub(crate) fn of_span(
        fields: &'r mut Fields<'f>,
        callsite: Callsite,
        overrides: Option<&'r Overrides<'r>>,
    ) -> Self {
        Self { fields, message: usize::MAX, overrides, log_record: None, callsite, takes_error: false }
    }

    /// Records the message and fields of an event.
    pub(crate) fn of_event(
        fields: &'r mut Fields<'f>,
        callsite: Callsite,
        overrides: Option<&'r Overrides<'r>>,
        log_record: Option<(&'r Event<'r>, bool)>,
    ) -> Self {
        let message = callsite.message().unwrap_or(usize::MAX);
        Self { fields, message, overrides, log_record, callsite, takes_error: true }
    }
}

impl<const PLAIN: bool> Recorder<'_, '_, PLAIN> {
    #[inline]
    fn is_message(&self, field: &Field) -> bool {
        self.message == field.index()
    }

    /// Whether a field is left out of the metadata.
    fn is_elsewhere(&self, field: &Field) -> bool {
        self.overrides.is_some_and(|overrides| overrides.took(field.name()))
            || self.log_record.is_some_and(|(event, location)| log_record::leaves_out(event, field, location))
    }

    #[inline]
    fn write<V: Serialize + ?Sized>(&mut self, field: &Field, value: &V) {
        if PLAIN {
            self.fields.indexed(field.index(), value);
        } else if !self.is_elsewhere(field) {
            if self.callsite.has_registered(field) {
                self.fields.indexed(field.index(), value);
            } else {
                self.fields.field(self.callsite.name(field), value);
            }
        }
    }

    #[inline]
    fn write_arguments(&mut self, field: &Field, value: fmt::Arguments<'_>) {
        if self.is_message(field) {
            self.fields.message_arguments(value);
        } else if PLAIN {
            self.fields.indexed_arguments(field.index(), value);
        } else if !self.is_elsewhere(field) {
            if self.callsite.has_registered(field) {
                self.fields.indexed_arguments(field.index(), value);
            } else {
                self.fields.display(self.callsite.name(field), value);
            }
        }
    }

    #[inline]
    fn write_or_display<V: Serialize + Display + ?Sized>(&mut self, field: &Field, value: &V) {
        if self.is_message(field) {
            self.fields.message(value);
        } else {
            self.write(field, value);
        }
    }
}

impl<const PLAIN: bool> Visit for Recorder<'_, '_, PLAIN> {
    #[inline]
    fn record_f64(&mut self, field: &Field, value: f64) {
        if self.is_message(field) {
            self.fields.message_arguments(format_args!("{value:?}"));
        } else {
            self.write(field, &value);
        }
    }

    #[inline]
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.write_or_display(field, &value);
    }

    #[inline]
    fn record_u64(&mut self, field: &Field, value: u64) {
        self.write_or_display(field, &value);
    }

    fn record_i128(&mut self, field: &Field, value: i128) {
        self.write_or_display(field, &value);
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        self.write_or_display(field, &value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.write_or_display(field, &value);
    }

    #[inline]
    fn record_str(&mut self, field: &Field, value: &str) {
        self.write_or_display(field, value);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        if self.takes_error && !self.is_message(field) && !self.is_elsewhere(field) {
            self.takes_error = false;
            self.fields.error(value);
        } else {
            self.write_arguments(field, format_args!("{value}"));
        }
    }

    #[inline]
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.write_arguments(field, format_args!("{value:?}"));
    }
}
