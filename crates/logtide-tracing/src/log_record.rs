//! Records of the `log` crate, as `tracing-log` makes events of them.
//!
//! They share one origin in their metadata, and bring their own as fields.

use std::fmt::Debug;

use tracing_core::{
    Event, Field, Kind, Metadata,
    field::{FieldSet, Visit},
};

const TARGET: &str = "log.target";
const MODULE: &str = "log.module_path";

/// Whether an event is one.
pub(crate) fn is_one(metadata: &Metadata<'_>) -> bool {
    metadata.target() == "log" && metadata.name() == "log event"
}

/// The key of such a field; none when it is a place and places are left out.
pub(crate) fn key(name: &'static str, location: bool) -> Option<&'static str> {
    match name {
        TARGET => Some("logger"),
        MODULE => location.then_some("module"),
        "log.file" => location.then_some("file"),
        "log.line" => location.then_some("line"),
        other => Some(other),
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

/// Calls a function with metadata that have the record's target.
pub(crate) fn with_metadata(event: &Event<'_>, mut work: impl FnMut(&Metadata<'_>)) {
    let shared = event.metadata();
    event.record(&mut OnText(TARGET, |target: &str| {
        let fields = FieldSet::new(&[], shared.callsite());
        work(&Metadata::new(shared.name(), target, *shared.level(), None, None, None, fields, Kind::EVENT));
    }));
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
