//! Arrays and objects.

use serde::{Serialize, ser};

use super::{prototype::mend_constructor, raw, write_key, write_string, write_value};
use crate::content::Content;

/// An array or object that is being written.
pub(super) struct Compound<'a> {
    out: &'a mut Vec<u8>,
    depth: usize,
    content: &'a Content,
    mode: Mode,
    /// The key of a map that was written last, as long as its value was not.
    key: Option<Key>,
    /// Where the field starts whose value this is, in an object that closes with it.
    variant: Option<usize>,
}

struct Key {
    /// Where it stands.
    start: usize,
    /// What stands in place of its value.
    replacement: Option<&'static str>,
}

enum Mode {
    Writing {
        close: &'static str,
        first: bool,
    },
    /// A text stands for the whole value; nothing inside is looked at.
    Skipping,
    Raw {
        kind: raw::Kind,
        written: bool,
    },
}

impl<'a> Compound<'a> {
    pub(super) fn new(out: &'a mut Vec<u8>, depth: usize, content: &'a Content, close: &'static str) -> Self {
        Self { out, depth, content, mode: Mode::Writing { close, first: true }, key: None, variant: None }
    }

    /// As the value of the only field of an object, which starts there.
    pub(super) fn in_variant(mut self, start: usize) -> Self {
        self.variant = Some(start);
        self
    }

    pub(super) fn skipping(out: &'a mut Vec<u8>, content: &'a Content) -> Self {
        Self { out, depth: 0, content, mode: Mode::Skipping, key: None, variant: None }
    }

    pub(super) fn raw(out: &'a mut Vec<u8>, depth: usize, content: &'a Content, kind: raw::Kind) -> Self {
        Self { out, depth, content, mode: Mode::Raw { kind, written: false }, key: None, variant: None }
    }

    pub(super) fn entry<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) {
        self.key(key);
        self.value(value);
    }

    fn key<T: Serialize + ?Sized>(&mut self, key: &T) {
        self.end_key();
        if self.begin() {
            let start = self.out.len();
            write_key(self.out, key);
            let replacement = self.content.replacement(&self.out[start + 1..self.out.len() - 1]);
            self.key = Some(Key { start, replacement });
        }
    }

    /// Writes the value of the key that was written last; nothing without one.
    fn value<T: Serialize + ?Sized>(&mut self, value: &T) {
        let Some(Key { start, replacement }) = self.key.take() else { return };
        self.out.push(b':');
        match replacement {
            Some(replacement) => write_string(self.out, replacement),
            None => write_value(self.out, self.depth, self.content, value),
        }
        mend_constructor(self.out, start);
    }

    /// Gives a key whose value was left out one.
    #[inline]
    fn end_key(&mut self) {
        #[cold]
        fn end(compound: &mut Compound<'_>) {
            compound.value(&());
        }
        if self.key.is_some() {
            end(self);
        }
    }

    pub(super) fn close(mut self) {
        self.end_key();
        match self.mode {
            Mode::Writing { close, .. } => {
                self.out.extend_from_slice(close.as_bytes());
                if let Some(start) = self.variant {
                    mend_constructor(self.out, start);
                    self.out.push(b'}');
                }
            }
            Mode::Raw { written: false, .. } => self.out.extend_from_slice(b"null"),
            Mode::Raw { .. } | Mode::Skipping => {}
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
