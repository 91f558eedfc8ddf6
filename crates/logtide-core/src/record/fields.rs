//! Writes the metadata of a record.

use std::{
    error::Error,
    fmt::{self, Display},
};

use serde::Serialize;

use super::{
    CallSite, ErrorPlace, Record, SpanData, SpanFields, SpanTimes, Value,
    call_site::Name,
    frames::write_frame,
    layout::{
        AT_CALL_SITE, AT_FRAME, ERROR, FINAL, FLAGS, HAS_ERROR, HAS_SCOPE, HEAD, KEY_8, KEY_32, MESSAGE,
        MESSAGE_AT, NESTED_SPANS, NOWHERE, ORIGIN, SCOPE, SPAN, SPAN_NAMES,
    },
    serializer::{begin, end, write_unserializable, write_value},
    text::{write_arguments, write_limited, write_limited_arguments, write_limited_display},
};
use crate::{Content, Frame, IntoMetadata, Scope, bridge::catch, exception::Link};

/// The value of `metadata.logtide_error` if the metadata panicked.
const PANICKED_METADATA: &str = "the metadata panicked while it was serialized";

/// Receives the metadata of an entry, field by field, and writes it to the entry's record.
///
/// If a key occurs twice, its first value is kept: a later field is omitted when the entry is sent.
pub struct Fields<'w> {
    out: &'w mut Vec<u8>,
    content: &'w Content,
    location: Option<&'w Frame<'w>>,
    call_site: Option<&'static CallSite>,
    /// Those of the call site.
    names: &'static [Name],
    /// The index of the name at the call site that is expected next.
    next: usize,
    message_at: u32,
    flags: u8,
}

impl<'w> Fields<'w> {
    #[inline]
    pub(super) fn new(
        out: &'w mut Vec<u8>,
        content: &'w Content,
        location: Option<&'w Frame<'w>>,
        call_site: Option<&'static CallSite>,
    ) -> Self {
        let names = call_site.map_or(&[][..], CallSite::own_names);
        Self { out, content, location, call_site, names, next: 0, message_at: 0, flags: 0 }
    }

    /// For items that are copied into records.
    pub(crate) fn of_items(out: &'w mut Vec<u8>, content: &'w Content) -> Self {
        Self::new(out, content, None, None)
    }

    /// Adds a field. Values that JSON or the server does not support are fixed when the entry is sent; see
    /// [`Wire`](crate::Wire).
    #[inline]
    pub fn field<V: Serialize + ?Sized>(&mut self, key: &str, value: &V) {
        self.key(key);
        write_value(self.out, 1, self.content, value);
    }

    /// Adds a field with the text of a value's `Display` form.
    pub fn display(&mut self, key: &str, value: impl Display) {
        self.key(key);
        let _ = write_limited_display(self.out, self.content, value);
    }

    /// Adds a field whose name is registered with the call site. Adds nothing if there is no such name.
    #[inline]
    pub fn indexed<V: Serialize + ?Sized>(&mut self, index: usize, value: &V) {
        if self.index(index) {
            write_value(self.out, 1, self.content, value);
        }
    }

    /// Adds a field whose name is registered with the call site, with the text of a value's `Display` form.
    #[inline]
    pub fn indexed_display(&mut self, index: usize, value: impl Display) {
        self.indexed_arguments(index, format_args!("{value}"));
    }

    /// Like [`Fields::indexed_display`], for the result of `format_args!`.
    pub fn indexed_arguments(&mut self, index: usize, value: fmt::Arguments<'_>) {
        if self.index(index) {
            let _ = write_limited_arguments(self.out, self.content, value);
        }
    }

    /// Adds an error with its causes. Its location is that of the [entry](Self::location).
    pub fn error<E: Error + ?Sized>(&mut self, error: &E) {
        let place = match self.location {
            Some(frame) => ErrorPlace::Frame(*frame),
            None if self.call_site.is_some() => ErrorPlace::CallSite,
            None => ErrorPlace::Unknown,
        };
        match catch(|| Link::chain(error)) {
            Ok(links) => self.links(&links, place),
            Err(_) => self.field("logtide_error", PANICKED_METADATA),
        }
    }

