//! The layer and its implementation of `tracing_subscriber::Layer`.

mod metadata;
#[cfg(feature = "opentelemetry")]
mod opentelemetry;
mod options;
#[cfg(feature = "otlp")]
mod spans;

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use logtide_client::{
    Client,
    integration::{ActiveSpan, Integration},
};
use logtide_core::{
    Fields, Head, Level, SpanFields as Written,
    bridge::{Overrides, catch},
};
use tracing_core::{
    Event, LevelFilter, Metadata, Subscriber,
    field::Visit,
    span::{Attributes, Id, Record},
};
use tracing_subscriber::{
    layer::Context,
    registry::{LookupSpan, SpanRef},
};

use self::metadata::{OfEvent, OfSpan};
use crate::{
    SpanFields,
    callsite::{Callsite, Settings, origin},
    entered, log_record,
    overrides::take,
    recorder::Recorder,
    span::{Node, State},
};

/// Logs events of level INFO and above through a client, unless [`level`](Self::level) or [`with_filter`](Self::with_filter) is
/// set. Create one with [`layer`](crate::layer). The [crate docs](crate) show how an event becomes an entry.
///
/// ```
/// use logtide_tracing::SpanFields;
///
/// # fn example(client: &logtide_client::Client) {
/// let layer = logtide_tracing::layer(client).service("api").span_fields(SpanFields::Nest);
/// # drop(layer);
/// # }
/// ```
#[must_use = "a layer does nothing until it is added to a subscriber"]
pub struct Layer {
    client: Client,
    /// Identifies this layer among the layers of a subscriber.
    number: u64,
    service: String,
    settings: Settings,
    span_fields: SpanFields,
    span_names: bool,
    location: bool,
    max_level: LevelFilter,
    /// Whether the application has set the level.
    is_level_set: bool,
    level: Option<LevelOf>,
    #[cfg(feature = "otlp")]
    spans: spans::Spans,
    #[cfg(feature = "opentelemetry")]
    dispatch: opentelemetry::Registered,
}

type LevelOf = Arc<dyn Fn(&Metadata<'_>) -> Level + Send + Sync>;

impl Layer {
    /// Creates a layer that logs events of level INFO and above through a client.
    ///
    /// **Keep a handle of the client for as long as it should log.** The layer does not keep the client open. When the last
    /// handle is dropped, the client closes and nothing more is sent.
    pub fn new(client: &Client) -> Self {
        static LAYERS: AtomicU64 = AtomicU64::new(0);
        Self {
            client: client.detached(),
            number: LAYERS.fetch_add(1, Ordering::Relaxed),
            service: String::new(),
            settings: Settings::new(),
            span_fields: SpanFields::default(),
            span_names: true,
            location: true,
            max_level: LevelFilter::INFO,
            is_level_set: false,
            level: None,
            #[cfg(feature = "otlp")]
            spans: Default::default(),
            #[cfg(feature = "opentelemetry")]
            dispatch: Default::default(),
        }
    }

    /// Whether the layer takes this level. This is not checked in `enabled`, which would disable the event for the other layers
    /// too.
    #[inline]
    fn takes(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= self.max_level
    }

    /// Returns a span if the layer takes it.
    fn span<'c, S: Subscriber + for<'s> LookupSpan<'s>>(
        &self,
        id: &Id,
        context: &'c Context<'_, S>,
    ) -> Option<SpanRef<'c, S>> {
        context.span(id).filter(|span| self.takes(span.metadata()))
    }

    /// Returns [`Self::state`] of the explicit parent, or of the innermost enclosing span that the layer takes.
    fn around<'s, S: LookupSpan<'s>>(
        &self,
        parent: Option<SpanRef<'s, S>>,
    ) -> Option<(ActiveSpan, Option<Arc<Node>>)> {
        let taken = parent?.scope().find(|span| self.takes(span.metadata()))?;
        self.state(&taken)
    }

    #[inline]
    fn level_of(&self, event: &Event<'_>, callsite: Callsite) -> Level {
        let chosen = self.level.as_ref().and_then(|level| mapped(level, event, callsite));
        chosen.unwrap_or_else(|| default_level(*event.metadata().level()))
    }

    /// Encodes the fields of a span for the entries inside it.
    fn written<R: FnOnce(&mut dyn Visit)>(&self, span: OfSpan<'_, R>) -> Written {
        Written::new(span.callsite.registered, Integration::of(&self.client).content(), span)
    }

    /// Returns the ids of a span, which are final from here on, and the node of this layer.
    fn state<'s, S: LookupSpan<'s>>(&self, span: &SpanRef<'s, S>) -> Option<(ActiveSpan, Option<Arc<Node>>)> {
        #[cfg(feature = "opentelemetry")]
        self.dispatch.adopt_ids(span);
        State::used(span, self.number)
    }
}

