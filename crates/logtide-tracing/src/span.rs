//! What is known of a span.

use std::sync::{Arc, PoisonError, RwLock};

use logtide_client::{ActiveSpan, Client};
use logtide_core::{Fields, IntoMetadata, Prepared};
use tracing_subscriber::registry::{LookupSpan, SpanRef};

use crate::SpanFields;

/// What a span holds in its extensions: its ids, and what each layer knows of it.
#[derive(Debug)]
pub(crate) struct State {
    active: ActiveSpan,
    /// No other ids will be found.
    #[cfg(feature = "opentelemetry")]
    is_final: bool,
    nodes: Vec<(u64, Arc<Node>)>,
}

/// A span as one layer sees it.
#[derive(Debug)]
pub(crate) struct Node {
    parent: Option<Arc<Self>>,
    /// The names of the spans around it and its own.
    pub(crate) path: Vec<&'static str>,
    pub(crate) service: Option<String>,
    pub(crate) session_id: Option<String>,
    fields: RwLock<Prepared>,
}

impl State {
    /// Puts what a layer knows of a span into its extensions; the ids are those that another layer may have given it.
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
                #[cfg(feature = "opentelemetry")]
                is_final: false,
                nodes: vec![entry],
            }),
        }
    }

    /// The ids of a span, and what a layer knows of it.
    pub(crate) fn of<'s, S: LookupSpan<'s>>(
        span: &SpanRef<'s, S>,
        layer: u64,
    ) -> Option<(ActiveSpan, Option<Arc<Node>>)> {
        let extensions = span.extensions();
        let state = extensions.get::<Self>()?;
        let node = state.nodes.iter().find(|(owner, _)| *owner == layer);
        Some((state.active.clone(), node.map(|(_, node)| node.clone())))
    }
}

#[cfg(feature = "opentelemetry")]
impl State {
    /// Whether the ids of a span will stay as they are.
    pub(crate) fn has_final_ids<'s, S: LookupSpan<'s>>(span: &SpanRef<'s, S>) -> bool {
        span.extensions().get::<Self>().is_none_or(|state| state.is_final)
    }

    /// Gives a span other ids, if there are some, unless another thread was first.
    pub(crate) fn finish_ids<'s, S: LookupSpan<'s>>(span: &SpanRef<'s, S>, ids: Option<ActiveSpan>) {
        if let Some(state) = span.extensions_mut().get_mut::<Self>().filter(|state| !state.is_final) {
            state.is_final = true;
            state.active = ids.unwrap_or_else(|| state.active.clone());
        }
    }
}

impl Node {
    pub(crate) fn new(name: &'static str, parent: Option<Arc<Self>>, fields: Prepared) -> Self {
        let mut path = parent.as_ref().map(|parent| parent.path.clone()).unwrap_or_default();
        path.push(name);
        let (service, session_id) = match &parent {
            Some(parent) => (parent.service.clone(), parent.session_id.clone()),
            None => (None, None),
        };
        Self { parent, path, service, session_id, fields: RwLock::new(fields) }
    }

    /// Sets fields; those of other names stay.
    pub(crate) fn update(&self, client: &Client, newer: &Prepared) {
        let mut fields = self.fields.write().unwrap_or_else(PoisonError::into_inner);
        *fields = client.prepare(newer.with(&*fields));
    }

    /// Writes the fields of this span, then those of the spans around it.
    pub(crate) fn write_to(&self, placement: SpanFields, out: &mut Fields<'_>) {
        let mut next = Some(self);
        while let Some(node) = next {
            let fields = node.fields.read().unwrap_or_else(PoisonError::into_inner);
            match placement {
                SpanFields::Flatten => fields.write_to(out),
                SpanFields::Nest if !fields.is_empty() => out.object(node.name(), &fields),
                SpanFields::Nest | SpanFields::Omit => {}
            }
            next = node.parent.as_deref();
        }
    }

    fn name(&self) -> &'static str {
        self.path.last().copied().unwrap_or_default()
    }
}
