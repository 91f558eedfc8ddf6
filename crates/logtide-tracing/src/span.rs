//! What layers know of a span.

use std::{
    iter, mem,
    sync::{Arc, PoisonError, RwLock},
};

use logtide_client::integration::ActiveSpan;
use logtide_core::{Fields, SpanFields as Written, bridge::Overrides};
use tracing_subscriber::registry::{LookupSpan, SpanRef};

use crate::SpanFields;
#[cfg(feature = "otlp")]
use crate::outgoing::Outgoing;

/// The data in a span's extensions: its ids, and the node of each layer.
#[derive(Debug)]
pub(crate) struct State {
    active: ActiveSpan,
    /// Whether the ids were used, and must not change.
    is_used: bool,
    /// Whether the ids are final.
    #[cfg(feature = "opentelemetry")]
    is_final: bool,
    /// Whether OpenTelemetry has the span and sends it.
    #[cfg(feature = "opentelemetry")]
    is_foreign: bool,
    nodes: Vec<(u64, Arc<Node>)>,
}

/// A span as one layer sees it. It links to the enclosing span instead of copying its data, so that memory is linear in the
/// depth.
#[derive(Debug)]
pub(crate) struct Node {
    parent: Option<Arc<Self>>,
    /// The data to send when the span closes.
    #[cfg(feature = "otlp")]
    outgoing: Option<Outgoing>,
    /// Replaced as a whole, because an allocator that logs reads it.
    recorded: RwLock<Arc<Recorded>>,
}

/// What a span's fields set, possibly recorded late.
#[derive(Debug)]
struct Recorded {
    service: Option<Arc<str>>,
    session_id: Option<Arc<str>>,
    fields: Written,
}

impl State {
    /// Adds a layer's node to the extensions of a span. Keeps the ids that another layer may have given it.
    pub(crate) fn insert<'s, S: LookupSpan<'s>>(
        span: &SpanRef<'s, S>,
        layer: u64,
        node: Node,
        ids: impl FnOnce() -> ActiveSpan,
    ) {
        let mut extensions = span.extensions_mut();
        let entry = (layer, Arc::new(node));
        match extensions.get_mut::<Self>() {
            Some(state) => state.nodes.push(entry),
            None => extensions.insert(Self {
                active: ids(),
                is_used: false,
                #[cfg(feature = "opentelemetry")]
                is_final: false,
                #[cfg(feature = "opentelemetry")]
                is_foreign: false,
                nodes: vec![entry],
            }),
        }
    }

    /// Gives a span another trace, if its ids were not used yet.
    pub(crate) fn set_trace_id<'s, S: LookupSpan<'s>>(
        span: &SpanRef<'s, S>,
        trace_id: &str,
        ids: impl FnOnce() -> ActiveSpan,
    ) {
        let is_wanted = |state: &Self| !state.is_used && state.active.trace_id() != trace_id;
        if !span.extensions().get::<Self>().is_some_and(is_wanted) {
            return;
        }
        let mut ids = ids();
        if let Some(state) = span.extensions_mut().get_mut::<Self>().filter(|state| is_wanted(state)) {
            mem::swap(&mut state.active, &mut ids);
        }
    }

    /// Does the same as [`State::of`], and marks the ids as used.
    pub(crate) fn used<'s, S: LookupSpan<'s>>(
        span: &SpanRef<'s, S>,
        layer: u64,
    ) -> Option<(ActiveSpan, Option<Arc<Node>>)> {
        let is_new = span.extensions().get::<Self>().is_some_and(|state| !state.is_used);
        if is_new && let Some(state) = span.extensions_mut().get_mut::<Self>() {
            state.is_used = true;
        }
        Self::of(span, layer)
    }

    /// Returns the ids of a span, and the node of a layer.
    pub(crate) fn of<'s, S: LookupSpan<'s>>(
        span: &SpanRef<'s, S>,
        layer: u64,
    ) -> Option<(ActiveSpan, Option<Arc<Node>>)> {
        let extensions = span.extensions();
        let state = extensions.get::<Self>()?;
        let node = state.nodes.iter().find(|(owner, _)| *owner == layer);
        #[cfg(feature = "otlp")]
        if state.is_used
            && let Some(outgoing) = node.and_then(|(_, node)| node.outgoing())
        {
            outgoing.settle(&state.active, state.is_foreign());
        }
        Some((state.active.clone(), node.map(|(_, node)| node.clone())))
    }

    /// Whether OpenTelemetry sends the span.
    #[cfg(feature = "otlp")]
    pub(crate) const fn is_foreign(&self) -> bool {
        #[cfg(feature = "opentelemetry")]
        return self.is_foreign;
        #[cfg(not(feature = "opentelemetry"))]
        return false;
    }
}

#[cfg(feature = "opentelemetry")]
impl State {
    /// Whether the ids of a span are final.
    pub(crate) fn has_final_ids<'s, S: LookupSpan<'s>>(span: &SpanRef<'s, S>) -> bool {
        span.extensions().get::<Self>().is_none_or(|state| state.is_final)
    }

