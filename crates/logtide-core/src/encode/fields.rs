//! Where metadata is written to.

use std::{collections::HashMap, fmt::Display, ops::Range};

use serde::Serialize;
use serde_json::{Value, value::RawValue};

use super::{
    fit,
    key::{Key, Kind},
    key_cache::KeyCache,
    keys::{Keys, Signature},
    text::{cut_bytes, write_string},
    value::{
        prototype::{HARMLESS_CONSTRUCTOR, is_refused},
        write_display, write_unserializable, write_value,
    },
};
use crate::{Content, ErrorFormat, Frame, Prepared, limits::MAX_HOSTNAME_BYTES};

/// Receives the metadata of an entry, field by field, and writes it straight to its JSON.
///
/// The first value of a key is kept: a later field of the same key is left out.
#[derive(Debug)]
pub struct Fields<'a> {
    pub(super) out: &'a mut Vec<u8>,
    pub(super) keys: &'a mut Keys,
    pub(super) key_cache: &'a mut KeyCache,
    pub(super) content: &'a Content,
    pub(super) location: Option<Frame<'a>>,
    pub(super) error_format: ErrorFormat,
    pub(super) has_error: bool,
}

impl<'a> Fields<'a> {
    /// Adds a field. What JSON or the server would refuse or change is mended, see [`Encoder`](crate::Encoder).
    pub fn field<V: Serialize + ?Sized>(&mut self, key: &str, value: &V) {
        self.write(key, |out, content| write_value(out, 1, content, value));
    }

    /// Adds a field as the text that a value displays as.
    pub fn display(&mut self, key: &str, value: impl Display) {
        self.write(key, |out, content| {
            let _ = write_display(out, content, &value);
        });
    }

    /// Adds a field whose name is encoded already.
    #[inline]
    pub fn keyed<V: Serialize + ?Sized>(&mut self, key: &Key, value: &V) {
        self.write_keyed(key, |out, content| write_value(out, 1, content, value));
    }

    /// Adds a field whose name is encoded already, as the text that a value displays as.
    pub fn keyed_display(&mut self, key: &Key, value: impl Display) {
        self.write_keyed(key, |out, content| {
            let _ = write_display(out, content, &value);
        });
    }

    /// Adds fields that are encoded already, as an object under one key.
    pub fn object(&mut self, key: &str, prepared: &Prepared) {
        self.write(key, |out, content| prepared.write_object(out, content));
    }

    /// Where the log call stands, when it is known.
    #[must_use]
    pub fn location(&self) -> Option<Frame<'a>> {
        self.location
    }

    /// What is left out, and how large it may be.
    pub(crate) const fn content(&self) -> &'a Content {
        self.content
    }

    /// In which form errors are written.
    #[must_use]
    pub const fn error_format(&self) -> ErrorFormat {
        self.error_format
    }

    /// Notes that an error was written, so that frames are looked for.
    pub(crate) const fn note_error(&mut self) {
        self.has_error = true;
    }

    /// Adds the content of an enum's variant, under the variant's name.
    pub(crate) fn variant<V: Serialize + ?Sized>(&mut self, variant: &str, value: &V) {
        self.write(variant, |out, content| {
            let mut whole = Vec::new();
            write_value(&mut whole, 0, content, value);
            // An object of one field, or the text that says why there is none.
            let object: HashMap<String, &RawValue> = serde_json::from_slice(&whole).unwrap_or_default();
            let content = object.values().next().map(|value| value.get().as_bytes());
            out.extend_from_slice(content.unwrap_or(&whole));
        });
    }

    /// Adds a field that says why there is no value.
    pub(crate) fn failed(&mut self, key: &str, error: &dyn Display) {
        self.write(key, |out, content| write_unserializable(out, content, error));
    }

    /// Adds a field whose value the function writes.
    pub(crate) fn written(&mut self, name: &str, value: impl FnOnce(&mut Vec<u8>, &Content)) {
        self.write(name, value);
    }

    /// Adds a field whose key, and what the function writes as its value, are encoded and mended already.
    pub(super) fn prepared(&mut self, key: &[u8], value: impl FnOnce(&mut Vec<u8>)) {
        let signature = Signature::of(key);
        if self.keys.contains(self.out, key, signature) {
            return;
        }
        if !self.is_first() {
            self.out.push(b',');
        }
        self.keys.push(signature, self.out.len()..self.out.len() + key.len());
        self.out.extend_from_slice(key);
        self.out.push(b':');
        value(self.out);
    }

    #[inline]
    fn write(&mut self, name: &str, value: impl FnOnce(&mut Vec<u8>, &Content)) {
        let Self { out, keys, key_cache, content, .. } = self;
        write_field(out, keys, content, key_cache.get(content, name), value);
    }

    #[inline]
    fn write_keyed(&mut self, key: &Key, value: impl FnOnce(&mut Vec<u8>, &Content)) {
        let anew;
        let key = if key.suits(self.content) {
            key
        } else {
            anew = key.anew(self.content);
            &anew
        };
        write_field(self.out, self.keys, self.content, key, value);
    }

    /// No JSON value ends with an opening brace, so only the first field follows one.
    pub(super) fn is_first(&self) -> bool {
        is_first(self.out)
    }
}

/// Writes a field, or nothing when the entry has the key already.
#[inline]
fn write_field(
    out: &mut Vec<u8>,
    keys: &mut Keys,
    content: &Content,
    key: &Key,
    value: impl FnOnce(&mut Vec<u8>, &Content),
) {
    if keys.contains(out, key.quoted(), key.signature) {
        return;
    }
    // The comma in front.
    let skipped = usize::from(is_first(out));
    let end = out.len() + key.text.len() - skipped;
    keys.push(key.signature, out.len() + 1 - skipped..end - 1);
    out.extend_from_slice(&key.text[skipped..]);
    match key.replacement {
        Some(replacement) => write_string(out, replacement),
        None => value(out, content),
    }
    if key.kind != Kind::Plain {
        mend(out, keys, content, key.kind, end + skipped - key.text.len()..end);
    }
}

/// Mends a field whose key stands there, with its comma, and whose value follows it.
#[cold]
fn mend(out: &mut Vec<u8>, keys: &mut Keys, content: &Content, kind: Kind, key: Range<usize>) {
    match kind {
        Kind::Hostname if out.len() - key.end > MAX_HOSTNAME_BYTES => shorten(out, key.end),
        Kind::Constructor if is_refused(&out[key.end..]) => {
            let value = out.split_off(key.end);
            out.truncate(key.start);
            keys.pop();
            let harmless = Key::new(content, HARMLESS_CONSTRUCTOR);
            write_field(out, keys, content, &harmless, |out, _| out.extend_from_slice(&value));
        }
        Kind::Plain | Kind::Hostname | Kind::Constructor => {}
    }
}

fn is_first(out: &[u8]) -> bool {
    out.last() == Some(&b'{')
}

/// Cuts a value that starts there to what the server's index holds. A text keeps its beginning, an array or object what fits of it.
#[cold]
fn shorten(out: &mut Vec<u8>, start: usize) {
    let value = match serde_json::from_slice(&out[start..]) {
        Ok(Value::String(text)) => Some(cut_bytes(&text, MAX_HOSTNAME_BYTES).into()),
        Ok(value) => fit::fit(value, MAX_HOSTNAME_BYTES, false),
        Err(_) => None,
    };
    out.truncate(start);
    out.extend_from_slice(&fit::json(&value));
}
