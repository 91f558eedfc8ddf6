//! Metadata from any serializable value.

mod top;

use serde::Serialize;

use self::top::{NoFields, Top};
use crate::{Fields, IntoMetadata};

/// Metadata from anything that `serde` serializes, borrowed or owned.
///
/// A map or struct gives its fields, an enum's variant with content one field of its name, and null or `None` gives nothing. Any
/// other value goes under `value`. Numbers are written as those of other metadata: see [`Json`](crate::Json).
///
/// A value whose serialization fails keeps the fields that it gave until then; `value` says why it failed.
///
/// ```
/// use logtide_core::{Metadata, Serialized};
///
/// #[derive(serde::Serialize)]
/// struct Request<'a> { method: &'a str, path: &'a str }
///
/// let metadata = Metadata::from_fields(Serialized(&Request { method: "GET", path: "/" }));
/// assert_eq!(metadata.get("path"), Some(&"/".into()));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Serialized<T>(pub T);

impl<T: Serialize> IntoMetadata for Serialized<T> {
    fn write_to(self, fields: &mut Fields<'_>) {
        match self.0.serialize(Top::new(fields)) {
            Ok(()) => {}
            Err(NoFields::Value) => fields.field("value", &self.0),
            Err(NoFields::Variant(variant)) => fields.variant(variant, &self.0),
            // It is JSON already, and has the fields that its text has.
            Err(NoFields::Json) => match serde_json::to_value(&self.0) {
                Ok(value) => value.write_to(fields),
                Err(_) => fields.field("value", &self.0),
            },
            Err(NoFields::Failed(error)) => fields.failed("value", &error),
        }
    }
}

#[cfg(test)]
mod tests;