    /// Makes the ids of a span final, replacing them if `ids` is given. Does nothing if another thread was first.
    pub(crate) fn finish_ids<'s, S: LookupSpan<'s>>(
        span: &SpanRef<'s, S>,
        ids: Option<ActiveSpan>,
        is_foreign: bool,
    ) {
        let mut ids = ids;
        if let Some(state) = span.extensions_mut().get_mut::<Self>().filter(|state| !state.is_final) {
            (state.is_final, state.is_foreign) = (true, is_foreign);
            if let Some(ids) = &mut ids {
                mem::swap(&mut state.active, ids);
            }
        }
    }
}

impl Node {
    pub(crate) fn new(parent: Option<Arc<Self>>, overrides: Option<&Overrides<'_>>, fields: Written) -> Self {
        let service = overrides.and_then(Overrides::service).map(Into::into);
        let session_id = overrides.and_then(Overrides::session_id).map(Into::into);
        Self {
            parent,
            #[cfg(feature = "otlp")]
            outgoing: None,
            recorded: RwLock::new(Arc::new(Recorded { service, session_id, fields })),
        }
    }

    /// Sets what was recorded late, and keeps the rest.
    pub(crate) fn update(&self, overrides: Option<&Overrides<'_>>, newer: &Written) {
        loop {
            let former = self.recorded();
            let mut recorded = Arc::new(Recorded {
                service: overrides
                    .and_then(Overrides::service)
                    .map_or_else(|| former.service.clone(), |name| Some(name.into())),
                session_id: overrides
                    .and_then(Overrides::session_id)
                    .map_or_else(|| former.session_id.clone(), |id| Some(id.into())),
                fields: former.fields.updated(newer),
            });
            let mut current = self.recorded.write().unwrap_or_else(PoisonError::into_inner);
            // Otherwise another thread recorded something in the meantime.
            if Arc::ptr_eq(&current, &former) {
                mem::swap(&mut *current, &mut recorded);
                return drop(current);
            }
            drop(current);
        }
    }

    /// Returns the service of this span, or of the innermost enclosing span that has one.
    pub(crate) fn service(&self) -> Option<Arc<str>> {
        self.innermost(|recorded| recorded.service.clone())
    }

    /// Returns the session of this span, or of the innermost enclosing span that has one.
    pub(crate) fn session_id(&self) -> Option<Arc<str>> {
        self.innermost(|recorded| recorded.session_id.clone())
    }

    /// Passes the span's own fields to a function.
    #[cfg(feature = "otlp")]
    pub(crate) fn with_fields<R>(&self, work: impl FnOnce(&Written) -> R) -> R {
        work(&self.recorded().fields)
    }

    /// Attaches the data to send when the span closes.
    #[cfg(feature = "otlp")]
    pub(crate) fn sent(self, outgoing: Option<Outgoing>) -> Self {
        let mut node = self;
        node.outgoing = outgoing;
        node
    }

    /// Returns the data to send when the span closes, or `None` if it is not sent.
    #[cfg(feature = "otlp")]
    pub(crate) const fn outgoing(&self) -> Option<&Outgoing> {
        self.outgoing.as_ref()
    }

    /// Writes this span and its enclosing spans, as `placement` and `names` say.
    pub(crate) fn write_to(&self, placement: SpanFields, names: bool, out: &mut Fields<'_>) {
        if placement == SpanFields::Omit && !names {
            return;
        }
        for node in self.and_around() {
            out.span(&node.recorded().fields, placement != SpanFields::Omit);
        }
        if placement == SpanFields::Nest {
            out.nest_spans();
        }
        if names {
            out.span_names();
        }
    }

    fn innermost<T>(&self, find: impl Fn(&Recorded) -> Option<T>) -> Option<T> {
        self.and_around().find_map(|node| find(&node.recorded()))
    }

    /// Iterates over this span and its enclosing spans, innermost first.
    fn and_around(&self) -> impl Iterator<Item = &Self> {
        iter::successors(Some(self), |node| node.parent.as_deref())
    }

    fn recorded(&self) -> Arc<Recorded> {
        self.recorded.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Drops the enclosing spans in a loop: if each dropped the next, a deep chain would overflow the stack.
impl Drop for Node {
    fn drop(&mut self) {
        let mut next = self.parent.take();
        while let Some(node) = next {
            next = Arc::into_inner(node).and_then(|mut node| node.parent.take());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(parent: Option<Arc<Node>>) -> Arc<Node> {
        Arc::new(Node::new(parent, None, Written::default()))
    }

    #[test]
    fn a_deep_chain_is_dropped_without_recursion() {
        let mut innermost = None;
        for _ in 0..100_000 {
            innermost = Some(node(innermost));
        }
        let work = move || drop(innermost);
        std::thread::Builder::new().stack_size(64 << 10).spawn(work).unwrap().join().unwrap();
    }

    #[test]
    fn spans_that_something_else_is_in_stay_when_one_is_dropped() {
        let root = node(None);
        let middle = node(Some(root.clone()));
        drop(node(Some(middle.clone())));
        assert_eq!((Arc::strong_count(&root), Arc::strong_count(&middle)), (2, 1));
        drop(middle);
        assert_eq!(Arc::strong_count(&root), 1);
    }
}
