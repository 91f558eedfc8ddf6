//! Any serializable value as JSON that the server takes.

mod compound;
pub(super) mod prototype;
pub(crate) mod raw;

use std::fmt::{self, Display, Write as _};

use serde::{Serialize, ser::Serializer};

use self::compound::Compound;
use super::{
    guarded::Guarded,
    text::{EscapedText, write_string},
};
use crate::{
    content::{Content, Limited, TRUNCATED},
    limits::{MAX_EXACT_INTEGER, MAX_METADATA_DEPTH},
};

/// What stands in place of a value nested deeper than [`MAX_METADATA_DEPTH`].
const TOO_DEEP: &str = "[nested too deep]";

/// Writes a value; one that cannot be written is replaced by a text that says why. There is always exactly one JSON value.
#[inline]
pub(crate) fn write_value<V: Serialize + ?Sized>(
    out: &mut Vec<u8>,
    depth: usize,
    content: &Content,
    value: &V,
) {
    let start = out.len();
    if let Err(error) = value.serialize(ValueWriter { out, depth, content }) {
        out.truncate(start);
        write_unserializable(out, content, &error);
    }
}

/// Writes what stands in place of a value whose serialization failed.
#[cold]
pub(crate) fn write_unserializable(out: &mut Vec<u8>, content: &Content, error: &dyn Display) {
    write_text(out, content, &format!("[not serializable: {error}]"));
}

/// Writes a value as the key of an object: a text as it is, everything else as its JSON in quotes.
pub(super) fn write_key<K: Serialize + ?Sized>(out: &mut Vec<u8>, key: &K) {
    let start = out.len();
    write_value(out, 0, Content::unchanged(), key);
    if out[start] != b'"' {
        let rendered = String::from_utf8_lossy(&out[start..]).into_owned();
        out.truncate(start);
        write_string(out, &rendered);
    }
    if &out[start..] == prototype::QUOTED_PROTO {
        out.truncate(start);
        write_string(out, prototype::HARMLESS_PROTO);
    }
}

/// What [`write_key`] writes, as a text.
pub(crate) fn key_text<K: Serialize + ?Sized>(key: &K) -> String {
    let mut out = Vec::new();
    write_key(&mut out, key);
    serde_json::from_slice(&out).unwrap_or_default()
}

/// As [`write_key`], for a text.
pub(super) fn write_text_key(out: &mut Vec<u8>, key: &str) {
    write_string(out, if key == prototype::PROTO { prototype::HARMLESS_PROTO } else { key });
}

/// A key as it stands in JSON, without its quotes.
pub(crate) fn escaped_key(key: &str) -> Vec<u8> {
    let mut out = Vec::new();
    write_text_key(&mut out, key);
    out[1..out.len() - 1].to_vec()
}

/// A serializer that mends what JSON or the server would refuse or change: integers that a double does not hold, NaN and
/// infinities become strings, and nesting ends at a bound, so that a cycle ends too.
struct ValueWriter<'a> {
    out: &'a mut Vec<u8>,
    depth: usize,
    content: &'a Content,
}

impl<'a> ValueWriter<'a> {
    #[inline]
    fn integer(self, digits: impl itoa::Integer, exact: bool) {
        let mut buffer = itoa::Buffer::new();
        let digits = buffer.format(digits).as_bytes();
        if exact {
            self.out.extend_from_slice(digits);
        } else {
            self.out.push(b'"');
            self.out.extend_from_slice(digits);
            self.out.push(b'"');
        }
    }

    #[inline]
    fn float(self, value: impl zmij::Float, kind: FloatKind) {
        match kind {
            FloatKind::Finite => {
                let mut buffer = zmij::Buffer::new();
                self.out.extend_from_slice(buffer.format_finite(value).as_bytes());
            }
            FloatKind::NaN => self.out.extend_from_slice(b"\"NaN\""),
            FloatKind::Infinity => self.out.extend_from_slice(b"\"Infinity\""),
            FloatKind::NegativeInfinity => self.out.extend_from_slice(b"\"-Infinity\""),
        }
    }

