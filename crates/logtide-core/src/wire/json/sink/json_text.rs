//! Metadata as JSON text.

use std::mem;

use super::{
    super::{
        fit,
        keys::Keys,
        name::Name,
        rendered::Rendered,
        text::{is_plain, write_escaped, write_quoted, write_string},
    },
    Sink,
};

/// Writes to the end of a buffer, where the object that the fields belong to is open.
#[derive(Debug)]
pub(in super::super) struct JsonText<'a> {
    pub(in super::super) out: &'a mut Vec<u8>,
    /// The names of the fields that are written already.
    keys: &'a mut Keys,
    /// Those of the object around, while one is open inside.
    outer: &'a mut Keys,
}

impl<'a> JsonText<'a> {
    pub(in super::super) fn new(out: &'a mut Vec<u8>, [keys, outer]: &'a mut [Keys; 2]) -> Self {
        keys.clear();
        Self { out, keys, outer }
    }

    /// Puts the comma between what an object or array has. No JSON value ends with an opening bracket, so only the first follows one.
    #[inline]
    fn separate(&mut self) {
        if !matches!(self.out.last(), Some(b'{' | b'[')) {
            self.out.push(b',');
        }
    }
}

impl Sink for JsonText<'_> {
    #[inline]
    fn field(&mut self, name: &Name) -> bool {
        let Self { out, keys, .. } = self;
        if keys.may_contain(name.bit) && keys.contains(out, name.quoted(), name.signature) {
            return false;
        }
        // The comma in front.
        let skipped = usize::from(out.last() == Some(&b'{'));
        let start = out.len() + 1 - skipped;
        keys.push(name.signature, name.bit, start..start + name.text.len() - 2);
        out.extend_from_slice(name.text.get(skipped..).unwrap_or_default());
        true
    }

    fn open_fields(&mut self) {
        self.out.push(b'{');
        mem::swap(self.keys, self.outer);
        self.keys.clear();
    }

    fn close_fields(&mut self) {
        mem::swap(self.keys, self.outer);
        self.out.push(b'}');
    }

    #[inline]
    fn copy_last(&mut self, rendered: &Rendered) -> bool {
        rendered.copy_last_to(self.out, self.keys)
    }

    #[inline]
    fn copy(&mut self, rendered: &Rendered) -> bool {
        rendered.copy_to(self.out, self.keys)
    }

    #[inline]
    fn open_object(&mut self) {
        self.out.push(b'{');
    }

    #[inline]
    fn key(&mut self, key: &str) {
        self.separate();
        write_string(self.out, key);
        self.out.push(b':');
    }

    #[inline]
    fn close_object(&mut self) {
        self.out.push(b'}');
    }

    #[inline]
    fn open_array(&mut self) {
        self.out.push(b'[');
    }

    #[inline]
    fn element(&mut self) {
        self.separate();
    }

    #[inline]
    fn close_array(&mut self) {
        self.out.push(b']');
    }

    #[inline]
    fn null(&mut self) {
        self.out.extend_from_slice(b"null");
    }

    #[inline]
    fn bool(&mut self, value: bool) {
        self.out.extend_from_slice(if value { b"true" } else { b"false" });
    }

    #[inline]
    fn number(&mut self, digits: &str) {
        self.out.extend_from_slice(digits.as_bytes());
    }

    fn text_and_end(&mut self, text: &str, end: &str) {
        self.out.push(b'"');
        write_escaped(self.out, text);
        write_escaped(self.out, end);
        self.out.push(b'"');
    }

    fn value(&mut self, value: serde_json::Value) {
        self.out.extend_from_slice(&fit::json(&value));
    }

    #[inline]
    fn takes_plain(text: &[u8]) -> bool {
        is_plain::<true>(text)
    }

    #[inline]
    fn plain(&mut self, text: &[u8]) {
        write_quoted(self.out, text);
    }

    #[inline]
    fn text(&mut self, text: &str) {
        write_string(self.out, text);
    }
}
