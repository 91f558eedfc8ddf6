//! The part of an entry before its metadata.

use std::ops::Range;

use super::{
    EMPTY_MESSAGE, UNKNOWN_SERVICE,
    text::{cut_fixed_bytes, cut_utf16, without_nul, write_escaped, write_plain, write_string},
};
use crate::{
    EntryHead, Level, LogEntry, Metadata, SpanId, Timestamp, TraceId,
    limits::{MAX_SERVICE_UNITS, MAX_TRACE_ID_BYTES},
    record::{Id, Identity, Prefix, Record},
    timestamp::TimeText,
};

/// The part of an entry before its metadata, in which everything but NUL is fixed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head<'a> {
    time: Timestamp,
    level: Level,
    service: &'a str,
    message: &'a str,
    trace_id: Option<Id<'a, TraceId>>,
    span_id: Option<Id<'a, SpanId>>,
    session_id: Option<&'a str>,
    /// The ids that the server rejects here, under their names in the metadata.
    pub(super) refused: [Option<(&'static str, &'a str)>; 2],
}

/// The metadata between an entry's own fields and those of its scope.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Further<'a> {
    /// The id and number of the entry.
    pub(super) identity: Identity,
    /// The ids that the server rejects elsewhere, under their names.
    pub(super) refused: [Option<(&'static str, &'a str)>; 2],
}

/// The positions of the parts of a rendered entry that can be truncated.
#[derive(Clone, Debug)]
pub(super) struct Parts {
    start: usize,
    /// With quotes.
    pub(super) message: Range<usize>,
    /// The start of the metadata, which ends one byte before the entry.
    pub(super) metadata: usize,
}

const TIME: &[u8] = b"{\"time\":\"";
const METADATA: &[u8] = b",\"metadata\":";

impl Parts {
    /// Writes the time, the part after it, and the message of an entry without ids.
    #[inline]
    pub(super) fn written(out: &mut Vec<u8>, time: &[u8], between: &[u8], record: Record<'_>) -> Self {
        let start = out.len();
        out.extend_from_slice(TIME);
        out.extend_from_slice(time);
        out.extend_from_slice(between);
        let message_start = out.len();
        let short = record.short_message().filter(|text| !text.is_empty());
        if !short.is_some_and(|text| write_plain(out, text)) {
            write_string(out, record.message().filter(|text| !text.is_empty()).unwrap_or(EMPTY_MESSAGE));
        }
        let message = message_start..out.len();
        out.extend_from_slice(METADATA);
        Self { start, message, metadata: out.len() }
    }

    /// The size of the entry that ends there, in bytes.
    pub(super) const fn size(&self, end: usize) -> usize {
        end - self.start
    }

    /// The size of the part that cannot be truncated, in bytes.
    pub(super) fn fixed_size(&self, end: usize) -> usize {
        self.size(end) - self.message.len() - (end - 1 - self.metadata)
    }
}

impl<'a> Head<'a> {
    pub(super) fn new(record: Record<'a>, prefix: &Prefix<'a>, default_service: &'a str) -> Self {
        let Prefix { trace_id, span_id, session_id, time, .. } = *prefix;
        let service = prefix.service_at(record.call_site()).unwrap_or(default_service);
        let (span_id, refused_span) = match span_id {
            Some(Id::Text(text)) if !is_span_id(text) => (None, Some(("span_id", text))),
            id => (id, None),
        };
        let (session_id, refused_session) = match session_id {
            Some(text) if !is_session_id(text) => (None, Some(("session_id", text))),
            id => (id, None),
        };
        Self {
            time: time.unwrap_or_else(|| record.call_time()),
            level: record.level(),
            service: cut_utf16(if service.is_empty() { UNKNOWN_SERVICE } else { service }, MAX_SERVICE_UNITS),
            message: record.message().filter(|text| !text.is_empty()).unwrap_or(EMPTY_MESSAGE),
            trace_id: trace_id.map(|id| match id {
                Id::Text(text) => Id::Text(cut_fixed_bytes(text, MAX_TRACE_ID_BYTES)),
                id => id,
            }),
            span_id,
            session_id,
            refused: [refused_span, refused_session],
        }
    }

