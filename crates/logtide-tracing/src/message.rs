//! The message of an event.

use std::fmt::{self, Debug, Display};

use tracing_core::{Event, Field, field::Visit};

/// The field that holds it.
pub(crate) const MESSAGE: &str = "message";

/// Displays as the message of an event does; as its name where it has none.
pub(crate) struct Message<'a> {
    pub(crate) event: &'a Event<'a>,
    /// Its place among the fields.
    pub(crate) index: Option<usize>,
}

impl Display for Message<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut result = None;
        if let Some(index) = self.index {
            self.event.record(&mut Writer { formatter, index, result: &mut result });
        }
        result.unwrap_or_else(|| formatter.write_str(self.event.metadata().name()))
    }
}

struct Writer<'w, 'f> {
    formatter: &'w mut fmt::Formatter<'f>,
    index: usize,
    result: &'w mut Option<fmt::Result>,
}

impl Writer<'_, '_> {
    fn write(&mut self, field: &Field, value: impl Display) {
        if field.index() == self.index {
            *self.result = Some(value.fmt(self.formatter));
        }
    }
}

impl Visit for Writer<'_, '_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.write(field, format_args!("{value:?}"));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.write(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.write(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.write(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.write(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.write(field, format_args!("{value:?}"));
    }
}
