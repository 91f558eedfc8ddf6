//! Where metadata is written to.

use std::{
    fmt::{Display, Write as _},
    panic::Location,
};

use serde::Serialize;

use super::{
    keys::Keys,
    text::{EscapedText, cut_bytes, write_string},
    value::{write_key, write_value},
};
use crate::limits::MAX_HOSTNAME_BYTES;

/// Receives the metadata of an entry, field by field, and writes it straight to its JSON.
///
/// The first value of a key is kept: a later field of the same key is left out.
#[derive(Debug)]
pub struct Fields<'a> {
    pub(super) out: &'a mut Vec<u8>,
    pub(super) keys: &'a mut Keys,
    pub(super) location: Option<&'static Location<'static>>,
}

impl Fields<'_> {
    /// Adds a field. What JSON or the server would refuse or change is mended, see [`Encoder`](crate::Encoder).
    pub fn field<V: Serialize + ?Sized>(&mut self, key: &str, value: &V) {
        self.write(key, |out| write_value(out, 1, value));
    }

    /// Adds a field as the text that a value displays as.
    pub fn display(&mut self, key: &str, value: impl Display) {
        self.write(key, |out| {
            out.push(b'"');
            // A Display that fails leaves what it wrote until then.
            let _ = write!(EscapedText(out), "{value}");
            out.push(b'"');
        });
    }

    /// Where the log call stands, when it is known.
    #[must_use]
    pub fn location(&self) -> Option<&'static Location<'static>> {
        self.location
    }

    /// Adds a field whose key, and what the function writes as its value, are encoded and mended already.
    pub(crate) fn prepared(&mut self, key: &[u8], value: impl FnOnce(&mut Vec<u8>)) {
        if self.begin(|out| out.extend_from_slice(key)) {
            value(self.out);
        }
    }

    fn write(&mut self, key: &str, value: impl FnOnce(&mut Vec<u8>)) {
        if !self.begin(|out| write_key(out, key)) {
            return;
        }
        let value_start = self.out.len();
        value(self.out);
        if matches!(key, "hostname" | "host") && self.out.len() - value_start > MAX_HOSTNAME_BYTES {
            shorten(self.out, value_start);
        }
    }

    /// Writes all of a field that stands before its value, or nothing when the entry has the key already.
    fn begin(&mut self, key: impl FnOnce(&mut Vec<u8>)) -> bool {
        let before = self.out.len();
        // No JSON value ends with an opening brace, so only the first field follows one.
        if self.out.last() != Some(&b'{') {
            self.out.push(b',');
        }
        let start = self.out.len();
        key(self.out);
        if !self.keys.insert(self.out, start) {
            self.out.truncate(before);
            return false;
        }
        self.out.push(b':');
        true
    }
}

/// Cuts a text that starts there to what the server's index holds; anything but a text stays.
fn shorten(out: &mut Vec<u8>, start: usize) {
    if let Ok(text) = serde_json::from_slice::<String>(&out[start..]) {
        out.truncate(start);
        write_string(out, cut_bytes(&text, MAX_HOSTNAME_BYTES));
    }
}
