//! Spans of a framework.

#[cfg(feature = "otlp")]
use logtide_core::SampleRate;
use logtide_core::TraceContext;

use super::{ActiveSpan, Integration};
use crate::context::new_trace_id;
#[cfg(feature = "otlp")]
use crate::{random, span::EndedSpan};

impl Integration<'_> {
    /// Creates a span in the scope's trace, otherwise in the client's, otherwise in a new trace. Ignores the active
    /// span.
    #[must_use]
    pub fn root_span(self) -> ActiveSpan {
        match self.client.outer_trace_context() {
            Some(context) => self.span_inside(&context),
            None => self.decide_sampling(ActiveSpan::in_trace(new_trace_id())),
        }
    }

    /// Creates a span inside the span of a context. If the context has no span, the new span is the first of its trace,
    /// and the sampling decision is made here.
    #[must_use]
    pub fn span_inside(self, context: &TraceContext) -> ActiveSpan {
        let span = ActiveSpan::inside(context);
        if context.span_id.is_some() { span } else { self.decide_sampling(span) }
    }

    /// Creates a span of a trace that the application names. Its parent is `around`, otherwise the scope's span if that
    /// belongs to the same trace. Without a parent, it is the first of the trace.
    #[must_use]
    pub fn span_of_trace(self, trace_id: &str, around: Option<&ActiveSpan>) -> ActiveSpan {
        let is_same = |context: &TraceContext| context.trace_id.as_str() == trace_id;
        let around = around.map(ActiveSpan::trace_context).filter(is_same);
        let around = around.or_else(|| self.client.outer_trace_context().filter(is_same));
        match around {
            Some(context) if context.span_id.is_some() => ActiveSpan::inside(&context),
            _ => self.decide_sampling(ActiveSpan::in_trace(trace_id)),
        }
    }

    /// Passes an ended span to the worker, if its trace is sampled.
    ///
    /// A trace id that is not in W3C form is [converted](logtide_core::OwnedId::to_w3c), and kept as the attribute
    /// `trace_id`. If a span exceeds the maximum size of an entry, events and links are removed first, then attributes.
    #[cfg(feature = "otlp")]
    pub fn submit_span(self, span: &EndedSpan<'_>) {
        span.submit(self.client.handle());
    }

    #[cfg(feature = "otlp")]
    fn decide_sampling(self, span: ActiveSpan) -> ActiveSpan {
        let rate = SampleRate::new(self.client.handle().options().otlp.traces_sample_rate);
        if rate.keeps_all() || rate.keeps(Some(span.trace_id()), random::f64()) {
            span
        } else {
            span.sampled(false)
        }
    }

    #[cfg(not(feature = "otlp"))]
    #[expect(clippy::unused_self, reason = "same signature as with the feature `otlp`")]
    const fn decide_sampling(self, span: ActiveSpan) -> ActiveSpan {
        span
    }
}
