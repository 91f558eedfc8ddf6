//! Fields one by one, of any number and types, borrowed and without an allocation: what the level macros are made of.

use std::fmt::{Debug, Display};

use serde::{Serialize, Serializer};

use crate::{Fields, IntoMetadata};

/// Metadata of two parts; of the same key in both, the first part's value is kept.
///
/// ```
/// use logtide_core::{And, Displayed, Field, Metadata};
///
/// let address = std::net::Ipv4Addr::LOCALHOST;
/// let metadata = Metadata::from_fields(And(Field("port", &3000), Field("address", &Displayed(&address))));
/// assert_eq!(metadata.get("address"), Some(&"127.0.0.1".into()));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct And<A, B>(pub A, pub B);

impl<A: IntoMetadata, B: IntoMetadata> IntoMetadata for And<A, B> {
    fn write_to(self, fields: &mut Fields<'_>) {
        self.0.write_to(fields);
        self.1.write_to(fields);
    }
}

/// One field.
#[derive(Debug)]
pub struct Field<'a, V: ?Sized>(pub &'a str, pub &'a V);

impl<V: Serialize + ?Sized> IntoMetadata for Field<'_, V> {
    fn write_to(self, fields: &mut Fields<'_>) {
        fields.field(self.0, self.1);
    }
}

/// A value as the text that it displays as.
#[derive(Clone, Copy, Debug)]
pub struct Displayed<T>(pub T);

impl<T: Display> Serialize for Displayed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// A value as the text of its `Debug` form.
#[derive(Clone, Copy, Debug)]
pub struct Debugged<T>(pub T);

impl<T: Debug> Serialize for Debugged<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:?}", self.0))
    }
}