    /// The location of the log call, if it is known.
    #[must_use]
    pub fn location(&self) -> Option<Frame<'w>> {
        self.location.copied().or_else(|| self.call_site?.frame())
    }

    /// Writes the message. Only the first one counts.
    #[inline]
    pub fn message(&mut self, message: impl Display) {
        self.message_arguments(format_args!("{message}"));
    }

    /// Like [`Fields::message`], for the result of `format_args!`.
    pub fn message_arguments(&mut self, message: fmt::Arguments<'_>) {
        if self.message_at == 0 {
            self.out.push(MESSAGE);
            let at = self.out.len();
            // If `Display` fails, the text up to that point is kept.
            let _ = write_arguments(self.out, message);
            self.message_at = at as u32;
        }
    }

    /// Whether there is a message.
    #[must_use]
    #[inline]
    pub const fn has_message(&self) -> bool {
        self.message_at != 0
    }

    /// Writes metadata. If it panics, a field says so.
    #[inline]
    pub fn metadata(&mut self, metadata: impl IntoMetadata) {
        let (start, next, flags) = (self.out.len(), self.next, self.flags);
        let had_message = self.message_at != 0;
        if catch(|| metadata.write_to(self)).is_err() {
            self.out.truncate(start);
            (self.next, self.flags) = (next, flags);
            if !had_message {
                self.message_at = 0;
            }
            self.field("logtide_error", PANICKED_METADATA);
        }
    }

    /// Adds a span around the entry, innermost first, with its fields or without.
    pub fn span(&mut self, span: &SpanFields, with_fields: bool) {
        let number = span.call_site().map_or(0, CallSite::number);
        let items = if with_fields { span.items() } else { &[] };
        self.out.reserve(items.len() + 9);
        self.out.push(SPAN);
        self.out.extend_from_slice(&number.to_le_bytes());
        self.out.extend_from_slice(&(items.len() as u32).to_le_bytes());
        self.out.extend_from_slice(items);
    }

    /// Turns the record into that of a span that has ended. Its message is the name of the span, and its ids are
    /// those of the span.
    pub fn ended_span(&mut self, times: &SpanTimes, data: &SpanData) {
        data.write(times, self.out);
    }

    /// Adds the names of the spans, as `metadata.spans`.
    pub fn span_names(&mut self) {
        self.out.push(SPAN_NAMES);
    }

    /// Writes the fields of each span under its name.
    pub const fn nest_spans(&mut self) {
        self.flags |= NESTED_SPANS;
    }

    /// Adds the origin of the call site: `logger`, and optionally `module`, `file` and `line`.
    #[inline]
    pub fn origin(&mut self, with_place: bool) {
        self.out.extend_from_slice(&[ORIGIN, with_place.into()]);
    }

    /// Adds the data of a scope. Later fields are those of the scope.
    pub fn scope(&mut self, scope: &Scope) {
        self.out.push(SCOPE);
        self.flags |= HAS_SCOPE;
        self.next = usize::MAX;
        let flags = self.flags;
        scope.write_to(self);
        // An error among its extras did not happen here.
        self.flags = flags;
    }

    /// Sends the entry without redaction and without metadata of the client. Only values that the server would reject
    /// are fixed.
    pub const fn set_final(&mut self) {
        self.flags |= FINAL;
    }

    /// Whether there is an error among the metadata.
    #[must_use]
    pub const fn has_error(&self) -> bool {
        self.flags & HAS_ERROR != 0
    }

    /// Completes the record.
    #[must_use]
    #[inline]
    pub fn finish(self) -> Record<'w> {
        let Self { out, message_at, flags, .. } = self;
        let length = u32::try_from(out.len()).unwrap_or(u32::MAX);
        if let Some(head) = out.first_chunk_mut::<HEAD>() {
            head[..4].copy_from_slice(&length.to_le_bytes());
            head[MESSAGE_AT..MESSAGE_AT + 4].copy_from_slice(&message_at.to_le_bytes());
            head[FLAGS] = flags;
        }
        Record(&out[..length as usize])
    }

    /// How long texts may be while they are copied.
    pub(crate) const fn content(&self) -> &'w Content {
        self.content
    }

    /// Adds an error that is taken apart already.
    pub(crate) fn links(&mut self, links: &[Link], place: ErrorPlace<'_>) {
        self.flags |= HAS_ERROR;
        let start = begin(self.out, ERROR);
        match place {
            ErrorPlace::Frame(frame) => {
                self.out.push(AT_FRAME);
                write_frame(self.out, &frame);
            }
            ErrorPlace::CallSite => self.out.push(AT_CALL_SITE),
            ErrorPlace::Unknown => self.out.push(NOWHERE),
        }
        for link in links {
            write_limited(self.out, self.content, &link.name);
            write_limited(self.out, self.content, &link.message);
        }
        end(self.out, start);
    }

    /// Adds the content of an enum's variant, under the variant's name.
    pub(crate) fn variant<V: Serialize + ?Sized>(&mut self, variant: &str, value: &V) {
        let mut whole = Vec::new();
        write_value(&mut whole, 0, self.content, value);
        self.key(variant);
        // An object of one field, or why there is none.
        let value = match Value::read(&mut &*whole) {
            Some(Value::Object(entries)) => entries.without_name(),
            _ => None,
        };
        self.out.extend_from_slice(value.unwrap_or(&whole));
    }

    /// Adds a field that says why there is no value.
    pub(crate) fn failed(&mut self, key: &str, error: &dyn Display) {
        self.key(key);
        write_unserializable(self.out, error);
    }

    /// Adds an array whose values the function writes.
    pub(crate) fn array(&mut self, key: &str, write: impl FnOnce(&mut Vec<u8>, &Content)) {
        self.key(key);
        let start = begin(self.out, super::layout::ARRAY);
        write(self.out, self.content);
        end(self.out, start);
    }

    /// Adds items that were written before.
    pub(crate) fn items(&mut self, items: &[u8]) {
        self.out.extend_from_slice(items);
    }

    #[inline(always)]
    fn key(&mut self, key: &str) {
        match self.names.get(self.next) {
            Some(name) if name.is(key) => {
                self.out.push(self.next as u8);
                self.next += 1;
            }
            _ => self.other_key(key),
        }
    }

    /// Writes the index of a name that comes later at the call site, because a field was left out, or else the name itself.
    #[inline(never)]
    fn other_key(&mut self, key: &str) {
        let rest = self.names.get(self.next..).unwrap_or_default();
        if let Some(skipped) = rest.iter().position(|name| name.is(key)) {
            self.out.push((self.next + skipped) as u8);
            self.next += skipped + 1;
            return;
        }
        if let Ok(length) = u8::try_from(key.len()) {
            self.out.reserve(key.len() + 2);
            self.out.extend_from_slice(&[KEY_8, length]);
        } else {
            self.out.push(KEY_32);
            self.out.extend_from_slice(&(key.len() as u32).to_le_bytes());
        }
        self.out.extend_from_slice(key.as_bytes());
    }

    #[inline(always)]
    fn index(&mut self, index: usize) -> bool {
        let is_known = index < self.names.len();
        if is_known {
            self.out.push(index as u8);
        }
        is_known
    }
}

impl fmt::Debug for Fields<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Fields").field("bytes", &self.out.len()).finish_non_exhaustive()
    }
}
