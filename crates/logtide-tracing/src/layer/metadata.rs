//! Events and spans as metadata for the client.

use logtide_core::{Fields, IntoMetadata, bridge::Overrides};
use tracing_core::{Event, field::Visit};

use super::Layer;
use crate::{
    callsite::{Callsite, origin},
    recorder::Recorder,
    span::Node,
};

/// The fields of a span, which `record` passes to a visitor.
pub(super) struct OfSpan<'a, R> {
    pub(super) record: R,
    pub(super) callsite: Callsite,
    pub(super) overrides: Option<&'a Overrides<'a>>,
}

impl<R: FnOnce(&mut dyn Visit)> IntoMetadata for OfSpan<'_, R> {
    fn write_to(self, fields: &mut Fields<'_>) {
        let Self { record, callsite, overrides } = self;
        record(&mut Recorder::of_span(fields, callsite, overrides));
    }
}

/// The message and all metadata of an event. The event's own fields come first, and so win.
#[derive(Clone, Copy)]
pub(super) struct OfEvent<'a> {
    pub(super) event: &'a Event<'a>,
    pub(super) callsite: Callsite,
    pub(super) overrides: Option<&'a Overrides<'a>>,
    pub(super) span: Option<&'a Node>,
    pub(super) layer: &'a Layer,
}

impl IntoMetadata for OfEvent<'_> {
    fn write_to(self, fields: &mut Fields<'_>) {
        let Self { event, callsite, overrides, .. } = self;
        let location = self.layer.location;
        let log_record = callsite.is_log_record().then_some((event, location));
        event.record(&mut Recorder::of_event(fields, callsite, overrides, log_record));
        if let Some(span) = self.span {
            span.write_to(self.layer.span_fields, self.layer.span_names, fields);
        }
        match callsite.registered {
            _ if callsite.is_log_record() => {}
            Some(_) => fields.origin(location),
            None => {
                let origin = origin(event.metadata());
                if location { origin } else { origin.without_place() }.write_to(fields);
            }
        }
    }
}
