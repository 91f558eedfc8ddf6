//! Arrays and objects.

use serde::{Serialize, ser};

use super::{super::layout::NULL, RawKind, write_key, write_text, write_value};
use crate::content::Content;

/// An array or object that is being written.
pub(super) struct Compound<'a> {
    out: &'a mut Vec<u8>,
    depth: usize,
    content: &'a Content,
    mode: Mode,
    /// Whether the name of a field was written without its value.
    has_key: bool,
    /// The start of the object of which this is the only field.
    variant_start: Option<usize>,
}

enum Mode {
    Writing {
        start: usize,
    },
    /// The whole value was replaced, so its content is ignored.
    Skipping,
    Raw {
        kind: RawKind,
        written: bool,
    },
}

impl<'a> Compound<'a> {
    pub(super) fn open(out: &'a mut Vec<u8>, depth: usize, content: &'a Content, tag: u8) -> Self {
        let start = begin(out, tag);
        Self { out, depth, content, mode: Mode::Writing { start }, has_key: false, variant_start: None }
    }

    /// Creates the value of the only field of an object that starts there.
    pub(super) const fn in_variant(mut self, start: usize) -> Self {
        self.variant_start = Some(start);
        self
    }

    pub(super) const fn skipping(out: &'a mut Vec<u8>, content: &'a Content) -> Self {
        Self { out, depth: 0, content, mode: Mode::Skipping, has_key: false, variant_start: None }
    }

    pub(super) const fn raw(out: &'a mut Vec<u8>, depth: usize, content: &'a Content, kind: RawKind) -> Self {
        let mode = Mode::Raw { kind, written: false };
        Self { out, depth, content, mode, has_key: false, variant_start: None }
    }

    pub(super) fn entry<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) {
        self.end_key();
        if self.is_writing() {
            write_text(self.out, key);
            write_value(self.out, self.depth, self.content, value);
        }
    }

    fn key<T: Serialize + ?Sized>(&mut self, key: &T) {
        self.end_key();
        if self.is_writing() {
            write_key(self.out, key);
            self.has_key = true;
        }
    }

    /// Writes the value of the last name. Writes nothing without one.
    fn value<T: Serialize + ?Sized>(&mut self, value: &T) {
        if std::mem::take(&mut self.has_key) {
            write_value(self.out, self.depth, self.content, value);
        }
    }

    /// Writes a value for a name that has none.
    fn end_key(&mut self) {
        if std::mem::take(&mut self.has_key) {
            self.out.push(NULL);
        }
    }

    pub(super) fn close(mut self) {
        self.end_key();
        match self.mode {
            Mode::Writing { start } => {
                end(self.out, start);
                if let Some(start) = self.variant_start {
                    end(self.out, start);
                }
            }
            Mode::Raw { written: false, .. } => self.out.push(NULL),
            Mode::Raw { .. } | Mode::Skipping => {}
        }
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) {
        if self.is_writing() {
            write_value(self.out, self.depth, self.content, value);
        }
    }

    const fn is_writing(&self) -> bool {
        matches!(self.mode, Mode::Writing { .. })
    }
}

/// Starts a part that is preceded by its length, and returns its start.
pub(in crate::record) fn begin(out: &mut Vec<u8>, tag: u8) -> usize {
    out.extend_from_slice(&[tag, 0, 0, 0, 0]);
    out.len()
}

/// Ends the part that starts there.
pub(in crate::record) fn end(out: &mut [u8], start: usize) {
    let length = (out.len() - start) as u32;
    out[start - 4..start].copy_from_slice(&length.to_le_bytes());
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
        self.key(key);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Self::Error> {
        self.value(value);
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
        match &mut self.mode {
            Mode::Raw { written: true, .. } => {}
            Mode::Raw { kind, written } => {
                kind.write(self.out, self.depth, self.content, value)?;
                *written = true;
            }
            Mode::Writing { .. } | Mode::Skipping => self.entry(key, value),
        }
        Ok(())
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
