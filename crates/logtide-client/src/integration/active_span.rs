//! The span that the calling thread is in at the moment.
//!
//! A thread has a stack of spans, so that they may be left in another order than they were entered, as `tracing` allows. It does not
//! keep them: one that is gone is not current, even if nobody said that the thread left it.

use std::{
    fmt, mem,
    sync::{Arc, Weak},
};

use logtide_core::{Ids, OwnedId, SpanId, TraceContext, TraceHeaders, TraceId, TraceParent, bridge::Stack};

use crate::random;

thread_local! {
    static ENTERED: Stack<Weak<Held>> = const { Stack::new() };
}

/// A span of a tracing framework. While a thread is in it, the entries that are logged there belong to it, and requests that go out
/// take it along, before any [`Scope`](logtide_core::Scope).
///
/// Cheap to clone. A thread leaves a span at the latest when its
/// last clone is dropped.
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
    /// A span of a trace: any text up to 256 bytes, W3C form is 32 lower-case hex digits.
    pub fn new(trace_id: impl Into<OwnedId<TraceId>>, span_id: SpanId) -> Self {
        Self::held(trace_id.into(), span_id, true)
    }

    /// A span of a trace, with a new id.
    pub fn in_trace(trace_id: impl Into<OwnedId<TraceId>>) -> Self {
        Self::new(trace_id, new_span_id())
    }

    /// A span with a new id inside another one, perhaps that of a request which came in: of the same trace, and recorded where
    /// that is. What the request carried beside its ids goes along.
    #[must_use]
    pub fn inside(parent: &TraceContext) -> Self {
        let TraceContext { trace_id, span_id, sampled, headers, .. } = parent.clone();
        Self(Arc::new(Held { trace_id, span_id: new_span_id(), sampled, parent: span_id, headers }))
    }

    fn held(trace_id: OwnedId<TraceId>, span_id: SpanId, sampled: bool) -> Self {
        let (parent, headers) = (None, TraceHeaders::default());
        Self(Arc::new(Held { trace_id, span_id, sampled, parent, headers }))
    }

    /// Puts the calling thread into the span.
    pub fn enter(&self) {
        let span = Arc::downgrade(&self.0);
        let _ = ENTERED.try_with(|entered| entered.push(span));
    }

    /// Takes the calling thread out of the span. Spans that it entered later stay; nothing happens when it is not in this one.
    pub fn exit(&self) {
        let _ = ENTERED.try_with(|entered| entered.take_last(|span| span.as_ptr() == Arc::as_ptr(&self.0)));
    }

    /// The span that the calling thread entered last and is still in.
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

    /// Does some work outside all spans that the calling thread is in. Afterwards, and after a panic, it is in them again.
    #[inline]
    pub fn outside<R>(work: impl FnOnce() -> R) -> R {
        let take = |entered: &Stack<Weak<Held>>| {
            if entered.is_empty() { Vec::new() } else { entered.replace(Vec::new()) }
        };
        let _aside = Aside(ENTERED.try_with(take).unwrap_or_default());
        work()
    }

    /// As it is, in a trace whose spans are recorded or not.
    #[cfg(feature = "otlp")]
    #[must_use]
    pub(crate) fn sampled(self, sampled: bool) -> Self {
        let Held { trace_id, span_id, parent, headers, .. } = &*self.0;
        let (trace_id, headers) = (trace_id.clone(), headers.clone());
        Self(Arc::new(Held { trace_id, span_id: *span_id, sampled, parent: *parent, headers }))
    }

    /// The span.
    #[must_use]
    pub fn span_id(&self) -> SpanId {
        self.0.span_id
    }

    /// The span that it was made [inside](Self::inside) of, which may be of another program.
    #[must_use]
    pub fn parent_id(&self) -> Option<SpanId> {
        self.0.parent
    }

    /// Whether the spans of its trace are recorded.
    #[must_use]
    pub fn is_sampled(&self) -> bool {
        self.0.sampled
    }

    /// The trace.
    #[must_use]
    pub fn trace_id(&self) -> &str {
        self.0.trace_id.as_str()
    }

    /// Trace and span, as a request from here would carry them.
    #[must_use]
    pub fn trace_context(&self) -> TraceContext {
        let mut context = TraceContext::new(self.0.trace_id.clone());
        context.span_id = Some(self.0.span_id);
        context.sampled = self.0.sampled;
        context.headers = self.0.headers.clone();
        context
    }

    /// Gives an entry each of the ids that it does not have itself.
    #[inline]
    pub fn fill<'a>(&'a self, ids: &mut Ids<'a>) {
        let mut own = Ids::default();
        own.trace_id = Some(self.0.trace_id.as_id());
        own.span_id = Some(self.0.span_id.into());
        ids.fill(&own);
    }
}

/// The span as it is known elsewhere.
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

/// The spans of a thread, which are its own again when this is dropped.
struct Aside(Vec<Weak<Held>>);

impl Drop for Aside {
    fn drop(&mut self) {
        // Most work begins without spans, and leaves those that it enters.
        let put_back = |entered: &Stack<Weak<Held>>| {
            let is_as_before = self.0.is_empty() && entered.is_empty();
            if is_as_before { Vec::new() } else { entered.replace(mem::take(&mut self.0)) }
        };
        // Dropped when the stack is not borrowed: an allocator may log.
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
    fn a_span_that_is_gone_is_not_current() {
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
