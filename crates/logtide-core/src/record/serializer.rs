//! Serializes values into a record.

mod compound;
mod raw;

use std::fmt::Display;

use serde::{Serialize, ser::Serializer};

use self::compound::Compound;
pub(super) use self::compound::{begin, end};
pub(crate) use self::raw::RawKind;
use super::{
    Value,
    layout::{
        ARRAY, F32, F64, FALSE, I32, I64, I128, NULL, OBJECT, TEXT_32, TOO_DEEP, TRUE, U8, U32, U64, U128,
        UNSERIALIZABLE,
    },
    text::{write_limited, write_limited_display, write_text},
};
use crate::{content::Content, limits::MAX_METADATA_DEPTH};

/// Writes a value. If that fails, writes the reason instead, so there is always exactly one value.
#[inline(always)]
pub(crate) fn write_value<V: Serialize + ?Sized>(
    out: &mut Vec<u8>,
    depth: usize,
    content: &Content,
    value: &V,
) {
    let start = out.len();
    if let Err(error) = value.serialize(ValueSerializer { out, depth, content }) {
        out.truncate(start);
        write_unserializable(out, &error);
    }
}

/// Writes the replacement for a value whose serialization failed.
#[cold]
pub(super) fn write_unserializable(out: &mut Vec<u8>, error: &dyn Display) {
    let error = error.to_string();
    out.push(UNSERIALIZABLE);
    out.extend_from_slice(&(error.len() as u32).to_le_bytes());
    out.extend_from_slice(error.as_bytes());
}

/// Writes a value as the name of a field: a text unchanged, everything else as its JSON.
#[inline]
pub(super) fn write_key<K: Serialize + ?Sized>(out: &mut Vec<u8>, key: &K) {
    #[cold]
    fn rewrite(out: &mut Vec<u8>, start: usize) {
        let written = out.split_off(start);
        let text = Value::read(&mut &*written).map(raw::json_text).unwrap_or_default();
        write_text(out, &text);
    }
    let start = out.len();
    write_value(out, 0, Content::unchanged(), key);
    if !matches!(out.get(start), Some(&(super::layout::TEXT_8 | TEXT_32))) {
        rewrite(out, start);
    }
}

/// The output of [`write_key`].
pub(crate) fn key_text<K: Serialize + ?Sized>(key: &K) -> String {
    let mut out = Vec::new();
    write_key(&mut out, key);
    super::value::text(&mut &*out).unwrap_or_default().to_owned()
}

/// Writes values unchanged, up to a maximum depth, so that a cycle ends too.
struct ValueSerializer<'a> {
    out: &'a mut Vec<u8>,
    depth: usize,
    content: &'a Content,
}

impl<'a> ValueSerializer<'a> {
    #[inline(always)]
    fn unsigned(self, value: u64) {
        if let Ok(byte) = u8::try_from(value) {
            self.out.extend_from_slice(&[U8, byte]);
        } else if let Ok(value) = u32::try_from(value) {
            write_tagged(self.out, U32, value.to_le_bytes());
        } else {
            write_tagged(self.out, U64, value.to_le_bytes());
        }
    }

    #[inline(always)]
    fn signed(self, value: i64) {
        if let Ok(value) = u64::try_from(value) {
            self.unsigned(value);
        } else if let Ok(value) = i32::try_from(value) {
            write_tagged(self.out, I32, value.to_le_bytes());
        } else {
            write_tagged(self.out, I64, value.to_le_bytes());
        }
    }

    /// Starts an object or array, or writes the replacement for one that is nested too deeply.
    fn open(self, tag: u8) -> Compound<'a> {
        if self.depth >= MAX_METADATA_DEPTH {
            self.out.push(TOO_DEEP);
            return Compound::skipping(self.out, self.content);
        }
        Compound::open(self.out, self.depth + 1, self.content, tag)
    }

    /// Starts an object whose only field is an object or array.
    fn open_variant(self, variant: &str, tag: u8) -> Compound<'a> {
        if self.depth >= MAX_METADATA_DEPTH {
            self.out.push(TOO_DEEP);
            return Compound::skipping(self.out, self.content);
        }
        let variant_start = begin(self.out, OBJECT);
        write_text(self.out, variant);
        Compound::open(self.out, self.depth + 2, self.content, tag).in_variant(variant_start)
    }
}

