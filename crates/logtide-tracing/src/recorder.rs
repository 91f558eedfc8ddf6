//! Fields of events and spans as metadata.

use std::{error::Error, fmt::Debug};

use logtide_core::{Fields, IntoMetadata as _, bridge::Overrides};
use serde::Serialize;
use tracing_core::{Event, Field, field::Visit};

use crate::{log_record, message::MESSAGE};

/// Writes fields one by one, except for what was taken out of them.
pub(crate) struct Recorder<'r, 'f> {
    pub(crate) fields: &'r mut Fields<'f>,
    pub(crate) overrides: &'r Overrides<'r>,
    pub(crate) source: Source<'r>,
    /// Errors are written as errors, the first of an event alone.
    pub(crate) takes_error: bool,
}

/// Whose fields they are.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Source<'r> {
    Event,
    LogRecord(&'r Event<'r>),
    Span,
}

impl Recorder<'_, '_> {
    /// The key under which a field is written, if it is.
    fn key(&self, field: &Field) -> Option<&'static str> {
        let name = field.name();
        if self.is_message(name) || self.overrides.took(name) {
            return None;
        }
        match self.source {
            Source::LogRecord(event) => log_record::key(event, name),
            Source::Event | Source::Span => Some(name.strip_prefix("r#").unwrap_or(name)),
        }
    }

    fn is_message(&self, name: &str) -> bool {
        name == MESSAGE && !matches!(self.source, Source::Span)
    }

    fn write<V: Serialize + ?Sized>(&mut self, field: &Field, value: &V) {
        if let Some(key) = self.key(field) {
            self.fields.field(key, value);
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
        if self.takes_error && !self.is_message(field.name()) {
            self.takes_error = false;
            value.write_to(self.fields);
        } else {
            self.record_debug(field, &format_args!("{value}"));
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if let Some(key) = self.key(field) {
            self.fields.display(key, format_args!("{value:?}"));
        }
    }
}
