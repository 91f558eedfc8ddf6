//! Records of the `log` crate, as `tracing-log` makes events of them.
//!
//! They share one origin in their metadata, and bring their own as fields.

use std::fmt::Debug;

use tracing_core::{Event, Field, Metadata, field::Visit};

const TARGET: &str = "log.target";
const MODULE: &str = "log.module_path";

/// Whether an event is one.
pub(crate) fn is_one(metadata: &Metadata<'_>) -> bool {
    metadata.target() == "log" && metadata.name() == "log event"
}

/// The key of such a field.
pub(crate) fn key(name: &'static str) -> &'static str {
    match name {
        TARGET => "logger",
        MODULE => "module",
        "log.file" => "file",
        "log.line" => "line",
        other => other,
    }
}

/// Whether a field is a module that has the target's name.
pub(crate) fn repeats_target(event: &Event<'_>, field: &Field) -> bool {
    let mut found = false;
    if field.name() == MODULE {
        event.record(&mut OnText(MODULE, |module: &str| {
            event.record(&mut OnText(TARGET, |target: &str| found = module == target));
        }));
    }
    found
}

/// Calls a function with the text of one field.
struct OnText<F>(&'static str, F);

impl<F: FnMut(&str)> Visit for OnText<F> {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == self.0 {
            (self.1)(value);
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}
