//! Spans of a framework.

#[cfg(feature = "otlp")]
use logtide_core::SampleRate;
use logtide_core::TraceContext;

use super::{ActiveSpan, Integration};
use crate::context::new_trace_id;
#[cfg(feature = "otlp")]
use crate::{random, span::EndedSpan};

impl Integration<'_> {
    /// A new span of the scope's trace, else of the client's, else of a new one, whatever span is active.
    #[must_use]
    pub fn root_span(self) -> ActiveSpan {
        match self.client.outer_trace_context() {
            Some(context) => self.span_inside(&context),
            None => self.decide_sampling(ActiveSpan::in_trace(new_trace_id())),
        }
    }

    /// A new span inside of the one of a context. Where the context has no span, it is the first of its trace, and whether the trace is
    /// recorded is decided here.
    #[must_use]
    pub fn span_inside(self, context: &TraceContext) -> ActiveSpan {
        let span = ActiveSpan::inside(context);
        if context.span_id.is_some() { span } else { self.decide_sampling(span) }
    }

    /// A new span of a trace that the application names: inside of `around`, else of the scope's span, where that is of the same trace, and
    /// else the first of the trace.
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

    /// Leaves a span that has ended for the worker, if its trace is sampled.
    ///
    /// A trace id that is not of the W3C form becomes an id that is [made of it](logtide_core::OwnedId::to_w3c), and stays as the attribute
    /// `trace_id`. Of a span that is larger than an entry may be, events and links are left out, and then attributes.
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
    #[expect(clippy::unused_self, reason = "it stands for that of the feature `otlp`")]
    const fn decide_sampling(self, span: ActiveSpan) -> ActiveSpan {
        span
    }
}
