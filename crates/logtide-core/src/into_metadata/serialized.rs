//! Metadata from any serializable value.

mod top;

use serde::Serialize;

use self::top::{NoFields, Top};
use crate::{Fields, IntoMetadata};

/// Metadata from any value that `serde` can serialize, borrowed or owned.
///
/// A map or struct gives its fields. An enum variant with content gives one field with the name of the variant. Null
/// and `None` give nothing, and any other value goes under `value`. For numbers, see [`Json`](crate::Json).
///
/// If serialization fails, the fields up to that point are kept, and `value` contains the error.
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
            // It is JSON already, and gives the fields of that JSON.
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
