//! Attributes: named values.

mod flat_error;
mod name;

use logtide_core::{Json, ValueSink};

use self::flat_error::FlatError;
pub(crate) use self::name::Name;
use crate::protobuf::{Open, fixed64_tag, length_tag, put_bytes, put_varint, varint_bytes, varint_tag};

/// Writes attributes into a message, one value at a time.
#[derive(Debug)]
pub(crate) struct Attributes<'a> {
    out: &'a mut Vec<u8>,
    scratch: &'a mut Scratch,
    options: Options<'a>,
    /// The number of messages around the next value.
    depth: usize,
    /// The number of open objects and arrays that are not written.
    skipped: usize,
    /// The names of attributes already written, as a bit set.
    written: u16,
    /// The name of the attribute being written.
    name: Name,
    dropped: u32,
}

/// How attributes are written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options<'a> {
    /// The number of the attributes' field in the message.
    pub(crate) field: u8,
    /// Whether integers beyond 2^53 stay integers.
    pub(crate) takes_large_integers: bool,
    /// The capacity of the buffer in bytes. An attribute that exceeds it is dropped and counted.
    pub(crate) most_bytes: usize,
    /// Attributes that are left out because they are written elsewhere.
    pub(crate) left_out: &'a [(String, String)],
}

/// Memory that is reused from one message to the next.
#[derive(Debug)]
pub(crate) struct Scratch {
    open: Vec<Level>,
    error: FlatError,
    /// The SDK's own stamp in the metadata as encoded, without the first byte.
    stamp: Vec<u8>,
}

/// What is open around a value.
#[derive(Clone, Copy, Debug)]
enum Level {
    /// A name with its value.
    Entry(Open),
    /// An object: the value and the list in it.
    Object(Open, Open),
    /// An array: the value and the list in it.
    Array(Open, Open),
}

/// The deepest nesting of messages: protobuf decoders refuse a request with more than 100 levels.
const MAX_DEPTH: usize = 96;

/// The most messages around an attribute's value: those of an event of a span.
const OUTER_DEPTH: usize = 6;

/// Replaces a value that is nested too deep, as in JSON.
const TOO_DEEP: &str = "[nested too deep]";

// Fields of `KeyValue`. `KeyValueList` happens to use the same number.
const KEY: u8 = 1;
const VALUE: u8 = 2;
const ELEMENT: u8 = 1;

// Fields of `AnyValue`.
const STRING: u8 = 1;
const BOOL: u8 = 2;
const INT: u8 = 3;
const DOUBLE: u8 = 4;
const ARRAY: u8 = 5;
const OBJECT: u8 = 6;

impl<'a> Attributes<'a> {
    pub(crate) fn new(out: &'a mut Vec<u8>, scratch: &'a mut Scratch, options: Options<'a>) -> Self {
        scratch.open.clear();
        scratch.error.clear();
        Self {
            out,
            scratch,
            options,
            depth: OUTER_DEPTH,
            skipped: 0,
            written: 0,
            name: Name::Other,
            dropped: 0,
        }
    }

    /// Adds a string attribute, unless there is one of that name.
    pub(crate) fn add(&mut self, name: Name, text: &str) {
        if self.written & name.bit() == 0 {
            self.key(name.as_str());
            self.text(text, "");
        }
    }

    /// Adds the attributes that describe an error, and returns how many attributes were dropped.
    pub(crate) fn finish(mut self) -> u32 {
        let error = std::mem::take(&mut self.scratch.error);
        for (name, text) in error.attributes() {
            self.add(name, text);
        }
        self.scratch.error = error;
        self.scratch.error.clear();
        self.dropped
    }

    /// Begins a value. If it has a name, its header was written with the name.
    #[inline]
    fn begin_value(&mut self) {
        if let Some(Level::Array(..)) = self.scratch.open.last() {
            self.out.push(length_tag(ELEMENT));
        }
    }

    /// Ends a value and its name.
    #[inline]
    fn end_value(&mut self) {
        let Some(Level::Entry(entry)) = self.scratch.open.last().copied() else { return };
        self.scratch.open.pop();
        entry.end(self.out);
        if self.scratch.open.is_empty() {
            self.end_attribute(entry.length_at());
        }
    }

    /// Keeps the attribute whose length is at this offset, or removes it.
    #[inline]
    fn end_attribute(&mut self, length_at: usize) {
        let is_left_out = match self.name {
            Name::Sdk => self.out[length_at..] == *self.scratch.stamp,
            Name::LeftOut => true,
            _ => false,
        };
        if is_left_out || self.out.len() > self.options.most_bytes {
            self.out.truncate(length_at - 1);
            self.dropped += u32::from(!is_left_out);
        } else {
            self.written |= self.name.bit();
        }
    }

