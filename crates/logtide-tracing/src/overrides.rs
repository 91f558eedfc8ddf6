//! Fields that set properties of the entry.

use std::fmt::Debug;

use logtide_core::bridge::Overrides;
use tracing_core::{Field, field::Visit};

use crate::callsite::{Callsite, Settings};

/// Collects the overrides from the fields of an event or a span, which `record` passes to a visitor. `None` if the callsite has
/// none.
#[inline]
pub(crate) fn take<'k>(
    settings: &'k Settings,
    callsite: Callsite,
    record: impl FnOnce(&mut dyn Visit),
) -> Option<Overrides<'k>> {
    callsite.has_overrides().then(|| {
        let mut overrides = settings.overrides();
        record(&mut Taker { overrides: &mut overrides, is_event: callsite.is_event() });
        overrides
    })
}

struct Taker<'t, 'k> {
    overrides: &'t mut Overrides<'k>,
    /// Only an event has a level, which a flag can set.
    is_event: bool,
}

impl Visit for Taker<'_, '_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.overrides.text(field.name(), value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        if self.is_event {
            self.overrides.flag(field.name(), value);
        }
    }

    // Numbers are not strings, and stay in the metadata.
    fn record_f64(&mut self, _: &Field, _: f64) {}
    fn record_i64(&mut self, _: &Field, _: i64) {}
    fn record_u64(&mut self, _: &Field, _: u64) {}
    fn record_i128(&mut self, _: &Field, _: i128) {}
    fn record_u128(&mut self, _: &Field, _: u128) {}

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if self.overrides.knows(field.name()) {
            self.overrides.text(field.name(), format_args!("{value:?}"));
        }
    }
}
