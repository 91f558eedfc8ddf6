//! Sending spans.

mod event;
mod special;

use logtide_client::integration::{ActiveSpan, EndedSpan, Integration, nested, now_nanos};
use logtide_core::{Content, SpanData, SpanFields as Written, SpanStatus};
use tracing_core::{Event, Metadata};
use tracing_subscriber::registry::{LookupSpan, SpanRef};

use self::{event::SpanEvent, special::Special};
use super::Layer;
use crate::{
    SpanEvents,
    callsite::{Callsite, InSpans, SPAN_FIELDS, origin},
    outgoing::{Fate, Outgoing, Piece},
    span::{Node, State},
};

/// Whether spans are sent, and with which events.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spans {
    are_sent: bool,
    events: SpanEvents,
}

impl Layer {
    /// Sets whether the layer sends the spans that it takes when they close. Default false. The [crate docs](crate#spans) show
    /// what is sent.
    ///
    /// [`traces_sample_rate`](logtide_client::ClientOptions::traces_sample_rate) sets which traces are sent.
    ///
    /// ```
    /// use logtide_tracing::SpanEvents;
    ///
    /// # fn example(client: &logtide_client::Client) {
    /// let layer = logtide_tracing::layer(client).spans(true).span_events(SpanEvents::Both);
    /// # drop(layer);
    /// # }
    /// ```
    pub fn spans(mut self, send: bool) -> Self {
        self.spans.are_sent = send;
        self.with_settings_of_spans()
    }

    /// Sets what becomes of events in spans that are sent. Default [`SpanEvents::LogEntries`].
    pub fn span_events(mut self, events: SpanEvents) -> Self {
        self.spans.events = events;
        self.with_settings_of_spans()
    }

    fn with_settings_of_spans(mut self) -> Self {
        let in_spans = match self.spans {
            Spans { are_sent: false, .. } => InSpans::Nothing,
            Spans { events: SpanEvents::LogEntries, .. } => InSpans::Errors,
            _ => InSpans::All,
        };
        self.settings = self.settings.with_events_in_spans(in_spans);
        self
    }

    /// Returns the data of a span that starts at this moment, or `None` if spans are not sent.
    pub(super) fn outgoing(&self) -> Option<Outgoing> {
        if self.spans.are_sent { nested(now_nanos).map(Outgoing::new) } else { None }
    }

    /// Records an event in the span that it is in, and returns whether it is an entry too.
    pub(super) fn note(&self, event: &Event<'_>, callsite: Callsite, node: Option<&Node>) -> bool {
        let Some(outgoing) = node.and_then(Node::outgoing) else { return true };
        let Some((span_id, fate)) = outgoing.fate() else { return true };
        // The span that the thread entered last may be from outside `tracing`.
        let is_inside = !event.is_contextual()
            || ActiveSpan::current().is_some_and(|current| current.span_id() == span_id);
        if fate == Fate::Foreign || !is_inside {
            return true;
        }
        if fate == Fate::Sent {
            self.note_in(event, callsite, outgoing);
        }
        self.spans.events != SpanEvents::SpanEvents
    }

    fn note_in(&self, event: &Event<'_>, callsite: Callsite, outgoing: &Outgoing) {
        let is_event = self.spans.events != SpanEvents::LogEntries;
        let fails = *event.metadata().level() == tracing_core::Level::ERROR && !outgoing.has_failed();
        if !is_event && !fails {
            return;
        }
        // An allocator that logs can call this method again.
        let noted = nested(|| {
            let written = SpanEvent::write(event, callsite, Integration::of(&self.client).content());
            if fails {
                outgoing.fail(written.what_failed());
            }
            if is_event {
                let SpanEvent { nanos, name, fields } = written;
                outgoing.add(Piece::Event { nanos, name, fields });
            }
        });
        if noted.is_none() && is_event {
            outgoing.miss_event();
        }
    }

    /// Adds a link to another span, if the span may be sent.
    pub(super) fn link<'s, S: LookupSpan<'s>>(&self, span: &SpanRef<'s, S>, follows: &SpanRef<'s, S>) {
        let Some((ids, Some(node))) = State::of(span, self.number) else { return };
        let Some(outgoing) = node.outgoing().filter(|_| ids.is_sampled()) else { return };
        if let Some((ids, _)) = self.state(follows) {
            outgoing.add(Piece::Link(ids.trace_context().trace_id.to_w3c(), ids.span_id()));
        }
    }

    /// Passes a closed span to the client.
    pub(super) fn send<'s, S: LookupSpan<'s>>(&self, span: &SpanRef<'s, S>) {
        if !self.spans.are_sent {
            return;
        }
        #[cfg(feature = "opentelemetry")]
        self.dispatch.adopt_last(span);
        let Some((ids, Some(node))) = State::of(span, self.number) else { return };
        let Some(outgoing) = node.outgoing() else { return };
        let is_foreign = span.extensions().get::<State>().is_some_and(State::is_foreign);
        if Fate::of(&ids, is_foreign) == Fate::Sent {
            self.submit(span.metadata(), &ids, &node, outgoing);
        }
    }

    fn submit(
        &self,
        metadata: &'static Metadata<'static>,
        ids: &ActiveSpan,
        node: &Node,
        outgoing: &Outgoing,
    ) {
        let callsite = Callsite::of(metadata, &self.settings);
        let (mut times, mut data, failure) = outgoing.finish();
        let content = Integration::of(&self.client).content();
        let origin = self.location && callsite.registered.is_some();
        let (service, more) = (node.service(), self.more_fields(node, metadata, content, origin));
        node.with_fields(|fields| {
            let special = if callsite.has_span_fields() { Special::of(fields) } else { Special::default() };
            times.kind = special.kind;
            set_status(&mut data, &special, failure);
            let name = special.name.unwrap_or_else(|| metadata.name());
            let without;
            let mut own = fields;
            if callsite.has_span_fields() {
                without = fields.without(|name| name.starts_with(SPAN_FIELDS));
                own = &without;
            }
            let whole;
            if let Some(more) = &more {
                whole = own.updated(more);
                own = &whole;
            }
            let service = service.as_deref().unwrap_or(&self.service);
            Integration::of(&self.client).submit_span(&EndedSpan {
                name,
                service,
                active: ids,
                times,
                fields: own,
                data: &data,
                origin,
            });
        });
    }

    /// Adds the session, and those parts of the location that the span's record lacks.
    fn more_fields(
        &self,
        node: &Node,
        metadata: &'static Metadata<'static>,
        content: &Content,
        has_origin: bool,
    ) -> Option<Written> {
        let session = node.session_id();
        let session = session.as_deref().map(|id| Written::new(None, content, [("session.id", id)]));
        if has_origin {
            return session;
        }
        let origin = origin(metadata);
        let origin = if self.location { origin } else { origin.without_place() };
        let origin = Written::new(None, content, origin);
        Some(session.map_or_else(|| origin.clone(), |session| origin.updated(&session)))
    }
}

/// Sets the status. The span's own fields take precedence over its events.
fn set_status(data: &mut SpanData, special: &Special<'_>, failure: Option<String>) {
    data.set_status(special.status, special.status_message.unwrap_or_default());
    if let (SpanStatus::Unset, Some(failure)) = (data.status(), failure) {
        data.set_status(SpanStatus::Error, failure);
    }
}
