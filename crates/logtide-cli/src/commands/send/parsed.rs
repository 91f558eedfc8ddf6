//! The content of a line.

use std::borrow::Cow;

use logtide::{Level, Timestamp};
use serde::{Serialize, Serializer};
use serde_json::Value;

/// The entry in a line. What the line does not contain is `None`.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Parsed<'a> {
    pub(super) level: Option<Level>,
    pub(super) time: Option<Timestamp>,
    pub(super) service: Option<Cow<'a, str>>,
    pub(super) message: Option<Cow<'a, str>>,
    pub(super) trace_id: Option<Cow<'a, str>>,
    pub(super) span_id: Option<Cow<'a, str>>,
    pub(super) session_id: Option<Cow<'a, str>>,
    /// All other fields, in the order of the line.
    pub(super) fields: Vec<(Cow<'a, str>, Field<'a>)>,
}

/// A value of the metadata.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Field<'a> {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(Cow<'a, str>),
    /// An array or object.
    Tree(Value),
}

impl Field<'_> {
    /// Returns the string if it is one.
    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl Serialize for Field<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Unsigned(value) => serializer.serialize_u64(*value),
            Self::Signed(value) => serializer.serialize_i64(*value),
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Tree(value) => value.serialize(serializer),
        }
    }
}
