//! One entry as a `LogRecord`.

use logtide_core::{Id, Json, Level, Record, SpanId, TraceId};

use crate::{
    Target,
    attributes::{Attributes, Name, Options, Scratch},
    batch::Batch,
    ids,
    protobuf::{Open, length_tag, put_bytes, put_fixed64, put_number},
    text::without_nul,
};

/// The settings and buffers for writing an entry.
pub(super) struct LogRecord<'a> {
    pub(super) json: &'a mut Json,
    pub(super) target: Target,
    pub(super) scratch: &'a mut Scratch,
}

// Fields of `LogRecord`.
const TIME: u8 = 1;
const SEVERITY_NUMBER: u8 = 2;
const SEVERITY_TEXT: u8 = 3;
const BODY: u8 = 5;
const ATTRIBUTES: u8 = 6;
const TRACE_ID: u8 = 9;
const SPAN_ID: u8 = 10;
const OBSERVED_TIME: u8 = 11;

impl LogRecord<'_> {
    /// Appends an entry in the form that a batch collects.
    pub(super) fn write(self, record: Record<'_>, out: &mut Vec<u8>) {
        let Self { json, target, scratch } = self;
        let head = json.head(record);
        let entry = Batch::begin_entry(out, &head.service);
        let time = target.time(head.nanos);
        put_number(out, SEVERITY_NUMBER, severity_number(head.level));
        // LogTide reads the level from this text, in any case.
        put_bytes(out, SEVERITY_TEXT, head.level.as_str().as_bytes());
        out.push(length_tag(BODY));
        let body = Open::short(out);
        put_bytes(out, 1, head.message.as_bytes());
        body.end(out);
        let (trace_id, span_id) =
            (head.trace_id.and_then(ids::trace_id), head.span_id.and_then(ids::span_id));
        if let Some(id) = trace_id {
            put_bytes(out, TRACE_ID, &id.number().to_be_bytes());
        }
        if let Some(id) = span_id {
            put_bytes(out, SPAN_ID, &id.number().to_be_bytes());
        }
        let has_more = head.trace_id.is_some() != trace_id.is_some()
            || head.span_id.is_some() != span_id.is_some()
            || head.session_id.is_some();
        let options = Options {
            field: ATTRIBUTES,
            takes_large_integers: target.takes_large_integers(),
            most_bytes: usize::MAX,
            left_out: &[],
        };
        let mut attributes = Attributes::new(out, scratch, options);
        json.write_metadata(record, &mut attributes);
        if has_more {
            add_ids(json, record, &mut attributes);
        }
        attributes.finish();
        // The times follow the attributes. The last attributes differ most between entries, as the times do, and data that
        // differs compresses best when it is together.
        put_fixed64(out, TIME, time);
        put_fixed64(out, OBSERVED_TIME, observed_time(record.nanos()));
        entry.end(out);
    }
}

/// Adds the ids that have no field of their own.
#[cold]
fn add_ids(json: &Json, record: Record<'_>, attributes: &mut Attributes<'_>) {
    let head = json.head(record);
    if let Some(id) = head.session_id {
        attributes.add(Name::SessionId, id);
    }
    if let Some(Id::<TraceId>::Text(text)) = head.trace_id.filter(|id| ids::trace_id(*id).is_none()) {
        attributes.add(Name::TraceId, &without_nul(text));
    }
    if let Some(Id::<SpanId>::Text(text)) = head.span_id.filter(|id| ids::span_id(*id).is_none()) {
        attributes.add(Name::SpanId, &without_nul(text));
    }
}

/// Returns the time of the log call, rounded up to whole milliseconds. It rarely differs from that of the previous entry, so it
/// takes almost no bytes once compressed.
const fn observed_time(nanos: u64) -> u64 {
    const MILLISECOND: u64 = 1_000_000;
    match nanos.checked_next_multiple_of(MILLISECOND) {
        Some(rounded) => rounded,
        None => nanos,
    }
}

/// Returns the number of a level among OpenTelemetry's 24.
const fn severity_number(level: Level) -> u64 {
    match level {
        Level::Debug => 5,
        Level::Info => 9,
        Level::Warn => 13,
        Level::Error => 17,
        Level::Critical => 21,
    }
}
