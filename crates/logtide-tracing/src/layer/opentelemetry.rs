//! Adopts the ids that OpenTelemetry gives to spans.

use std::sync::{
    OnceLock,
    atomic::{AtomicBool, Ordering},
};

use ::opentelemetry::trace::TraceContextExt as _;
use logtide_client::integration::ActiveSpan;
use logtide_core::{SpanId, TraceId, TraceParent};
use tracing_core::{Dispatch, dispatcher::WeakDispatch};
use tracing_subscriber::registry::{LookupSpan, SpanRef};

use crate::span::State;

/// The subscriber that the layer was added to, through which OpenTelemetry's ids are found.
#[derive(Debug, Default)]
pub(super) struct Registered {
    dispatch: OnceLock<WeakDispatch>,
    /// Whether OpenTelemetry has had ids for a span.
    is_there: AtomicBool,
}

impl Registered {
    pub(super) fn set(&self, dispatch: &Dispatch) {
        let _ = self.dispatch.set(dispatch.downgrade());
    }

    /// Gives a span the ids that OpenTelemetry has for it, once and before it is entered: an exit must find what was entered.
    ///
    /// With the default settings of `tracing-opentelemetry`, this starts OpenTelemetry's span. A layer that was added by
    /// reloading is not told its subscriber, and leaves the ids to the layers that were.
    pub(super) fn adopt_ids<'s, S: LookupSpan<'s>>(&self, span: &SpanRef<'s, S>) {
        self.adopt(span, |has_ids| has_ids);
    }

    /// Does the same as [`Self::adopt_ids`] for a span that has closed.
    ///
    /// If the layer of OpenTelemetry was told first, it has forgotten the span. A span that was not entered then counts as sent
    /// by OpenTelemetry, if OpenTelemetry had ids for any other span.
    #[cfg(feature = "otlp")]
    pub(super) fn adopt_last<'s, S: LookupSpan<'s>>(&self, span: &SpanRef<'s, S>) {
        self.adopt(span, |has_ids| has_ids || self.is_there.load(Ordering::Relaxed));
    }

    fn adopt<'s, S: LookupSpan<'s>>(&self, span: &SpanRef<'s, S>, is_foreign: impl FnOnce(bool) -> bool) {
        if State::has_final_ids(span) {
            return;
        }
        let Some(dispatch) = self.dispatch.get().and_then(WeakDispatch::upgrade) else { return };
        // This locks the span itself.
        let context = tracing_opentelemetry::get_otel_context(&span.id(), &dispatch);
        let ids = context.and_then(|context| ids_of(context.span().span_context()));
        let has_ids = ids.is_some();
        if has_ids {
            self.is_there.store(true, Ordering::Relaxed);
        }
        State::finish_ids(span, ids, is_foreign(has_ids));
    }
}

fn ids_of(context: &::opentelemetry::trace::SpanContext) -> Option<ActiveSpan> {
    if !context.is_valid() {
        return None;
    }
    let trace_id = TraceId::from_random(u128::from_be_bytes(context.trace_id().to_bytes()));
    let span_id = SpanId::from_random(u64::from_be_bytes(context.span_id().to_bytes()));
    let mut parent = TraceParent::new(trace_id, span_id);
    parent.sampled = context.is_sampled();
    Some(parent.into())
}
