//! The fields of an object, taken out one by one.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error},
};
use serde_json::{Map, Value};

use crate::count;

/// What is not taken out is kept as it is. Where a field is not what it should be, it costs itself alone, and not the
/// list that its object is in.
pub(crate) struct Fields(Map<String, Value>);

/// Reads a value, or gives it back.
type Read<T> = fn(Value) -> Result<T, Value>;

impl Fields {
    /// Takes a field without which the object makes no sense.
    pub(crate) fn require<T: DeserializeOwned, E: Error>(&mut self, name: &'static str) -> Result<T, E> {
        let value = self.0.remove(name).ok_or_else(|| E::missing_field(name))?;
        T::deserialize(value).map_err(|error| E::custom(format_args!("`{name}`: {error}")))
    }

    /// Takes a field if it is there, is not null, and can be read.
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

    /// What was not taken.
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

/// Anything that can be read without taking its parts out.
pub(crate) fn any<T: DeserializeOwned>(value: Value) -> Result<T, Value> {
    T::deserialize(&value).map_err(|_| value)
}
