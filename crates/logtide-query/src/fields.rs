//! Extracts fields of an object.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error},
};
use serde_json::{Map, Value};

use crate::count;

/// The remaining fields are kept. A field of the wrong type is lost alone, without the list that its object is in.
pub(crate) struct Fields(Map<String, Value>);

/// Decodes a value, or returns it.
type Read<T> = fn(Value) -> Result<T, Value>;

impl Fields {
    /// Extracts a required field.
    pub(crate) fn require<T: DeserializeOwned, E: Error>(&mut self, name: &'static str) -> Result<T, E> {
        let value = self.0.remove(name).ok_or_else(|| E::missing_field(name))?;
        T::deserialize(value).map_err(|error| E::custom(format_args!("`{name}`: {error}")))
    }

    /// Extracts a field if it is present, not null, and can be decoded.
    pub(crate) fn take<T>(&mut self, name: &str, read: Read<T>) -> Option<T> {
        let value = self.0.remove(name).filter(|value| !value.is_null())?;
        match read(value) {
            Ok(value) => Some(value),
            Err(value) => {
                self.0.insert(name.to_owned(), value);
                None
            }
        }
    }

    /// The remaining fields.
    pub(crate) fn rest(self) -> Map<String, Value> {
        self.0
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Map::deserialize(deserializer).map(Self)
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

pub(crate) fn text(value: Value) -> Result<String, Value> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(other),
    }
}

pub(crate) fn object(value: Value) -> Result<Map<String, Value>, Value> {
    match value {
        Value::Object(map) => Ok(map),
        other => Err(other),
    }
}

/// A whole number from 0, or its digits.
pub(crate) fn whole(value: Value) -> Result<u64, Value> {
    count::read(&value).map_err(|_| value)
}

/// Any value that can be decoded as a whole.
pub(crate) fn any<T: DeserializeOwned>(value: Value) -> Result<T, Value> {
    T::deserialize(&value).map_err(|_| value)
}
