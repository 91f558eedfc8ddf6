//! Data of a span that has ended, other than its ids, name and fields.

use super::{
    Items,
    layout::{SPAN_EVENT, SPAN_LINK, SPAN_STATUS, SPAN_TIMES, TRACE_STATE},
    serializer::{begin, end},
    text::write_text,
    value::{array, byte, text},
};
use crate::{SpanFields, SpanId, TraceId};

/// The events, links, status and `tracestate` of a span. They are written as they come, and copied into the span's
/// record when it ends.
#[derive(Clone, Debug, Default)]
pub struct SpanData {
    items: Vec<u8>,
    status: SpanStatus,
    status_message: String,
    events: u32,
    links: u32,
    dropped_events: u32,
    dropped_links: u32,
}

/// The kind of a span. The numbers are those of OpenTelemetry's protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SpanKind {
    /// An internal operation.
    #[default]
    Internal = 1,
    /// The server side of a request.
    Server = 2,
    /// The client side of a request.
    Client = 3,
    /// The sender of a message, which is handled later.
    Producer = 4,
    /// The receiver of a message.
    Consumer = 5,
}

/// The status of a span. The numbers are those of OpenTelemetry's protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SpanStatus {
    /// No status was set.
    #[default]
    Unset = 0,
    /// The application reports success.
    Ok = 1,
    /// It failed.
    Error = 2,
}

/// The times of a span and its position in the trace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SpanTimes {
    /// When it started, in nanoseconds since 1970.
    pub start: u64,
    /// When it ended, in nanoseconds since 1970, if that is not when its record is made. The record stores it as its
    /// own time.
    pub end: Option<u64>,
    /// The parent span, which may be in another program.
    pub parent: Option<SpanId>,
    /// The kind.
    pub kind: SpanKind,
    /// The flags of its trace, as in `traceparent`.
    pub trace_flags: u8,
    /// The number of events that were dropped.
    pub dropped_events: u32,
    /// The number of links that were dropped.
    pub dropped_links: u32,
}

/// An event of a span.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct SpanEventItem<'a> {
    /// When it happened, in nanoseconds since 1970.
    pub nanos: u64,
    /// The name.
    pub name: &'a str,
    /// Its fields.
    pub items: Items<'a>,
}

/// A link to a span other than the parent.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct SpanLinkItem<'a> {
    /// The id of its trace.
    pub trace_id: TraceId,
    /// The id of the span.
    pub span_id: SpanId,
    /// Fields of the link.
    pub items: Items<'a>,
}

impl SpanData {
    /// The maximum number of events of a span, which is OpenTelemetry's default.
    pub const MAX_EVENTS: u32 = 128;

    /// The maximum number of links of a span, which is OpenTelemetry's default.
    pub const MAX_LINKS: u32 = 128;

    /// Sets the status. As in OpenTelemetry, [`Ok`](SpanStatus::Ok) is final, and [`Unset`](SpanStatus::Unset)
    /// changes nothing.
    pub fn set_status(&mut self, status: SpanStatus, message: impl Into<String>) {
        if self.status != SpanStatus::Ok && status != SpanStatus::Unset {
            self.status = status;
            // Only an error has a message.
            self.status_message = if status == SpanStatus::Error { message.into() } else { String::new() };
        }
    }

    /// The status.
    #[must_use]
    pub const fn status(&self) -> SpanStatus {
        self.status
    }

    /// Adds an event at a time in nanoseconds since 1970. Events beyond [`MAX_EVENTS`](Self::MAX_EVENTS) are only
    /// counted.
    pub fn event(&mut self, nanos: u64, name: &str, fields: &SpanFields) {
        if self.events >= Self::MAX_EVENTS {
            self.dropped_events = self.dropped_events.saturating_add(1);
            return;
        }
        self.events += 1;
        let start = begin(&mut self.items, SPAN_EVENT);
        self.items.extend_from_slice(&nanos.to_le_bytes());
        write_text(&mut self.items, name);
        fields.write_whole(&mut self.items);
        end(&mut self.items, start);
    }

