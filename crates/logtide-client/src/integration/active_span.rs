//! The active span of the calling thread.
//!
//! A thread has a stack of spans, which can be exited in a different order than they were entered, as `tracing` allows.
//! The stack holds weak references: a dropped span is not active, even if the thread never exited it.

use std::{
    fmt, mem,
    sync::{Arc, Weak},
};

use logtide_core::{Ids, OwnedId, SpanId, TraceContext, TraceHeaders, TraceId, TraceParent, bridge::Stack};

use crate::random;

thread_local! {
    static ENTERED: Stack<Weak<Held>> = const { Stack::new() };
}

/// A span of a tracing framework. While a thread is inside it, entries logged there belong to it, and outgoing requests
/// propagate it. It takes precedence over any [`Scope`](logtide_core::Scope).
///
/// Cheap to clone. A thread leaves a span at the latest when its last clone is dropped.
///
/// ```
/// use logtide_client::integration::ActiveSpan;
/// use logtide_core::SpanId;
///
/// # fn example(client: &logtide_client::Client) {
/// let span = ActiveSpan::new("4bf92f3577b34da6a3ce929d0e0e4736", SpanId::from_random(7));
/// span.enter();
/// logtide_client::info!(client, service: "api", "inside"); // with the ids of the span
/// span.exit();
/// # }
/// ```
#[derive(Clone)]
pub struct ActiveSpan(Arc<Held>);

struct Held {
    trace_id: OwnedId<TraceId>,
    span_id: SpanId,
    sampled: bool,
    parent: Option<SpanId>,
    headers: TraceHeaders,
}

impl ActiveSpan {
    /// Creates a span of a trace. A trace id is any text of up to 256 bytes; the W3C form is 32 lower-case hex digits.
    pub fn new(trace_id: impl Into<OwnedId<TraceId>>, span_id: SpanId) -> Self {
        Self::held(trace_id.into(), span_id, true)
    }

    /// Creates a span of a trace, with a new id.
    pub fn in_trace(trace_id: impl Into<OwnedId<TraceId>>) -> Self {
        Self::new(trace_id, new_span_id())
    }

    /// Creates a span with a new id inside another one, such as that of an incoming request. It belongs to the same
    /// trace, and is recorded if the parent is. It keeps the other headers that the request carried.
    #[must_use]
    pub fn inside(parent: &TraceContext) -> Self {
        let TraceContext { trace_id, span_id, sampled, headers, .. } = parent.clone();
        Self(Arc::new(Held { trace_id, span_id: new_span_id(), sampled, parent: span_id, headers }))
    }

    fn held(trace_id: OwnedId<TraceId>, span_id: SpanId, sampled: bool) -> Self {
        let (parent, headers) = (None, TraceHeaders::default());
        Self(Arc::new(Held { trace_id, span_id, sampled, parent, headers }))
    }

    /// Enters the span on the calling thread.
    pub fn enter(&self) {
        let span = Arc::downgrade(&self.0);
        let _ = ENTERED.try_with(|entered| entered.push(span));
    }

    /// Exits the span on the calling thread. Spans entered later stay active. Does nothing if the thread is not inside
    /// this span.
    pub fn exit(&self) {
        let _ = ENTERED.try_with(|entered| entered.take_last(|span| span.as_ptr() == Arc::as_ptr(&self.0)));
    }

    /// Returns the span that the calling thread entered last and has not exited.
    #[must_use]
    #[inline]
    pub fn current() -> Option<Self> {
        let current = |entered: &Stack<Weak<Held>>| {
            if entered.is_empty() {
                return None;
            }
            while entered.pop_if(|span| span.strong_count() == 0).is_some() {}
            entered.find_last(Weak::upgrade)
        };
        ENTERED.try_with(current).ok().flatten().map(Self)
    }

    /// Runs a closure outside all spans of the calling thread. They are active again afterwards, also after a panic.
    #[inline]
    pub fn outside<R>(work: impl FnOnce() -> R) -> R {
        let take = |entered: &Stack<Weak<Held>>| {
            if entered.is_empty() { Vec::new() } else { entered.replace(Vec::new()) }
        };
        let _aside = Outside(ENTERED.try_with(take).unwrap_or_default());
        work()
    }

    /// The same span, with the given sampling decision.
    #[cfg(feature = "otlp")]
    #[must_use]
    pub(crate) fn sampled(self, sampled: bool) -> Self {
        let Held { trace_id, span_id, parent, headers, .. } = &*self.0;
        let (trace_id, headers) = (trace_id.clone(), headers.clone());
        Self(Arc::new(Held { trace_id, span_id: *span_id, sampled, parent: *parent, headers }))
    }

