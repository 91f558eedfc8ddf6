//! Writes records.

use super::{
    CallSite, Fields, Head, Id, Identity, Ids,
    layout::{
        CALL_SITE, EVENT_ID, HEAD, LEVEL_AT, SEQUENCE, SERVICE, SESSION, SPAN_ID, SPAN_TEXT, TIME, TRACE_ID,
        TRACE_TEXT,
    },
    text::write_text,
};
use crate::Content;

/// Writes records into a buffer that it reuses, so that no record needs an allocation once the buffer has grown.
///
/// ```
/// use logtide_core::{Head, Level, RecordWriter};
///
/// let mut writer = RecordWriter::default();
/// let mut fields = writer.begin(&Head::new(Level::Info, "api"));
/// fields.message(format_args!("user {} logged in", 42));
/// fields.metadata([("attempt", 1)]);
/// let record = fields.finish();
/// assert_eq!(record.message(), Some("user 42 logged in"));
/// ```
#[derive(Debug, Default)]
pub struct RecordWriter {
    out: Vec<u8>,
}

impl RecordWriter {
    /// Starts a record, and discards the previous one.
    #[inline]
    pub fn begin<'w>(&'w mut self, head: &Head<'w>) -> Fields<'w> {
        self.begin_with(head, head.nanos, &head.ids, head.content, None)
    }

    /// Like [`begin`](Self::begin), with values of the client that replace those of the head: the time of the call,
    /// the ids, the limits of texts and the identity.
    #[inline(always)]
    pub fn begin_with<'w>(
        &'w mut self,
        head: &Head<'w>,
        nanos: u64,
        ids: &Ids<'_>,
        content: &'w Content,
        identity: Option<&Identity>,
    ) -> Fields<'w> {
        let out = &mut self.out;
        out.clear();
        // Enough for most records, so that it rarely grows.
        out.reserve(256);
        let mut bytes = [0; HEAD];
        bytes[4..12].copy_from_slice(&nanos.to_le_bytes());
        let number = head.call_site.map_or(0, CallSite::number);
        bytes[CALL_SITE..CALL_SITE + 4].copy_from_slice(&number.to_le_bytes());
        bytes[LEVEL_AT] = head.level as u8;
        out.extend_from_slice(&bytes);
        let is_known =
            head.call_site.map_or(head.service.is_empty(), |call_site| call_site.has_service(head.service));
        if !is_known {
            write_id(out, SERVICE, head.service);
        }
        if !ids.is_none() {
            write_ids(out, ids);
        }
        if let Some(time) = head.time {
            write_bytes(out, TIME, time.as_micros().to_le_bytes());
        }
        if let Some(identity) = identity {
            write_identity(out, identity);
        }
        Fields::new(out, content, head.location, head.call_site)
    }

    /// The capacity of the buffer in bytes.
    #[must_use]
    #[inline]
    pub const fn capacity(&self) -> usize {
        self.out.capacity()
    }
}

fn write_ids(out: &mut Vec<u8>, ids: &Ids<'_>) {
    match ids.trace_id.filter(|id| !id.is_empty()) {
        Some(Id::W3c(id)) => write_bytes(out, TRACE_ID, id.number().to_le_bytes()),
        Some(Id::Text(text)) => write_id(out, TRACE_TEXT, text),
        None => {}
    }
    match ids.span_id.filter(|id| !id.is_empty()) {
        Some(Id::W3c(id)) => write_bytes(out, SPAN_ID, id.number().to_le_bytes()),
        Some(Id::Text(text)) => write_id(out, SPAN_TEXT, text),
        None => {}
    }
    if let Some(session) = ids.session_id.filter(|id| !id.is_empty()) {
        write_id(out, SESSION, session);
    }
}

#[inline(never)]
fn write_identity(out: &mut Vec<u8>, identity: &Identity) {
    if let Some(id) = identity.event_id {
        write_bytes(out, EVENT_ID, id.to_bytes());
    }
    if let Some(number) = identity.sequence {
        write_bytes(out, SEQUENCE, number.to_le_bytes());
    }
}

#[inline(never)]
fn write_id(out: &mut Vec<u8>, kind: u8, id: &str) {
    out.push(kind);
    write_text(out, id);
}

fn write_bytes<const N: usize>(out: &mut Vec<u8>, kind: u8, bytes: [u8; N]) {
    out.reserve(N + 1);
    out.push(kind);
    out.extend_from_slice(&bytes);
}