    /// Adds a link. Links beyond [`MAX_LINKS`](Self::MAX_LINKS) are only counted.
    pub fn link(&mut self, trace_id: TraceId, span_id: SpanId, fields: &SpanFields) {
        if self.links >= Self::MAX_LINKS {
            self.dropped_links = self.dropped_links.saturating_add(1);
            return;
        }
        self.links += 1;
        let start = begin(&mut self.items, SPAN_LINK);
        self.items.extend_from_slice(&trace_id.number().to_le_bytes());
        self.items.extend_from_slice(&span_id.number().to_le_bytes());
        fields.write_whole(&mut self.items);
        end(&mut self.items, start);
    }

    /// Adds the `tracestate` of the trace.
    pub fn trace_state(&mut self, text: &str) {
        self.items.push(TRACE_STATE);
        write_text(&mut self.items, text);
    }

    /// Returns the data without events and links, which are counted as dropped.
    #[must_use]
    pub fn without_details(&self) -> Self {
        Self {
            items: Vec::new(),
            events: 0,
            links: 0,
            dropped_events: self.dropped_events.saturating_add(self.events),
            dropped_links: self.dropped_links.saturating_add(self.links),
            ..self.clone()
        }
    }

    pub(super) fn write(&self, times: &SpanTimes, out: &mut Vec<u8>) {
        out.push(SPAN_TIMES);
        out.extend_from_slice(&times.start.to_le_bytes());
        out.extend_from_slice(&times.parent.map_or(0, SpanId::number).to_le_bytes());
        out.extend_from_slice(&[times.kind as u8, times.trace_flags]);
        out.extend_from_slice(&times.dropped_events.saturating_add(self.dropped_events).to_le_bytes());
        out.extend_from_slice(&times.dropped_links.saturating_add(self.dropped_links).to_le_bytes());
        if self.status != SpanStatus::Unset {
            out.extend_from_slice(&[SPAN_STATUS, self.status as u8]);
            write_text(out, &self.status_message);
        }
        out.extend_from_slice(&self.items);
    }
}

impl SpanKind {
    const fn of_number(number: u8) -> Self {
        match number {
            2 => Self::Server,
            3 => Self::Client,
            4 => Self::Producer,
            5 => Self::Consumer,
            _ => Self::Internal,
        }
    }
}

impl SpanStatus {
    pub(super) const fn of_number(number: u8) -> Self {
        match number {
            1 => Self::Ok,
            2 => Self::Error,
            _ => Self::Unset,
        }
    }
}

impl SpanTimes {
    /// Creates the times of a span that started at this time, in nanoseconds since 1970.
    #[must_use]
    pub fn new(start: u64) -> Self {
        Self { start, ..Self::default() }
    }

    pub(super) fn read(rest: &mut &[u8]) -> Option<Self> {
        Some(Self {
            start: u64::from_le_bytes(array(rest)?),
            end: None,
            parent: span_id(u64::from_le_bytes(array(rest)?)),
            kind: SpanKind::of_number(byte(rest)?),
            trace_flags: byte(rest)?,
            dropped_events: u32::from_le_bytes(array(rest)?),
            dropped_links: u32::from_le_bytes(array(rest)?),
        })
    }
}

impl<'a> SpanEventItem<'a> {
    pub(super) fn read(mut rest: &'a [u8]) -> Option<Self> {
        let nanos = u64::from_le_bytes(array(&mut rest)?);
        let name = text(&mut rest)?;
        Some(Self { nanos, name, items: Items::new(rest, None) })
    }
}

impl<'a> SpanLinkItem<'a> {
    pub(super) fn read(mut rest: &'a [u8]) -> Option<Self> {
        let trace_id = TraceId::from_random(u128::from_le_bytes(array(&mut rest)?));
        let span_id = span_id(u64::from_le_bytes(array(&mut rest)?))?;
        Some(Self { trace_id, span_id, items: Items::new(rest, None) })
    }
}

fn span_id(number: u64) -> Option<SpanId> {
    (number != 0).then(|| SpanId::from_random(number))
}
