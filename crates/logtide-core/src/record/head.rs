//! The head of a record.

use super::{
    EventId, Frames, Identity,
    layout::{EVENT_ID, FRAMES, SEQUENCE, SERVICE, SESSION, SPAN_ID, SPAN_TEXT, TIME, TRACE_ID, TRACE_TEXT},
    value::{array, byte, chunk, part, text},
};
use crate::{CallSite, Content, Frame, Level, SpanId, Timestamp, TraceId};

/// The data of an entry other than its message and metadata.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Head<'a> {
    /// When the log call was made, in nanoseconds since 1970. Entries of different threads are sorted by it.
    pub nanos: u64,
    /// When it happened, if that is not the time of the log call.
    pub time: Option<Timestamp>,
    /// The severity.
    pub level: Level,
    /// The service that logged it. Empty for the default one of the [wire](crate::Wire).
    pub service: &'a str,
    /// The trace, span and session it belongs to.
    pub ids: Ids<'a>,
    /// The call site, if it is registered.
    pub call_site: Option<&'static CallSite>,
    /// The location of an error in the metadata, if it is not the call site.
    pub location: Option<&'a Frame<'a>>,
    /// Limits the texts that are copied. No limits by default. The wire applies all its other rules.
    pub content: &'a Content,
}

/// The ids of an entry.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Ids<'a> {
    /// The trace it belongs to.
    pub trace_id: Option<Id<'a, TraceId>>,
    /// The span it belongs to.
    pub span_id: Option<Id<'a, SpanId>>,
    /// The session it belongs to: a UUID with dashes.
    pub session_id: Option<&'a str>,
}

impl<'a> Ids<'a> {
    /// Sets each missing id from others.
    #[inline]
    pub fn fill(&mut self, others: &Self) {
        if self.trace_id.is_none_or(|id| id.is_empty()) {
            self.trace_id = others.trace_id;
        }
        if self.span_id.is_none_or(|id| id.is_empty()) {
            self.span_id = others.span_id;
        }
        if self.session_id.is_none_or(str::is_empty) {
            self.session_id = others.session_id;
        }
    }

    #[inline]
    pub(super) const fn is_none(&self) -> bool {
        self.trace_id.is_none() && self.span_id.is_none() && self.session_id.is_none()
    }
}

/// The id of a trace or span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Id<'a, T> {
    /// Any text.
    Text(&'a str),
    /// An id of the W3C form.
    W3c(T),
}

impl<T> Id<'_, T> {
    /// Whether it is an empty text, which counts as no id.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        matches!(self, Self::Text(text) if text.is_empty())
    }
}

impl<'a, T> From<&'a str> for Id<'a, T> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl From<TraceId> for Id<'_, TraceId> {
    fn from(id: TraceId) -> Self {
        Self::W3c(id)
    }
}

impl From<SpanId> for Id<'_, SpanId> {
    fn from(id: SpanId) -> Self {
        Self::W3c(id)
    }
}

impl<'a> Head<'a> {
    /// Creates a head with the required fields.
    #[must_use]
    pub const fn new(level: Level, service: &'a str) -> Self {
        Self {
            nanos: 0,
            time: None,
            level,
            service,
            ids: Ids { trace_id: None, span_id: None, session_id: None },
            call_site: None,
            location: None,
            content: Content::unchanged(),
        }
    }
}

/// What a record says of its entry before its items.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Prefix<'a> {
    /// Which service logged it; none for that of the call site, and empty for the default one.
    pub service: Option<&'a str>,
    /// The trace.
    pub trace_id: Option<Id<'a, TraceId>>,
    /// The span.
    pub span_id: Option<Id<'a, SpanId>>,
    /// The session.
    pub session_id: Option<&'a str>,
    /// A time of the entry's own.
    pub time: Option<Timestamp>,
    /// The stack of the error among the items.
    pub frames: Frames<'a>,
    event_id: Option<&'a [u8; 16]>,
    sequence: Option<&'a [u8; 8]>,
}

impl<'a> Prefix<'a> {
    /// The service that logged it, if the call site may know it. None for the default one.
    #[must_use]
    pub fn service_at(&self, call_site: Option<&'static CallSite>) -> Option<&'a str> {
        self.service.or_else(|| call_site?.own_service()).filter(|service| !service.is_empty())
    }

    /// The identity of the entry.
    #[must_use]
    pub fn identity(&self) -> Identity {
        Identity {
            event_id: self.event_id.copied().map(EventId::from_bytes),
            sequence: self.sequence.copied().map(u64::from_le_bytes),
        }
    }

    /// Whether the entry has an identity.
    #[inline]
    pub(crate) const fn has_identity(&self) -> bool {
        self.event_id.is_some() || self.sequence.is_some()
    }

    /// Whether it says nothing of what an entry has outside of its metadata.
    pub(crate) const fn is_of_metadata_alone(&self) -> bool {
        let Self { service, trace_id, span_id, session_id, time, .. } = self;
        service.is_none() && trace_id.is_none() && span_id.is_none() && session_id.is_none() && time.is_none()
    }

    /// Takes it off the bytes behind the head.
    pub(super) fn read(rest: &mut &'a [u8]) -> Self {
        let mut prefix = Self::default();
        while rest.first().is_some_and(|kind| (SERVICE..=SEQUENCE).contains(kind)) {
            if prefix.read_part(rest).is_none() {
                *rest = &[];
            }
        }
        prefix
    }

    fn read_part(&mut self, rest: &mut &'a [u8]) -> Option<()> {
        match byte(rest)? {
            SERVICE => self.service = Some(text(rest)?),
            TRACE_TEXT => self.trace_id = Some(Id::Text(text(rest)?)),
            TRACE_ID => self.trace_id = Some(TraceId::from_random(u128::from_le_bytes(array(rest)?)).into()),
            SPAN_TEXT => self.span_id = Some(Id::Text(text(rest)?)),
            SPAN_ID => self.span_id = Some(SpanId::from_random(u64::from_le_bytes(array(rest)?)).into()),
            SESSION => self.session_id = Some(text(rest)?),
            TIME => self.time = Some(Timestamp::from_micros(i64::from_le_bytes(array(rest)?))),
            FRAMES => self.frames = Frames::new(part(rest)?),
            EVENT_ID => self.event_id = Some(chunk(rest)?),
            SEQUENCE => self.sequence = Some(chunk(rest)?),
            _ => return None,
        }
        Some(())
    }
}