    /// The part that goes into the metadata.
    pub(super) fn further(&self, prefix: &Prefix<'_>) -> Further<'a> {
        Further { identity: prefix.identity(), refused: self.refused }
    }

    /// Writes the part between the time and the message.
    pub(super) fn write_between(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"\",\"service\":\"");
        write_escaped(out, self.service);
        out.extend_from_slice(b"\",\"level\":\"");
        out.extend_from_slice(self.level.as_str().as_bytes());
        out.extend_from_slice(b"\",\"message\":");
    }

    /// Writes it, up to where the metadata starts.
    pub(super) fn write(&self, time: &mut TimeText, out: &mut Vec<u8>) -> Parts {
        let entry_start = out.len();
        out.extend_from_slice(TIME);
        out.extend_from_slice(time.format(self.time));
        self.write_between(out);
        let start = out.len();
        write_string(out, self.message);
        let message = start..out.len();
        if let Some(id) = self.trace_id {
            write_id(out, b",\"trace_id\":", id.text(&mut [0; TraceId::DIGITS]));
        }
        if let Some(id) = self.span_id {
            write_id(out, b",\"span_id\":", id.text(&mut [0; SpanId::DIGITS]));
        }
        if let Some(id) = self.session_id {
            write_id(out, b",\"session_id\":", id);
        }
        out.extend_from_slice(METADATA);
        Parts { start: entry_start, message, metadata: out.len() }
    }

    /// For a wire of another format.
    pub(super) fn of_entry(self, record: Record<'_>, prefix: &Prefix<'_>) -> EntryHead<'a> {
        let nanos = match prefix.time {
            Some(time) => u64::try_from(time.as_micros()).unwrap_or_default().saturating_mul(1_000),
            None => record.nanos(),
        };
        EntryHead {
            nanos,
            level: self.level,
            service: without_nul(self.service),
            message: without_nul(self.message),
            trace_id: self.trace_id,
            span_id: self.span_id,
            session_id: self.session_id,
        }
    }

    /// The message.
    pub(super) fn message(&self) -> String {
        without_nul(self.message).into_owned()
    }

    /// The entry with a message and metadata.
    pub(super) fn entry(&self, message: String, metadata: Metadata) -> LogEntry {
        let mut entry = LogEntry::new(self.level, without_nul(self.service), message);
        entry.metadata = metadata;
        entry.time = Some(self.time);
        entry.trace_id = self.trace_id.map(|id| without_nul(id.text(&mut [0; TraceId::DIGITS])).into_owned());
        entry.span_id = self.span_id.map(|id| id.text(&mut [0; SpanId::DIGITS]).to_owned());
        entry.session_id = self.session_id.map(str::to_owned);
        entry
    }
}

fn write_id(out: &mut Vec<u8>, key: &[u8], id: &str) {
    out.extend_from_slice(key);
    write_string(out, id);
}

fn is_span_id(id: &str) -> bool {
    // Without a branch for each byte, for speed.
    id.len() == SpanId::DIGITS && id.bytes().fold(true, |all, byte| all & byte.is_ascii_hexdigit())
}

/// Only the hyphenated form: the server rejects the others.
fn is_session_id(id: &str) -> bool {
    id.len() == 36 && uuid::Uuid::try_parse(id).is_ok()
}

impl<'a> Id<'a, TraceId> {
    fn text<'t>(self, digits: &'t mut [u8; TraceId::DIGITS]) -> &'t str
    where
        'a: 't,
    {
        match self {
            Self::Text(text) => text,
            Self::W3c(id) => id.write(digits),
        }
    }
}

impl<'a> Id<'a, SpanId> {
    fn text<'t>(self, digits: &'t mut [u8; SpanId::DIGITS]) -> &'t str
    where
        'a: 't,
    {
        match self {
            Self::Text(text) => text,
            Self::W3c(id) => id.write(digits),
        }
    }
}