/// Writes a tag and its content at once.
#[inline(always)]
fn write_tagged<const N: usize>(out: &mut Vec<u8>, tag: u8, bytes: [u8; N]) {
    out.reserve(N + 1);
    out.push(tag);
    out.extend_from_slice(&bytes);
}

macro_rules! integers {
    ($($name:ident: $integer:ty, $method:ident;)*) => {$(
        #[inline]
        fn $name(self, value: $integer) -> Result<(), Self::Error> {
            self.$method(value.into());
            Ok(())
        }
    )*};
}

impl<'a> Serializer for ValueSerializer<'a> {
    type Ok = ();
    type Error = serde_json::Error;
    type SerializeSeq = Compound<'a>;
    type SerializeTuple = Compound<'a>;
    type SerializeTupleStruct = Compound<'a>;
    type SerializeTupleVariant = Compound<'a>;
    type SerializeMap = Compound<'a>;
    type SerializeStruct = Compound<'a>;
    type SerializeStructVariant = Compound<'a>;

    integers! {
        serialize_u8: u8, unsigned;
        serialize_u16: u16, unsigned;
        serialize_u32: u32, unsigned;
        serialize_u64: u64, unsigned;
        serialize_i8: i8, signed;
        serialize_i16: i16, signed;
        serialize_i32: i32, signed;
        serialize_i64: i64, signed;
    }

    fn serialize_u128(self, value: u128) -> Result<(), Self::Error> {
        match u64::try_from(value) {
            Ok(value) => self.unsigned(value),
            Err(_) => write_tagged(self.out, U128, value.to_le_bytes()),
        }
        Ok(())
    }

    fn serialize_i128(self, value: i128) -> Result<(), Self::Error> {
        match (i64::try_from(value), u64::try_from(value)) {
            (Ok(value), _) => self.signed(value),
            (_, Ok(value)) => self.unsigned(value),
            _ => write_tagged(self.out, I128, value.to_le_bytes()),
        }
        Ok(())
    }

    #[inline]
    fn serialize_bool(self, value: bool) -> Result<(), Self::Error> {
        self.out.push(if value { TRUE } else { FALSE });
        Ok(())
    }

    #[inline]
    fn serialize_f32(self, value: f32) -> Result<(), Self::Error> {
        write_tagged(self.out, F32, value.to_le_bytes());
        Ok(())
    }

    #[inline]
    fn serialize_f64(self, value: f64) -> Result<(), Self::Error> {
        write_tagged(self.out, F64, value.to_le_bytes());
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), Self::Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Result<(), Self::Error> {
        write_limited(self.out, self.content, value);
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
        self.out.push(NULL);
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
        let mut object = self.open(OBJECT);
        object.entry(variant, value);
        object.close();
        Ok(())
    }

    fn serialize_seq(self, _length: Option<usize>) -> Result<Compound<'a>, Self::Error> {
        Ok(self.open(ARRAY))
    }

    fn serialize_tuple(self, _length: usize) -> Result<Compound<'a>, Self::Error> {
        Ok(self.open(ARRAY))
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        _length: usize,
    ) -> Result<Compound<'a>, Self::Error> {
        Ok(self.open(ARRAY))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Compound<'a>, Self::Error> {
        Ok(self.open_variant(variant, ARRAY))
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Compound<'a>, Self::Error> {
        Ok(self.open(OBJECT))
    }

    fn serialize_struct(self, name: &'static str, _length: usize) -> Result<Compound<'a>, Self::Error> {
        Ok(match RawKind::of(name) {
            Some(kind) => Compound::raw(self.out, self.depth, self.content, kind),
            None => self.open(OBJECT),
        })
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Compound<'a>, Self::Error> {
        Ok(self.open_variant(variant, OBJECT))
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<(), Self::Error> {
        write_limited_display(self.out, self.content, value).map_err(serde::ser::Error::custom)
    }
}