impl<S: Subscriber + for<'s> LookupSpan<'s>> tracing_subscriber::Layer<S> for Layer {
    #[cfg(feature = "opentelemetry")]
    fn on_register_dispatch(&self, dispatch: &tracing_core::Dispatch) {
        self.dispatch.set(dispatch);
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = self.span(id, &context) else { return };
        #[cfg(feature = "otlp")]
        let outgoing = self.outgoing();
        let callsite = Callsite::of(attributes.metadata(), &self.settings);
        let record = |visitor: &mut dyn Visit| attributes.record(visitor);
        let overrides = take(&self.settings, callsite, record);
        // Formatting a value runs code of the application, so the span must not be locked here.
        let fields = self.written(OfSpan { record, callsite, overrides: overrides.as_ref() });
        let (around, parent) = if attributes.is_contextual() {
            // The span that was entered last may be one that the layer does not take, or one from outside `tracing`.
            (ActiveSpan::current(), entered::current(self.number))
        } else {
            let (ids, node) = self.around(span.parent()).unzip();
            (ids, node.flatten())
        };
        let node = Node::new(parent, overrides.as_ref(), fields);
        #[cfg(feature = "otlp")]
        let node = node.sent(outgoing);
        let ids = || match (overrides.as_ref().and_then(Overrides::trace_id), around) {
            (Some(trace_id), around) => {
                Integration::of(&self.client).span_of_trace(trace_id, around.as_ref())
            }
            (None, Some(around)) => ActiveSpan::inside(&around.trace_context()),
            (None, None) => Integration::of(&self.client).root_span(),
        };
        State::insert(&span, self.number, node, ids);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = self.span(id, &context) else { return };
        let callsite = Callsite::of(span.metadata(), &self.settings);
        let record = |visitor: &mut dyn Visit| values.record(visitor);
        let overrides = take(&self.settings, callsite, record);
        let newer = self.written(OfSpan { record, callsite, overrides: overrides.as_ref() });
        if let Some((_, Some(node))) = State::of(&span, self.number) {
            node.update(overrides.as_ref(), &newer);
        }
        if let Some(trace_id) = overrides.as_ref().and_then(Overrides::trace_id) {
            State::set_trace_id(&span, trace_id, || {
                Integration::of(&self.client).span_of_trace(trace_id, None)
            });
        }
    }

    #[cfg(feature = "otlp")]
    fn on_follows_from(&self, id: &Id, follows: &Id, context: Context<'_, S>) {
        if let (Some(span), Some(follows)) = (self.span(id, &context), self.span(follows, &context)) {
            self.link(&span, &follows);
        }
    }

