//! The ids that OpenTelemetry gives to spans.

use std::sync::OnceLock;

use ::opentelemetry::trace::TraceContextExt as _;
use logtide_client::ActiveSpan;
use logtide_core::{SpanId, TraceId, TraceParent};
use tracing_core::{Dispatch, dispatcher::WeakDispatch};
use tracing_subscriber::registry::{LookupSpan, SpanRef};

use crate::span::State;

/// The subscriber that the layer was added to, which knows whether there is OpenTelemetry.
#[derive(Debug, Default)]
pub(super) struct Registered(OnceLock<WeakDispatch>);

impl Registered {
    pub(super) fn set(&self, dispatch: &Dispatch) {
        let _ = self.0.set(dispatch.downgrade());
    }

    /// Gives a span the ids that OpenTelemetry has for it, once and before it is entered: an exit must find what was entered.
    ///
    /// OpenTelemetry's span starts with that, as it does when `tracing-opentelemetry` is as it is by default. A layer that was put in by
    /// reloading is not told its subscriber, and leaves the ids to those that were.
    pub(super) fn adopt_ids<'s, S: LookupSpan<'s>>(&self, span: &SpanRef<'s, S>) {
        if State::has_final_ids(span) {
            return;
        }
        let Some(dispatch) = self.0.get().and_then(WeakDispatch::upgrade) else { return };
        // It locks the span itself.
        let context = tracing_opentelemetry::get_otel_context(&span.id(), &dispatch);
        State::finish_ids(span, context.and_then(|context| ids_of(context.span().span_context())));
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
