//! Where metadata is written to.

use std::fmt::Display;

use serde::Serialize;

use super::{
    key::{Key, is_hostname},
    keys::{Keys, signature},
    text::{cut_bytes, write_string},
    value::{write_display, write_text_key, write_value},
};
use crate::{Content, ErrorFormat, Frame, Prepared, limits::MAX_HOSTNAME_BYTES};

/// Receives the metadata of an entry, field by field, and writes it straight to its JSON.
///
/// The first value of a key is kept: a later field of the same key is left out.
#[derive(Debug)]
pub struct Fields<'a> {
    pub(super) out: &'a mut Vec<u8>,
    pub(super) keys: &'a mut Keys,
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
        self.write(key, |out, _| prepared.write_object(out));
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

    /// Adds a field whose key, and what the function writes as its value, are encoded and mended already.
    pub(crate) fn prepared(&mut self, key: &[u8], value: impl FnOnce(&mut Vec<u8>)) {
        if self.begin(|out| out.extend_from_slice(key)).is_some() {
            value(self.out);
        }
    }

    fn write_keyed(&mut self, key: &Key, value: impl FnOnce(&mut Vec<u8>, &Content)) {
        let before = self.out.len();
        let skipped = usize::from(self.is_first());
        self.out.extend_from_slice(&key.text[skipped..]);
        let place = before + 1 - skipped..self.out.len() - 1;
        if self.keys.insert(self.out, place, key.signature) {
            self.write_value(key.replacement, key.is_hostname, value);
        } else {
            self.out.truncate(before);
        }
    }

    fn write(&mut self, key: &str, value: impl FnOnce(&mut Vec<u8>, &Content)) {
        let Some(start) = self.begin(|out| write_text_key(out, key)) else {
            return;
        };
        let replacement = self.content.replacement(&self.out[start + 1..self.out.len() - 2]);
        self.write_value(replacement, is_hostname(key), value);
    }

    fn write_value(
        &mut self,
        replacement: Option<&str>,
        is_hostname: bool,
        value: impl FnOnce(&mut Vec<u8>, &Content),
    ) {
        let start = self.out.len();
        match replacement {
            Some(replacement) => write_string(self.out, replacement),
            None => value(self.out, self.content),
        }
        if is_hostname && self.out.len() - start > MAX_HOSTNAME_BYTES {
            shorten(self.out, start);
        }
    }

    /// No JSON value ends with an opening brace, so only the first field follows one.
    pub(super) fn is_first(&self) -> bool {
        self.out.last() == Some(&b'{')
    }

    /// Writes all of a field that stands before its value and says where its key starts, or writes nothing when the entry has the
    /// key already.
    fn begin(&mut self, key: impl FnOnce(&mut Vec<u8>)) -> Option<usize> {
        let before = self.out.len();
        if !self.is_first() {
            self.out.push(b',');
        }
        let start = self.out.len();
        key(self.out);
        if !self.keys.insert(self.out, start..self.out.len(), signature(&self.out[start..])) {
            self.out.truncate(before);
            return None;
        }
        self.out.push(b':');
        Some(start)
    }
}

/// Cuts a text that starts there to what the server's index holds; anything but a text stays.
fn shorten(out: &mut Vec<u8>, start: usize) {
    if let Ok(text) = serde_json::from_slice::<String>(&out[start..]) {
        out.truncate(start);
        write_string(out, cut_bytes(&text, MAX_HOSTNAME_BYTES));
    }
}
