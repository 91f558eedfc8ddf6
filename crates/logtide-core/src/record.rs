//! Entries in a compact binary form.
//!
//! # Layout
//!
//! A record is a head of 22 bytes and items behind it. Numbers are little-endian, and nothing is aligned.
//!
//! | bytes | what |
//! |---|---|
//! | 0 to 3 | bytes of the whole record, as `u32` |
//! | 4 to 11 | when the log call was made, in nanoseconds since 1970, as `u64` |
//! | 12 to 15 | the number of the [`CallSite`], as `u32`; 0 for none |
//! | 16 to 19 | where the message's value stands, counted from the start of the record, as `u32`; 0 for no message |
//! | 20 | the level, 0 for debug to 4 for critical |
//! | 21 | flags: 1 the entry is [final](Record::is_final), 2 there is an error among the items, other than of the scope, 4 fields of spans are nested, 8 there are items of a scope |
//!
//! An item is a byte that says what it is, and what belongs to it. Those of the first table stand before all others, each at most once.
//!
//! | first byte | what follows | what it is |
//! |---|---|---|
//! | `F0` | text | the service, where it is not that of the call site; empty for the default one |
//! | `F1`, `F2` | text, or 16 bytes of `u128` | the trace |
//! | `F3`, `F4` | text, or 8 bytes of `u64` | the span |
//! | `F5` | text | the session |
//! | `F6` | 8 bytes of `i64` | a time of the entry's own, in microseconds since 1970 |
//! | `F7` | `u32`, and as many bytes of frames | the stack of the error |
//! | `F8` | 16 bytes, in the order of a UUID's text | the id of the event |
//! | `F9` | 8 bytes of `u64` | the number of the entry among those of its client |
//!
//! | first byte | what follows | what it is |
//! |---|---|---|
//! | `00` to `DF` | value | a field, by the index of its name at the call site |
//! | `E0`, `E1` | length as `u8` or `u32`, name, value | a field by its name |
//! | `E2` | text | the message |
//! | `E3` | `u32`, and as many bytes: see below | an error |
//! | `E4` | `u32` number of a call site, `u32`, and as many bytes of items | a span with its fields |
//! | `E5` | | the names of the spans go here |
//! | `E6` | `u8` | the origin of the call site goes here; 1 with module, file and line, 0 without |
//! | `E7` | | the items that follow are those of the scope |
//!
//! An ended span is a record too. Its message is its name, its ids are its own, and its time is that of its end. It also has these items,
//! each at most once except for events and links.
//!
//! | first byte | what follows | what it is |
//! |---|---|---|
//! | `E8` | `u64` nanoseconds since 1970, `u64`, `u8`, `u8`, `u32`, `u32` | start, parent (0 for none), [kind](SpanKind), flags of the trace, and how many events and links were left out |
//! | `E9` | `u8`, text | the [status](SpanStatus), and what is said of it |
//! | `EA` | `u32`, and as many bytes: `u64` nanoseconds since 1970, name as a text, items | an event |
//! | `EB` | `u32`, and as many bytes: 16 bytes of `u128`, 8 bytes of `u64`, items | a link to another span |
//! | `EC` | text | the `tracestate` of its trace |
//!
//! An error is a byte that says where it is reported: 0 nowhere, 1 at the call site, 2 in the frame that follows.
//! Then come name and message of the error and of each cause, as texts.
//!
//! A value is a byte that says what it is, and its bytes.
//!
//! | first byte | what follows | what it is |
//! |---|---|---|
//! | `00`, `01`, `02` | | null, false, true |
//! | `03`, `04`, `05` | `u8`, `u32`, `u64` | an unsigned integer |
//! | `06`, `07` | `i32`, `i64` | a negative integer |
//! | `08`, `09` | `u128`, `i128` | an integer of 128 bits |
//! | `0A`, `0B` | `f32`, `f64` | a float |
//! | `0C`, `0D` | length as `u8` or `u32`, UTF-8 | a text |
//! | `0E` | `u32`, UTF-8 | a number as its digits |
//! | `0F` | `u32`, and as many bytes of values | an array |
//! | `10` | `u32`, and as many bytes: for each field its name as a text, and its value | an object |
//! | `11` | | a value that is nested too deep |
//! | `12` | `u32`, UTF-8 | why a value could not be serialized |

mod call_site;
mod error_value;
mod fields;
mod frames;
mod head;
mod identity;
mod items;
mod layout;
mod serializer;
mod sorted_texts;
mod span_data;
mod span_fields;
mod text;
mod value;
mod writer;

pub use self::{
    call_site::CallSite,
    error_value::{ErrorPlace, ErrorValue},
    fields::Fields,
    frames::Frames,
    head::{Head, Id, Ids, Prefix},
    identity::{EventId, Identity},
    items::{Item, Items, Key, SpanItem},
    span_data::{SpanData, SpanEventItem, SpanKind, SpanLinkItem, SpanStatus, SpanTimes},
    span_fields::SpanFields,
    value::{Entries, Value, Values},
    writer::RecordWriter,
};
use self::{
    frames::write_frame,
    layout::{
        CALL_SITE, FINAL, FLAGS, FRAMES, HAS_ERROR, HEAD, LEVEL_AT, MESSAGE_AT, NESTED_SPANS, SERVICE, TEXT_8,
    },
};
pub(crate) use self::{
    items::Ending,
    serializer::{RawKind, key_text, write_value},
    sorted_texts::SortedTexts,
    text::Guarded,
};
use crate::{Frame, Level, Timestamp};

/// An entry in a compact binary form.
///
/// A record consists of self-describing bytes with typed values. A [`RecordWriter`] creates it, and a
/// [`Wire`](crate::Wire) renders it when a request is due.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Record<'a>(&'a [u8]);

