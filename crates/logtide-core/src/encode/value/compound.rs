//! Arrays and objects.

use serde::{Serialize, ser};

use super::{raw, write_key, write_string, write_value};
use crate::content::Content;

/// An array or object that is being written.
pub(super) struct Compound<'a> {
    out: &'a mut Vec<u8>,
    depth: usize,
    content: &'a Content,
    mode: Mode,
    /// What stands in place of the value whose key was written last.
    replacement: Option<&'static str>,
}

enum Mode {
    Writing {
        close: &'static str,
        first: bool,
    },
    /// A text stands for the whole value; nothing inside is looked at.
    Skipping,
    Raw(raw::Kind),
}

impl<'a> Compound<'a> {
    pub(super) fn new(out: &'a mut Vec<u8>, depth: usize, content: &'a Content, close: &'static str) -> Self {
        Self { out, depth, content, mode: Mode::Writing { close, first: true }, replacement: None }
    }

    pub(super) fn skipping(out: &'a mut Vec<u8>, content: &'a Content) -> Self {
        Self { out, depth: 0, content, mode: Mode::Skipping, replacement: None }
    }

    pub(super) fn raw(out: &'a mut Vec<u8>, depth: usize, content: &'a Content, kind: raw::Kind) -> Self {
        Self { out, depth, content, mode: Mode::Raw(kind), replacement: None }
    }

    pub(super) fn entry<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) {
        if self.begin() {
            self.key(key);
            self.value(value);
        }
    }

    fn key<T: Serialize + ?Sized>(&mut self, key: &T) {
        let start = self.out.len();
        write_key(self.out, key);
        self.replacement = self.content.replacement(&self.out[start + 1..self.out.len() - 1]);
    }

    fn value<T: Serialize + ?Sized>(&mut self, value: &T) {
        self.out.push(b':');
        match self.replacement.take() {
            Some(replacement) => write_string(self.out, replacement),
            None => write_value(self.out, self.depth, self.content, value),
        }
    }

    pub(super) fn close(self) {
        if let Mode::Writing { close, .. } = self.mode {
            self.out.extend_from_slice(close.as_bytes());
        }
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) {
        if self.begin() {
            write_value(self.out, self.depth, self.content, value);
        }
    }

    /// Puts the comma between elements; false when elements are not written.
    fn begin(&mut self) -> bool {
        let Mode::Writing { first, .. } = &mut self.mode else {
            return false;
        };
        if !std::mem::replace(first, false) {
            self.out.push(b',');
        }
        true
    }
}

macro_rules! sequences {
    ($($name:ident: $method:ident),*) => {$(
        impl ser::$name for Compound<'_> {
            type Ok = ();
            type Error = serde_json::Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Self::Error> {
                self.element(value);
                Ok(())
            }

            fn end(self) -> Result<(), Self::Error> {
                self.close();
                Ok(())
            }
        }
    )*};
}

sequences!(
    SerializeSeq: serialize_element,
    SerializeTuple: serialize_element,
    SerializeTupleStruct: serialize_field,
    SerializeTupleVariant: serialize_field
);

impl ser::SerializeMap for Compound<'_> {
    type Ok = ();
    type Error = serde_json::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Self::Error> {
        if self.begin() {
            self.key(key);
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Self::Error> {
        if matches!(self.mode, Mode::Writing { .. }) {
            self.value(value);
        }
        Ok(())
    }

    fn end(self) -> Result<(), Self::Error> {
        self.close();
        Ok(())
    }
}

impl ser::SerializeStruct for Compound<'_> {
    type Ok = ();
    type Error = serde_json::Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Self::Error> {
        match self.mode {
            Mode::Raw(kind) => kind.write(self.out, self.depth, self.content, value),
            Mode::Writing { .. } | Mode::Skipping => {
                self.entry(key, value);
                Ok(())
            }
        }
    }

    fn end(self) -> Result<(), Self::Error> {
        self.close();
        Ok(())
    }
}

impl ser::SerializeStructVariant for Compound<'_> {
    type Ok = ();
    type Error = serde_json::Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Self::Error> {
        self.entry(key, value);
        Ok(())
    }

    fn end(self) -> Result<(), Self::Error> {
        self.close();
        Ok(())
    }
}
