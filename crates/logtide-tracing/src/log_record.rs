//! Records of the `log` crate, which `tracing-log` turns into events.
//!
//! They share one callsite, and bring their own location as fields.

use std::fmt::Debug;

use tracing_core::{
    Event, Field, Kind, Metadata,
    field::{FieldSet, Visit},
};

const TARGET: &str = "log.target";
const MODULE: &str = "log.module_path";
const FILE: &str = "log.file";
const LINE: &str = "log.line";

/// Whether an event is a record of the `log` crate.
pub(crate) fn is_one(metadata: &Metadata<'_>) -> bool {
    metadata.target() == "log" && metadata.name() == "log event"
}

/// Returns the key of such a field.
pub(crate) fn key(name: &'static str) -> &'static str {
    match name {
        TARGET => "logger",
        MODULE => "module",
        FILE => "file",
        LINE => "line",
        other => other,
    }
}

/// Whether a field is left out: a part of the location if locations are not written, or a module that equals the target.
pub(crate) fn leaves_out(event: &Event<'_>, field: &Field, location: bool) -> bool {
    (!location && matches!(field.name(), MODULE | FILE | LINE)) || repeats_target(event, field)
}

fn repeats_target(event: &Event<'_>, field: &Field) -> bool {
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

/// Calls a function with the string value of one field.
struct OnText<F>(&'static str, F);

impl<F: FnMut(&str)> Visit for OnText<F> {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == self.0 {
            (self.1)(value);
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}
