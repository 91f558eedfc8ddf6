//! One span as an OTLP `Span`.

use logtide_core::{Id, Item, Items, Json, Record, SpanId, SpanStatus, SpanTimes, TraceId};

use crate::{
    Target,
    attributes::{Attributes, Options, Scratch},
    batch::Batch,
    ids,
    protobuf::{Open, length_tag, put_bytes, put_fixed64, put_number},
    text::limited,
};

/// The settings and buffers for writing a span.
pub(super) struct Span<'a> {
    pub(super) json: &'a mut Json,
    pub(super) target: Target,
    pub(super) scratch: &'a mut Scratch,
}

/// The name of a span that has none.
const UNNAMED: &str = "unnamed";

/// The longest name of a span or event, in bytes.
const MAX_NAME_BYTES: usize = 1_024;

/// The longest `tracestate`, in bytes: more than W3C Trace Context requires implementations to pass on.
const MAX_TRACE_STATE_BYTES: usize = 1_024;

/// The longest status description, in bytes. It fits in the smallest size limit of an entry, 4,096 bytes.
const MAX_STATUS_BYTES: usize = 1_024;

// Fields of `Span`.
const TRACE_ID: u8 = 1;
const SPAN_ID: u8 = 2;
const TRACE_STATE: u8 = 3;
const PARENT: u8 = 4;
const NAME: u8 = 5;
const KIND: u8 = 6;
const START: u8 = 7;
const END: u8 = 8;
const ATTRIBUTES: u8 = 9;
const DROPPED_ATTRIBUTES: u8 = 10;
const EVENTS: u8 = 11;
const DROPPED_EVENTS: u8 = 12;
const LINKS: u8 = 13;
const DROPPED_LINKS: u8 = 14;
const STATUS: u8 = 15;
/// The tag of the field `flags`, in two bytes.
const FLAGS_TAG: [u8; 2] = [0x85, 0x01];

impl Span<'_> {
    /// Appends a span in the form that a batch collects.
    pub(super) fn write(mut self, record: Record<'_>, out: &mut Vec<u8>) {
        let most_bytes = out.len().saturating_add(self.json.max_entry_bytes());
        let span = Batch::begin_entry(out, &self.json.head(record).service);
        let times = write_head(record, out);
        let dropped_attributes = self.write_attributes(record, record.items(), ATTRIBUTES, most_bytes, out);
        let (mut dropped_events, mut dropped_links) = (times.dropped_events, times.dropped_links);
        for item in record.items() {
            let (start, dropped) = (
                out.len(),
                match item {
                    Item::SpanEvent(_) => &mut dropped_events,
                    Item::SpanLink(_) => &mut dropped_links,
                    _ => continue,
                },
            );
            self.write_part(record, item, out);
            if out.len() > most_bytes {
                out.truncate(start);
                *dropped = dropped.saturating_add(1);
            }
        }
        put_number(out, DROPPED_ATTRIBUTES, dropped_attributes.into());
        put_number(out, DROPPED_EVENTS, dropped_events.into());
        put_number(out, DROPPED_LINKS, dropped_links.into());
        span.end(out);
    }

    /// Appends an event or a link.
    fn write_part(&mut self, record: Record<'_>, item: Item<'_>, out: &mut Vec<u8>) {
        match item {
            Item::SpanEvent(event) => {
                out.push(length_tag(EVENTS));
                let open = Open::short(out);
                put_fixed64(out, 1, event.nanos);
                put_bytes(out, 2, name(event.name).as_bytes());
                self.write_attributes(record, event.items, 3, usize::MAX, out);
                open.end(out);
            }
            Item::SpanLink(link) => {
                out.push(length_tag(LINKS));
                let open = Open::short(out);
                put_bytes(out, 1, &link.trace_id.number().to_be_bytes());
                put_bytes(out, 2, &link.span_id.number().to_be_bytes());
                self.write_attributes(record, link.items, 4, usize::MAX, out);
                open.end(out);
            }
            _ => {}
        }
    }

    /// Appends the attributes among some items, and returns how many were dropped.
    fn write_attributes(
        &mut self,
        record: Record<'_>,
        items: Items<'_>,
        field: u8,
        most_bytes: usize,
        out: &mut Vec<u8>,
    ) -> u32 {
        let options = Options {
            field,
            takes_large_integers: self.target.takes_large_integers(),
            most_bytes,
            left_out: &[],
        };
        let mut attributes = Attributes::new(out, self.scratch, options);
        self.json.write_items(record, items, &mut attributes);
        attributes.finish()
    }
}

/// Appends everything but attributes, events and links.
fn write_head(record: Record<'_>, out: &mut Vec<u8>) -> SpanTimes {
    let prefix = record.prefix();
    put_bytes(out, TRACE_ID, &trace_id(prefix.trace_id, record).number().to_be_bytes());
    put_bytes(out, SPAN_ID, &span_id(prefix.span_id, record).number().to_be_bytes());
    let mut times = SpanTimes::new(record.nanos());
    for item in record.items() {
        match item {
            Item::SpanTimes(of_span) => times = of_span,
            Item::TraceState(text) => {
                put_bytes(out, TRACE_STATE, limited(text, MAX_TRACE_STATE_BYTES).as_bytes());
            }
            Item::SpanStatus(status, message) => write_status(status, message, out),
            _ => {}
        }
    }
    if let Some(parent) = times.parent {
        put_bytes(out, PARENT, &parent.number().to_be_bytes());
    }
    put_bytes(out, NAME, name(record.message().unwrap_or_default()).as_bytes());
    put_number(out, KIND, times.kind as u64);
    put_fixed64(out, START, times.start);
    put_fixed64(out, END, record.nanos().max(times.start));
    if times.trace_flags != 0 {
        out.extend_from_slice(&FLAGS_TAG);
        out.extend_from_slice(&u32::from(times.trace_flags).to_le_bytes());
    }
    times
}

fn write_status(status: SpanStatus, message: &str, out: &mut Vec<u8>) {
    out.push(length_tag(STATUS));
    let open = Open::short(out);
    if !message.is_empty() {
        put_bytes(out, 2, limited(message, MAX_STATUS_BYTES).as_bytes());
    }
    put_number(out, 3, status as u64);
    open.end(out);
}

fn name(name: &str) -> std::borrow::Cow<'_, str> {
    if name.is_empty() { UNNAMED.into() } else { limited(name, MAX_NAME_BYTES) }
}

/// Returns the trace id of a span. An id that is missing or has another form, which no writer of spans produces, is replaced by
/// one derived from the record.
fn trace_id(id: Option<Id<'_, TraceId>>, record: Record<'_>) -> TraceId {
    id.and_then(ids::trace_id).unwrap_or_else(|| {
        let bytes = if let Some(Id::Text(text)) = id { text.as_bytes() } else { record.as_bytes() };
        TraceId::from_random(u128::from(hash(bytes, 0)) << 64 | u128::from(hash(bytes, 1)))
    })
}

/// Returns the id of a span, replaced in the same way.
fn span_id(id: Option<Id<'_, SpanId>>, record: Record<'_>) -> SpanId {
    id.and_then(ids::span_id).unwrap_or_else(|| {
        let bytes = if let Some(Id::Text(text)) = id { text.as_bytes() } else { record.as_bytes() };
        SpanId::from_random(hash(bytes, 2))
    })
}

/// 64-bit FNV-1a.
fn hash(bytes: &[u8], seed: u8) -> u64 {
    [seed]
        .iter()
        .chain(bytes)
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
