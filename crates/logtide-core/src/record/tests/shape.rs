//! Values of all the types that serde knows.

use proptest::prelude::*;
use serde::{
    Serialize, Serializer,
    ser::{SerializeStructVariant as _, SerializeTupleVariant as _},
};

use super::{super::Value, any_text};

/// A value of one of serde's types.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    Unit,
    None,
    Some(Box<Self>),
    Bool(bool),
    U8(u8),
    U16(u16),
    U32(u32),
    U64(u64),
    U128(u128),
    I8(i8),
    I16(i16),
    I32(i32),
    I64(i64),
    I128(i128),
    F32(f32),
    F64(f64),
    Char(char),
    Text(String),
    Bytes(Vec<u8>),
    UnitVariant,
    NewtypeVariant(Box<Self>),
    TupleVariant(Vec<Self>),
    StructVariant(Box<Self>),
    Array(Vec<Self>),
    Map(Vec<(String, Self)>),
}

/// A value as it is read. Floats are compared by their bits.
#[derive(Debug, PartialEq)]
pub(super) enum Owned {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Unsigned128(u128),
    Signed128(i128),
    F32(u32),
    F64(u64),
    Text(String),
    Array(Vec<Self>),
    Object(Vec<(String, Self)>),
}

pub(super) fn any_shape() -> impl Strategy<Value = Shape> {
    let leaf = prop_oneof![
        Just(Shape::Unit),
        Just(Shape::None),
        Just(Shape::UnitVariant),
        any::<bool>().prop_map(Shape::Bool),
        any::<u8>().prop_map(Shape::U8),
        any::<u16>().prop_map(Shape::U16),
        any::<u32>().prop_map(Shape::U32),
        any::<u64>().prop_map(Shape::U64),
        any::<u128>().prop_map(Shape::U128),
        any::<u64>().prop_map(|value| Shape::U128(value.into())),
        any::<i8>().prop_map(Shape::I8),
        any::<i16>().prop_map(Shape::I16),
        any::<i32>().prop_map(Shape::I32),
        any::<i64>().prop_map(Shape::I64),
        any::<i128>().prop_map(Shape::I128),
        any::<i64>().prop_map(|value| Shape::I128(value.into())),
        any::<u32>().prop_map(|bits| Shape::F32(f32::from_bits(bits))),
        any::<u64>().prop_map(|bits| Shape::F64(f64::from_bits(bits))),
        any::<char>().prop_map(Shape::Char),
        any_text().prop_map(Shape::Text),
        prop::collection::vec(any::<u8>(), 0..5).prop_map(Shape::Bytes),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        let list = || prop::collection::vec(inner.clone(), 0..5);
        prop_oneof![
            inner.clone().prop_map(|value| Shape::Some(Box::new(value))),
            inner.clone().prop_map(|value| Shape::NewtypeVariant(Box::new(value))),
            inner.clone().prop_map(|value| Shape::StructVariant(Box::new(value))),
            list().prop_map(Shape::TupleVariant),
            list().prop_map(Shape::Array),
            prop::collection::vec((any_text(), inner.clone()), 0..5).prop_map(Shape::Map),
        ]
    })
}