    /// Returns the span id.
    #[must_use]
    pub fn span_id(&self) -> SpanId {
        self.0.span_id
    }

    /// Returns the id of the span that this one was created [inside](Self::inside), possibly in another program.
    #[must_use]
    pub fn parent_id(&self) -> Option<SpanId> {
        self.0.parent
    }

    /// Returns whether the spans of its trace are recorded.
    #[must_use]
    pub fn is_sampled(&self) -> bool {
        self.0.sampled
    }

    /// Returns the trace id.
    #[must_use]
    pub fn trace_id(&self) -> &str {
        self.0.trace_id.as_str()
    }

    /// Returns the trace and span as an outgoing request would carry them.
    #[must_use]
    pub fn trace_context(&self) -> TraceContext {
        let mut context = TraceContext::new(self.0.trace_id.clone());
        context.span_id = Some(self.0.span_id);
        context.sampled = self.0.sampled;
        context.headers = self.0.headers.clone();
        context
    }

    /// Sets each id that an entry lacks.
    #[inline]
    pub fn fill<'a>(&'a self, ids: &mut Ids<'a>) {
        let mut own = Ids::default();
        own.trace_id = Some(self.0.trace_id.as_id());
        own.span_id = Some(self.0.span_id.into());
        ids.fill(&own);
    }
}

/// A span of another tracing system.
impl From<TraceParent> for ActiveSpan {
    fn from(parent: TraceParent) -> Self {
        Self::held(parent.trace_id.into(), parent.span_id, parent.sampled)
    }
}

impl fmt::Debug for ActiveSpan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("ActiveSpan").field(&self.trace_context()).finish()
    }
}

/// The spans of a thread, which are restored when this is dropped.
struct Outside(Vec<Weak<Held>>);

impl Drop for Outside {
    fn drop(&mut self) {
        // In the common case there are no spans before and after.
        let put_back = |entered: &Stack<Weak<Held>>| {
            let is_as_before = self.0.is_empty() && entered.is_empty();
            if is_as_before { Vec::new() } else { entered.replace(mem::take(&mut self.0)) }
        };
        // Dropped while the stack is not borrowed: an allocator may log.
        let _ = ENTERED.try_with(put_back);
    }
}

fn new_span_id() -> SpanId {
    SpanId::from_random(random::u64())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(number: u64) -> ActiveSpan {
        ActiveSpan::new("trace", SpanId::from_random(number))
    }

    fn current() -> Option<SpanId> {
        ActiveSpan::current().and_then(|span| span.trace_context().span_id)
    }

    #[test]
    fn the_innermost_span_is_current_whatever_the_order_of_exits() {
        let [first, second, third] = [1, 2, 3].map(span);
        for span in [&first, &second, &third] {
            span.enter();
        }
        first.exit();
        assert_eq!(current(), Some(SpanId::from_random(3)));
        third.exit();
        assert_eq!(current(), Some(SpanId::from_random(2)));
        third.exit();
        second.exit();
        assert_eq!(current(), None);
    }

    #[test]
    fn a_span_that_is_entered_twice_is_left_twice() {
        let [outer, inner] = [1, 2].map(span);
        outer.enter();
        inner.enter();
        outer.enter();
        assert_eq!(current(), Some(SpanId::from_random(1)));
        outer.exit();
        assert_eq!(current(), Some(SpanId::from_random(2)));
        inner.exit();
        outer.exit();
        assert_eq!(current(), None);
    }

    #[test]
    fn a_dropped_span_is_not_current() {
        let [outer, lost] = [1, 2].map(span);
        outer.enter();
        lost.enter();
        drop(lost);
        assert_eq!(current(), Some(SpanId::from_random(1)));
        drop(outer);
        assert_eq!(current(), None);
    }

    #[test]
    fn work_outside_all_spans_has_none_and_leaves_them_as_they_were() {
        let [outer, inner] = [1, 2].map(span);
        outer.enter();
        let work = || {
            ActiveSpan::outside(|| {
                assert_eq!(current(), None);
                inner.enter();
                assert_eq!(current(), Some(SpanId::from_random(2)));
                panic!("expected in this test")
            });
        };
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).is_err());
        assert_eq!(current(), Some(SpanId::from_random(1)));
    }

    #[test]
    fn spans_that_work_outside_of_all_does_not_leave_end_with_it() {
        let inner = span(1);
        ActiveSpan::outside(|| inner.enter());
        assert_eq!(current(), None);
    }

    #[test]
    fn each_thread_has_its_own() {
        let outer = span(1);
        outer.enter();
        let other = std::thread::spawn(current).join().unwrap();
        assert_eq!((other, current()), (None, Some(SpanId::from_random(1))));
        outer.exit();
    }
}