    #[inline]
    fn scalar(&mut self, bytes: usize, write: impl FnOnce(&mut Vec<u8>)) {
        if self.skipped > 0 {
            return;
        }
        self.begin_value();
        put_varint(self.out, bytes as u64);
        write(self.out);
        self.end_value();
    }

    fn open(&mut self, field: u8, messages: usize, level: fn(Open, Open) -> Level) {
        if self.skipped == 0 && self.depth + messages <= MAX_DEPTH {
            self.begin_value();
            let value = Open::short(self.out);
            self.out.push(length_tag(field));
            let list = Open::short(self.out);
            self.scratch.open.push(level(value, list));
            self.depth += messages;
        } else {
            if self.skipped == 0 {
                self.text(TOO_DEEP, "");
            }
            self.skipped += 1;
        }
    }

    fn close(&mut self, messages: usize) {
        if self.skipped > 0 {
            self.skipped -= 1;
        } else if let Some(Level::Object(value, list) | Level::Array(value, list)) = self.scratch.open.pop() {
            list.end(self.out);
            value.end(self.out);
            self.depth -= messages;
            self.end_value();
        }
    }
}

/// The messages that an object adds: the list, its entries and their values.
const OBJECT_MESSAGES: usize = 3;

/// The messages that an array adds: the list and its values.
const ARRAY_MESSAGES: usize = 2;

impl ValueSink for Attributes<'_> {
    #[inline]
    fn key(&mut self, key: &str) {
        if self.skipped > 0 {
            return;
        }
        match self.scratch.open.len() {
            0 => {
                let is_left_out = self.options.left_out.iter().any(|(name, _)| name == key);
                self.name = if is_left_out { Name::LeftOut } else { Name::of(key) };
                self.out.push(length_tag(self.options.field));
            }
            depth => {
                if depth == 2 && matches!(self.name, Name::Error | Name::Exception) {
                    self.scratch.error.key(key);
                }
                self.out.push(length_tag(ELEMENT));
            }
        }
        self.scratch.open.push(Level::Entry(Open::short(self.out)));
        put_bytes(self.out, KEY, key.as_bytes());
        self.out.push(length_tag(VALUE));
    }

    fn open_object(&mut self) {
        self.open(OBJECT, OBJECT_MESSAGES, Level::Object);
    }

    fn close_object(&mut self) {
        self.close(OBJECT_MESSAGES);
    }

    fn open_array(&mut self) {
        self.open(ARRAY, ARRAY_MESSAGES, Level::Array);
    }

    fn close_array(&mut self) {
        self.close(ARRAY_MESSAGES);
    }

    fn null(&mut self) {
        self.scalar(0, |_| {});
    }

    fn bool(&mut self, value: bool) {
        self.scalar(2, |out| out.extend_from_slice(&[varint_tag(BOOL), value.into()]));
    }

    #[inline]
    fn integer(&mut self, value: i64) {
        let value = value.cast_unsigned();
        self.scalar(1 + varint_bytes(value), |out| {
            out.push(varint_tag(INT));
            put_varint(out, value);
        });
    }

    fn float(&mut self, value: f64) {
        self.scalar(9, |out| {
            out.push(fixed64_tag(DOUBLE));
            out.extend_from_slice(&value.to_le_bytes());
        });
    }

    #[inline]
    fn text(&mut self, text: &str, end: &str) {
        let open = &self.scratch.open;
        if open.len() == 3 && self.skipped == 0 && matches!(open[2], Level::Entry(_)) {
            self.scratch.error.text(self.name, text, end);
        }
        let length = text.len() + end.len();
        self.scalar(1 + varint_bytes(length as u64) + length, |out| {
            out.push(length_tag(STRING));
            put_varint(out, length as u64);
            out.extend_from_slice(text.as_bytes());
            out.extend_from_slice(end.as_bytes());
        });
    }

    fn takes_large_integers(&self) -> bool {
        self.options.takes_large_integers
    }
}

impl Default for Scratch {
    fn default() -> Self {
        let mut scratch = Self { open: Vec::new(), error: FlatError::default(), stamp: Vec::new() };
        let mut stamp = Vec::new();
        let options = Options { field: 1, takes_large_integers: true, most_bytes: usize::MAX, left_out: &[] };
        Json::default().write_global_metadata(&mut Attributes::new(&mut stamp, &mut scratch, options));
        stamp.drain(..stamp.len().min(1));
        scratch.stamp = stamp;
        scratch
    }
}
