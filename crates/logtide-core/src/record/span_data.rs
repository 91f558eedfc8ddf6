//! What a span that has ended is beside its ids, name and fields.

use super::{
    Items,
    layout::{SPAN_EVENT, SPAN_LINK, SPAN_STATUS, SPAN_TIMES, TRACE_STATE},
    serializer::{begin, end},
    text::write_text,
    value::{array, byte, text},
};
use crate::{SpanFields, SpanId, TraceId};

/// Events, links, status and `tracestate` of a span, written as they come and copied into its record when it ends.
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

/// What part a span has in a trace. The numbers are those of OpenTelemetry's protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SpanKind {
    /// Work inside of a program.
    #[default]
    Internal = 1,
    /// A request that is handled.
    Server = 2,
    /// A request that is sent.
    Client = 3,
    /// A message that is sent, to be handled later.
    Producer = 4,
    /// A message that is handled.
    Consumer = 5,
}

/// What became of a span. The numbers are those of OpenTelemetry's protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SpanStatus {
    /// Nothing is said.
    #[default]
    Unset = 0,
    /// The application says that it succeeded.
    Ok = 1,
    /// It failed.
    Error = 2,
}

/// Times and place of a span in its trace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SpanTimes {
    /// When it started, in nanoseconds since 1970.
    pub start: u64,
    /// When it ended, in nanoseconds since 1970, where that is not when its record is made. The record has it as its own time.
    pub end: Option<u64>,
    /// The span around it, which may be of another program.
    pub parent: Option<SpanId>,
    /// What part it has in the trace.
    pub kind: SpanKind,
    /// The flags of its trace, as `traceparent` has them.
    pub trace_flags: u8,
    /// Events that were left out.
    pub dropped_events: u32,
    /// Links that were left out.
    pub dropped_links: u32,
}

/// Something that happened in a span.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct SpanEventItem<'a> {
    /// When it happened, in nanoseconds since 1970.
    pub nanos: u64,
    /// What it is called.
    pub name: &'a str,
    /// Its fields.
    pub items: Items<'a>,
}

/// A span that another has to do with, other than as its parent.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct SpanLinkItem<'a> {
    /// The trace that it is in.
    pub trace_id: TraceId,
    /// The span.
    pub span_id: SpanId,
    /// Fields of the link.
    pub items: Items<'a>,
}

impl SpanData {
    /// The most events that a span has: the default of OpenTelemetry's specification.
    pub const MAX_EVENTS: u32 = 128;

    /// The most links that a span has: the default of OpenTelemetry's specification.
    pub const MAX_LINKS: u32 = 128;

    /// Sets what became of the span. As OpenTelemetry has it, [`Ok`](SpanStatus::Ok) is final, and [`Unset`](SpanStatus::Unset) changes nothing.
    pub fn set_status(&mut self, status: SpanStatus, message: impl Into<String>) {
        if self.status != SpanStatus::Ok && status != SpanStatus::Unset {
            self.status = status;
            // Only of a failure something is said.
            self.status_message = if status == SpanStatus::Error { message.into() } else { String::new() };
        }
    }

    /// What became of the span.
    #[must_use]
    pub const fn status(&self) -> SpanStatus {
        self.status
    }

    /// Adds an event that happened then, in nanoseconds since 1970. After [`MAX_EVENTS`](Self::MAX_EVENTS) they are only counted.
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

    /// Adds a link. After [`MAX_LINKS`](Self::MAX_LINKS) they are only counted.
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

    /// The same without events and links, which are counted as left out.
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
    /// Of a span that started then, in nanoseconds since 1970.
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