    /// Starts an object or array, or the text that stands for one nested too deep.
    fn open(self, open: &str, close: &'static str) -> Compound<'a> {
        if self.depth >= MAX_METADATA_DEPTH {
            write_string(self.out, TOO_DEEP);
            return Compound::skipping(self.out, self.content);
        }
        self.out.extend_from_slice(open.as_bytes());
        Compound::new(self.out, self.depth + 1, self.content, close)
    }

    /// Starts `{"variant":` followed by an object or array.
    fn open_variant(self, variant: &str, open: &str, close: &'static str) -> Compound<'a> {
        if self.depth >= MAX_METADATA_DEPTH {
            write_string(self.out, TOO_DEEP);
            return Compound::skipping(self.out, self.content);
        }
        self.out.push(b'{');
        let start = self.out.len();
        write_text_key(self.out, variant);
        let replacement = self.content.replacement(&self.out[start + 1..self.out.len() - 1]);
        self.out.push(b':');
        if let Some(replacement) = replacement {
            write_string(self.out, replacement);
            self.out.push(b'}');
            return Compound::skipping(self.out, self.content);
        }
        self.out.extend_from_slice(open.as_bytes());
        Compound::new(self.out, self.depth + 2, self.content, close).in_variant(start)
    }
}

enum FloatKind {
    Finite,
    NaN,
    Infinity,
    NegativeInfinity,
}

impl From<f64> for FloatKind {
    fn from(value: f64) -> Self {
        if value.is_finite() {
            Self::Finite
        } else if value.is_nan() {
            Self::NaN
        } else if value > 0.0 {
            Self::Infinity
        } else {
            Self::NegativeInfinity
        }
    }
}

macro_rules! integers {
    ($($name:ident: $integer:ty),*) => {$(
        #[inline]
        fn $name(self, value: $integer) -> Result<(), Self::Error> {
            self.integer(value, is_exact(value));
            Ok(())
        }
    )*};
}

impl<'a> Serializer for ValueWriter<'a> {
    type Ok = ();
    type Error = serde_json::Error;
    type SerializeSeq = Compound<'a>;
    type SerializeTuple = Compound<'a>;
    type SerializeTupleStruct = Compound<'a>;
    type SerializeTupleVariant = Compound<'a>;
    type SerializeMap = Compound<'a>;
    type SerializeStruct = Compound<'a>;
    type SerializeStructVariant = Compound<'a>;

    integers!(serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128);
    integers!(serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128);

    #[inline]
    fn serialize_bool(self, value: bool) -> Result<(), Self::Error> {
        self.out.extend_from_slice(if value { b"true" } else { b"false" });
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Result<(), Self::Error> {
        self.float(value, f64::from(value).into());
        Ok(())
    }

    #[inline]
    fn serialize_f64(self, value: f64) -> Result<(), Self::Error> {
        self.float(value, value.into());
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), Self::Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Result<(), Self::Error> {
        write_text(self.out, self.content, value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Self::Error> {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Result<(), Self::Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Self::Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Self::Error> {
        self.out.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), Self::Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<(), Self::Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<(), Self::Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Self::Error> {
        let mut object = self.open("{", "}");
        object.entry(variant, value);
        object.close();
        Ok(())
    }

    fn serialize_seq(self, _length: Option<usize>) -> Result<Compound<'a>, Self::Error> {
        Ok(self.open("[", "]"))
    }

    fn serialize_tuple(self, _length: usize) -> Result<Compound<'a>, Self::Error> {
        Ok(self.open("[", "]"))
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        _length: usize,
    ) -> Result<Compound<'a>, Self::Error> {
        Ok(self.open("[", "]"))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Compound<'a>, Self::Error> {
        Ok(self.open_variant(variant, "[", "]"))
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Compound<'a>, Self::Error> {
        Ok(self.open("{", "}"))
    }

    fn serialize_struct(self, name: &'static str, _length: usize) -> Result<Compound<'a>, Self::Error> {
        Ok(match raw::Kind::of(name) {
            Some(kind) => Compound::raw(self.out, self.depth, self.content, kind),
            None => self.open("{", "}"),
        })
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Compound<'a>, Self::Error> {
        Ok(self.open_variant(variant, "{", "}"))
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<(), Self::Error> {
        write_display(self.out, self.content, value).map_err(serde::ser::Error::custom)
    }
}

/// Writes a text as far as the limits let it.
#[inline]
pub(super) fn write_text(out: &mut Vec<u8>, content: &Content, text: &str) {
    match content.limit(text) {
        None => write_string(out, text),
        Some(Limited::Replaced(replacement)) => write_string(out, replacement),
        Some(Limited::Cut(start)) => {
            write_string(out, start);
            out.pop();
            out.extend_from_slice(TRUNCATED.as_bytes());
            out.push(b'"');
        }
    }
}

/// Writes what a value displays as, as far as the limits let it. A `Display` that fails leaves what it wrote until then.
pub(super) fn write_display<T: Display + ?Sized>(
    out: &mut Vec<u8>,
    content: &Content,
    value: &T,
) -> fmt::Result {
    let start = out.len();
    out.push(b'"');
    let formatted = write!(EscapedText(out), "{}", Guarded(value));
    out.push(b'"');
    // Escaping only makes it longer: what is short or plain as it stands is within the limits.
    let written = std::str::from_utf8(&out[start + 1..out.len() - 1]).unwrap_or_default();
    if content.limit(written).is_some()
        && let Ok(text) = serde_json::from_slice::<String>(&out[start..])
    {
        out.truncate(start);
        write_text(out, content, &text);
    }
    formatted
}

/// Whether an integer passes through an IEEE double unchanged.
fn is_exact<I: TryInto<i64>>(value: I) -> bool {
    value.try_into().is_ok_and(|value| value.unsigned_abs() <= MAX_EXACT_INTEGER)
}

#[cfg(test)]
mod tests;