impl Serialize for Shape {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Unit => serializer.serialize_unit(),
            Self::None => serializer.serialize_none(),
            Self::Some(value) => serializer.serialize_some(value),
            Self::Bool(value) => value.serialize(serializer),
            Self::U8(value) => value.serialize(serializer),
            Self::U16(value) => value.serialize(serializer),
            Self::U32(value) => value.serialize(serializer),
            Self::U64(value) => value.serialize(serializer),
            Self::U128(value) => value.serialize(serializer),
            Self::I8(value) => value.serialize(serializer),
            Self::I16(value) => value.serialize(serializer),
            Self::I32(value) => value.serialize(serializer),
            Self::I64(value) => value.serialize(serializer),
            Self::I128(value) => value.serialize(serializer),
            Self::F32(value) => value.serialize(serializer),
            Self::F64(value) => value.serialize(serializer),
            Self::Char(value) => value.serialize(serializer),
            Self::Text(value) => value.serialize(serializer),
            Self::Bytes(value) => serializer.serialize_bytes(value),
            Self::UnitVariant => serializer.serialize_unit_variant("Shape", 0, "Unit"),
            Self::NewtypeVariant(value) => serializer.serialize_newtype_variant("Shape", 1, "Newtype", value),
            Self::TupleVariant(values) => {
                let mut tuple = serializer.serialize_tuple_variant("Shape", 2, "Tuple", values.len())?;
                values.iter().try_for_each(|value| tuple.serialize_field(value))?;
                tuple.end()
            }
            Self::StructVariant(value) => {
                let mut fields = serializer.serialize_struct_variant("Shape", 3, "Struct", 1)?;
                fields.serialize_field("field", value)?;
                fields.end()
            }
            Self::Array(values) => serializer.collect_seq(values),
            Self::Map(entries) => serializer.collect_map(entries.iter().map(|(key, value)| (key, value))),
        }
    }
}

impl Shape {
    /// What is read of it.
    pub(super) fn expected(&self) -> Owned {
        let unsigned = |value: u64| Owned::Unsigned(value);
        let signed = |value: i64| u64::try_from(value).map_or(Owned::Signed(value), Owned::Unsigned);
        let list = |values: &[Self]| Owned::Array(values.iter().map(Self::expected).collect());
        let object = |key: &str, value| Owned::Object(vec![(key.to_owned(), value)]);
        match self {
            Self::Unit | Self::None => Owned::Null,
            Self::Some(value) => value.expected(),
            Self::Bool(value) => Owned::Bool(*value),
            Self::U8(value) => unsigned((*value).into()),
            Self::U16(value) => unsigned((*value).into()),
            Self::U32(value) => unsigned((*value).into()),
            Self::U64(value) => unsigned(*value),
            Self::U128(value) => u64::try_from(*value).map_or(Owned::Unsigned128(*value), Owned::Unsigned),
            Self::I8(value) => signed((*value).into()),
            Self::I16(value) => signed((*value).into()),
            Self::I32(value) => signed((*value).into()),
            Self::I64(value) => signed(*value),
            Self::I128(value) => match (u64::try_from(*value), i64::try_from(*value)) {
                (Ok(value), _) => unsigned(value),
                (_, Ok(value)) => signed(value),
                _ => Owned::Signed128(*value),
            },
            Self::F32(value) => Owned::F32(value.to_bits()),
            Self::F64(value) => Owned::F64(value.to_bits()),
            Self::Char(value) => Owned::Text(value.to_string()),
            Self::Text(value) => Owned::Text(value.clone()),
            Self::Bytes(value) => Owned::Array(value.iter().map(|byte| unsigned((*byte).into())).collect()),
            Self::UnitVariant => Owned::Text("Unit".to_owned()),
            Self::NewtypeVariant(value) => object("Newtype", value.expected()),
            Self::TupleVariant(values) => object("Tuple", list(values)),
            Self::StructVariant(value) => object("Struct", object("field", value.expected())),
            Self::Array(values) => list(values),
            Self::Map(entries) => {
                Owned::Object(entries.iter().map(|(key, value)| (key.clone(), value.expected())).collect())
            }
        }
    }
}

pub(super) fn owned(value: Value<'_>) -> Owned {
    match value {
        Value::Null => Owned::Null,
        Value::Bool(value) => Owned::Bool(value),
        Value::Unsigned(value) => Owned::Unsigned(value),
        Value::Signed(value) => Owned::Signed(value),
        Value::Unsigned128(value) => Owned::Unsigned128(value),
        Value::Signed128(value) => Owned::Signed128(value),
        Value::F32(value) => Owned::F32(value.to_bits()),
        Value::F64(value) => Owned::F64(value.to_bits()),
        Value::Text(text) => Owned::Text(text.to_owned()),
        Value::Array(values) => Owned::Array(values.map(owned).collect()),
        Value::Object(entries) => {
            Owned::Object(entries.map(|(key, value)| (key.to_owned(), owned(value))).collect())
        }
        other => panic!("{other:?}"),
    }
}
