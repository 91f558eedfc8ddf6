//! The message of an event.

use std::fmt::{self, Debug, Display};

use tracing_core::{Event, Field, field::Visit};

/// The field that holds it.
pub(crate) const MESSAGE: &str = "message";

/// Displays as the message of an event does; as its name where it has none.
pub(crate) struct Message<'a>(pub(crate) &'a Event<'a>);

impl Display for Message<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut writer = Writer { formatter, result: None };
        self.0.record(&mut writer);
        let Writer { formatter, result } = writer;
        result.unwrap_or_else(|| formatter.write_str(self.0.metadata().name()))
    }
}

struct Writer<'w, 'f> {
    formatter: &'w mut fmt::Formatter<'f>,
    result: Option<fmt::Result>,
}

impl Visit for Writer<'_, '_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == MESSAGE {
            self.result = Some(self.formatter.write_str(value));
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == MESSAGE {
            self.result = Some(value.fmt(self.formatter));
        }
    }
}