impl<'a> Record<'a> {
    /// The size of the head in bytes.
    pub const MIN_BYTES: usize = HEAD;

    /// Returns the record at the start of some bytes, or `None` if there is no complete one.
    ///
    /// The content is not checked: reading ends at invalid bytes.
    #[must_use]
    pub fn first(bytes: &'a [u8]) -> Option<Self> {
        let length = u32::from_le_bytes(*bytes.first_chunk::<4>()?) as usize;
        if length < HEAD { None } else { bytes.get(..length).map(Self) }
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(self) -> &'a [u8] {
        self.0
    }

    /// The size in bytes.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "no record is empty")]
    pub const fn len(self) -> usize {
        self.0.len()
    }

    /// When the log call was made, in nanoseconds since 1970.
    #[must_use]
    pub fn nanos(self) -> u64 {
        u64::from_le_bytes(self.array(4))
    }

    /// When the entry happened: its own time, or that of the log call.
    #[must_use]
    pub fn time(self) -> Timestamp {
        self.prefix().time.unwrap_or_else(|| self.call_time())
    }

    /// The severity.
    #[must_use]
    pub fn level(self) -> Level {
        Level::ALL[usize::from(self.0[LEVEL_AT]).min(Level::ALL.len() - 1)]
    }

    /// The call site, if it is registered.
    #[must_use]
    pub fn call_site(self) -> Option<&'static CallSite> {
        CallSite::by_number(u32::from_le_bytes(self.array(CALL_SITE)))
    }

    /// The service that logged it. `None` for the default one.
    #[must_use]
    pub fn service(self) -> Option<&'a str> {
        self.prefix().service_at(self.call_site())
    }

    /// Whether it is sent without redaction and without metadata of the client.
    #[must_use]
    pub fn is_final(self) -> bool {
        self.0[FLAGS] & FINAL != 0
    }

    /// Whether its items include an error.
    #[must_use]
    pub fn has_error(self) -> bool {
        self.0[FLAGS] & HAS_ERROR != 0
    }

    /// Whether the fields of each span are written under its name.
    #[must_use]
    pub fn has_nested_spans(self) -> bool {
        self.0[FLAGS] & NESTED_SPANS != 0
    }

    /// The message, or `None` if there is none.
    #[must_use]
    pub fn message(self) -> Option<&'a str> {
        let at = u32::from_le_bytes(self.array(MESSAGE_AT)) as usize;
        let mut rest = self.0.get(at..).filter(|_| at >= HEAD)?;
        value::text(&mut rest)
    }

    /// The bytes of a message of less than 256 bytes, which may not be UTF-8.
    #[inline]
    pub(crate) fn short_message(self) -> Option<&'a [u8]> {
        let at = u32::from_le_bytes(self.array(MESSAGE_AT)) as usize;
        let (head, rest) = self.0.get(at..).filter(|_| at >= HEAD)?.split_first_chunk::<2>()?;
        let [TEXT_8, length] = *head else { return None };
        rest.get(..length.into())
    }

    /// The data before its items: service, ids, time, frames and identity.
    #[must_use]
    pub fn prefix(self) -> Prefix<'a> {
        Prefix::read(&mut &self.0[HEAD..])
    }

    /// The items, in the order in which they were written.
    #[must_use]
    pub fn items(self) -> Items<'a> {
        self.parts().1
    }

    /// The data before its items, and the items.
    pub(crate) fn parts(self) -> (Prefix<'a>, Items<'a>) {
        let mut rest = &self.0[HEAD..];
        let prefix = Prefix::read(&mut rest);
        (prefix, Items::new(rest, self.call_site()))
    }

    /// When the log call was made.
    pub(crate) fn call_time(self) -> Timestamp {
        Timestamp::from_micros((self.nanos() / 1_000) as i64)
    }

    /// Returns the record with the stack of its error.
    #[must_use]
    pub(crate) fn with_frames(self, stack: &[Frame<'_>]) -> Vec<u8> {
        let mut frames = Vec::new();
        stack.iter().for_each(|frame| write_frame(&mut frames, frame));
        let added = (frames.len() + 5) as u32;
        let mut record = Vec::with_capacity(self.len() + added as usize);
        record.extend_from_slice(&self.0[..HEAD]);
        record.push(FRAMES);
        record.extend_from_slice(&(frames.len() as u32).to_le_bytes());
        record.extend_from_slice(&frames);
        record.extend_from_slice(&self.0[HEAD..]);
        let message_at = u32::from_le_bytes(self.array(MESSAGE_AT));
        let moved = if message_at == 0 { 0 } else { message_at.saturating_add(added) };
        record[..4].copy_from_slice(&(self.len() as u32).saturating_add(added).to_le_bytes());
        record[MESSAGE_AT..MESSAGE_AT + 4].copy_from_slice(&moved.to_le_bytes());
        record
    }

    /// Whether it has no flags.
    #[inline]
    pub(crate) fn has_no_flags(self) -> bool {
        self.0[FLAGS] == 0
    }

    /// The items, if nothing comes before them.
    #[inline]
    pub(crate) fn items_alone(self) -> Option<Items<'a>> {
        let rest = &self.0[HEAD..];
        let is_alone = rest.first().is_none_or(|kind| *kind < SERVICE);
        is_alone.then(|| Items::new(rest, self.call_site()))
    }

    fn array<const N: usize>(self, at: usize) -> [u8; N] {
        let mut array = [0; N];
        array.copy_from_slice(&self.0[at..at + N]);
        array
    }
}

impl std::fmt::Debug for Record<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Record")
            .field("time", &self.time())
            .field("level", &self.level())
            .field("message", &self.message())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
