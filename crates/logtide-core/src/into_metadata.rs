//! The metadata of a log call.

mod collections;
mod fields;
mod joined;
mod serialized;
mod tuples;

use serde_json::{Map, Value};

pub use self::{
    collections::Pairs,
    fields::{Debugged, Displayed, Field},
    joined::Joined,
    serialized::Serialized,
};
use crate::{Fields, Metadata, exception};

/// A value that can be passed to a log call as metadata.
///
/// | given | written |
/// |---|---|
/// | `()` or `None` | nothing |
/// | `json!({"port": 3000})`, [`Metadata`], `&Metadata` | its fields; a JSON value that is not an object goes under `value` |
/// | `[("port", 3000), ("workers", 4)]`, a `Vec`, a map, [`Pairs`]`(iterator)` | its pairs |
/// | `(("method", "GET"), ("status", 200))`, up to 16 pairs of any types | its pairs, borrowed and without an allocation |
/// | `&error`, `&*anyhow_error`, `&dyn Error` | `error` and `exception`, with causes and the place of the log call |
/// | `[("attempt", 3)].with(&error)` | the fields of both |
/// | [`Serialized`]`(&value)` | the fields of anything that `serde` serializes as a map, struct or enum |
///
/// If a key occurs twice, its first value is kept.
pub trait IntoMetadata {
    /// Writes the fields.
    fn write_to(self, fields: &mut Fields<'_>);

    /// Adds further metadata. If both have a key, the first value is kept.
    ///
    /// ```
    /// use logtide_core::{IntoMetadata as _, Metadata};
    ///
    /// let error = "x".parse::<u16>().unwrap_err();
    /// let metadata = Metadata::from_fields([("attempt", 3)].with(&error));
    /// assert!(metadata.contains_key("attempt") && metadata.contains_key("exception"));
    /// ```
    fn with<M: IntoMetadata>(self, further: M) -> Joined<Self, M>
    where
        Self: Sized,
    {
        Joined::new(self, further)
    }
}

impl IntoMetadata for () {
    fn write_to(self, _fields: &mut Fields<'_>) {}
}

impl<M: IntoMetadata> IntoMetadata for Option<M> {
    fn write_to(self, fields: &mut Fields<'_>) {
        if let Some(metadata) = self {
            metadata.write_to(fields);
        }
    }
}

impl IntoMetadata for &Metadata {
    fn write_to(self, fields: &mut Fields<'_>) {
        exception::write_metadata(self, fields);
    }
}

impl IntoMetadata for Metadata {
    fn write_to(self, fields: &mut Fields<'_>) {
        (&self).write_to(fields);
    }
}

impl IntoMetadata for Map<String, Value> {
    fn write_to(self, fields: &mut Fields<'_>) {
        for (key, value) in &self {
            fields.field(key, value);
        }
    }
}

impl IntoMetadata for Value {
    fn write_to(self, fields: &mut Fields<'_>) {
        match self {
            Self::Null => {}
            Self::Object(map) => map.write_to(fields),
            other => fields.field("value", &other),
        }
    }
}