    #[cfg(feature = "otlp")]
    fn on_close(&self, id: Id, context: Context<'_, S>) {
        if let Some(span) = self.span(&id, &context) {
            self.send(&span);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        if !self.takes(event.metadata()) {
            return;
        }
        let callsite = Callsite::of(event.metadata(), &self.settings);
        if callsite.is_plain() && event.is_contextual() {
            self.log_plain(event, callsite);
        } else {
            self.log(event, callsite, context);
        }
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        if let Some((ids, node)) = self.span(id, &context).and_then(|span| self.state(&span)) {
            ids.enter();
            node.inspect(|node| entered::enter(self.number, node));
        }
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        if let Some((ids, node)) = self.span(id, &context).and_then(|span| self.state(&span)) {
            ids.exit();
            node.as_ref().inspect(|node| entered::exit(node));
            #[cfg(feature = "otlp")]
            node.as_ref().and_then(|node| node.outgoing()).inspect(|outgoing| outgoing.leave());
        }
    }
}

impl Layer {
    /// Logs a plain event, as nearly all are: its location is its own, and its fields are metadata.
    fn log_plain(&self, event: &Event<'_>, callsite: Callsite) {
        let node = entered::current(self.number);
        let mut head = Head::new(self.level_of(event, callsite), &self.service);
        head.call_site = callsite.registered;
        let (service, session_id);
        if let Some(node) = &node {
            (service, session_id) = (node.service(), node.session_id());
            head.service = service.as_deref().unwrap_or(head.service);
            head.ids.session_id = session_id.as_deref();
        }
        Integration::of(&self.client).submit_with(&head, |fields| {
            event.record(&mut Recorder::plain(fields, callsite));
            if let Some(node) = &node {
                node.write_to(self.span_fields, self.span_names, fields);
            }
            fields.origin(self.location);
            if !fields.has_message() {
                fields.message(event.metadata().name());
            }
        });
    }

    /// Logs any event.
    fn log<S: Subscriber + for<'s> LookupSpan<'s>>(
        &self,
        event: &Event<'_>,
        callsite: Callsite,
        context: Context<'_, S>,
    ) {
        let metadata = event.metadata();
        let overrides = take(&self.settings, callsite, |visitor| event.record(visitor));
        let (parent_ids, node) = if event.is_contextual() {
            (None, entered::current(self.number))
        } else {
            let (ids, node) = self.around(context.event_span(event)).unzip();
            (ids, node.flatten())
        };
        #[cfg(feature = "otlp")]
        if callsite.concerns_spans() && !self.note(event, callsite, node.as_deref()) {
            return;
        }

        let mut head = Head::new(self.level_of(event, callsite), &self.service);
        let (service, session_id);
        if let Some(node) = &node {
            (service, session_id) = (node.service(), node.session_id());
            head.service = service.as_deref().unwrap_or(head.service);
            head.ids.session_id = session_id.as_deref();
        }
        head.call_site = callsite.registered;
        let frame = if head.call_site.is_none() { origin(metadata).frame() } else { None };
        head.location = frame.as_ref();
        if let Some(overrides) = &overrides {
            overrides.apply(&mut head);
        }
        let entry =
            OfEvent { event, callsite, overrides: overrides.as_ref(), span: node.as_deref(), layer: self };
        let write = |fields: &mut Fields<'_>| {
            fields.metadata(entry);
            fields.message(metadata.name());
        };
        if event.is_contextual() {
            return Integration::of(&self.client).submit_with(&head, write);
        }
        if let Some(ids) = &parent_ids {
            ids.fill(&mut head.ids);
        }
        ActiveSpan::outside(|| Integration::of(&self.client).submit_with(&head, write));
    }
}

impl fmt::Debug for Layer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Layer")
            .field("client", &self.client)
            .field("service", &self.service)
            .field("span_fields", &self.span_fields)
            .field("span_names", &self.span_names)
            .field("location", &self.location)
            .field("settings", &self.settings)
            .field("max_level", &self.max_level)
            .finish_non_exhaustive()
    }
}

/// Returns the level that the application's function gives an event, or `None` if it panics.
fn mapped(level: &LevelOf, event: &Event<'_>, callsite: Callsite) -> Option<Level> {
    let mut chosen = None;
    let mut choose = |metadata: &Metadata<'_>| chosen = catch(|| level(metadata)).ok();
    if callsite.is_log_record() {
        log_record::with_metadata(event, choose);
    } else {
        choose(event.metadata());
    }
    chosen
}

/// TRACE becomes debug, the lowest level of the server.
fn default_level(level: tracing_core::Level) -> Level {
    match level {
        tracing_core::Level::ERROR => Level::Error,
        tracing_core::Level::WARN => Level::Warn,
        tracing_core::Level::INFO => Level::Info,
        tracing_core::Level::DEBUG | tracing_core::Level::TRACE => Level::Debug,
    }
}
