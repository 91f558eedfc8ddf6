//! The outermost level of a value: what becomes fields.

use std::fmt::{self, Display};

use serde::{Serialize, Serializer, ser};

use crate::{
    Fields,
    record::{RawKind, key_text},
};

/// Writes the fields of a map or struct one by one, and says of anything else what it is.
pub(super) struct Top<'f, 'a> {
    fields: &'f mut Fields<'a>,
    /// The key of a map that was given last, as long as its value was not.
    key: Option<String>,
}

/// Why a value gave no fields, or no more.
#[derive(Debug)]
pub(super) enum NoFields {
    /// It has none, and nothing was written.
    Value,
    /// It is a variant with content, and nothing was written.
    Variant(&'static str),
    /// It is JSON as text, and nothing was written.
    Json,
    /// Its serialization failed.
    Failed(String),
}

impl<'f, 'a> Top<'f, 'a> {
    pub(super) const fn new(fields: &'f mut Fields<'a>) -> Self {
        Self { fields, key: None }
    }
}

impl Display for NoFields {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) => formatter.write_str(error),
            Self::Value | Self::Variant(_) | Self::Json => formatter.write_str("the value has no fields"),
        }
    }
}

impl std::error::Error for NoFields {}

impl ser::Error for NoFields {
    fn custom<T: Display>(message: T) -> Self {
        Self::Failed(message.to_string())
    }
}

macro_rules! values {
    ($($name:ident: $value:ty),*) => {$(
        fn $name(self, _value: $value) -> Result<(), NoFields> {
            Err(NoFields::Value)
        }
    )*};
}

type Never = ser::Impossible<(), NoFields>;

impl Serializer for Top<'_, '_> {
    type Ok = ();
    type Error = NoFields;
    type SerializeSeq = Never;
    type SerializeTuple = Never;
    type SerializeTupleStruct = Never;
    type SerializeTupleVariant = Never;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Never;

    values!(serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128);
    values!(serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128);
    values!(serialize_bool: bool, serialize_f32: f32, serialize_f64: f64, serialize_char: char);
    values!(serialize_str: &str, serialize_bytes: &[u8]);

    fn serialize_none(self) -> Result<(), NoFields> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), NoFields> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), NoFields> {
        Ok(())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), NoFields> {
        Ok(())
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
    ) -> Result<(), NoFields> {
        Err(NoFields::Value)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<(), NoFields> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), NoFields> {
        self.fields.field(variant, value);
        Ok(())
    }

    fn serialize_seq(self, _length: Option<usize>) -> Result<Never, NoFields> {
        Err(NoFields::Value)
    }

    fn serialize_tuple(self, _length: usize) -> Result<Never, NoFields> {
        Err(NoFields::Value)
    }

    fn serialize_tuple_struct(self, _name: &'static str, _length: usize) -> Result<Never, NoFields> {
        Err(NoFields::Value)
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Never, NoFields> {
        Err(NoFields::Variant(variant))
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Self, NoFields> {
        Ok(self)
    }

    fn serialize_struct(self, name: &'static str, _length: usize) -> Result<Self, NoFields> {
        if RawKind::of(name).is_some() { Err(NoFields::Json) } else { Ok(self) }
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Never, NoFields> {
        Err(NoFields::Variant(variant))
    }

    fn collect_str<T: Display + ?Sized>(self, _value: &T) -> Result<(), NoFields> {
        Err(NoFields::Value)
    }
}

impl ser::SerializeMap for Top<'_, '_> {
    type Ok = ();
    type Error = NoFields;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), NoFields> {
        self.key = Some(key_text(key));
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NoFields> {
        if let Some(key) = self.key.take() {
            self.fields.field(&key, value);
        }
        Ok(())
    }

    fn end(self) -> Result<(), NoFields> {
        Ok(())
    }
}

impl ser::SerializeStruct for Top<'_, '_> {
    type Ok = ();
    type Error = NoFields;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), NoFields> {
        self.fields.field(key, value);
        Ok(())
    }

    fn end(self) -> Result<(), NoFields> {
        Ok(())
    }
}
